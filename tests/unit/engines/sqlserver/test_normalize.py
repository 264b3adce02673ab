"""From what SQL Server answers to facts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.engines.facts import ServerFact
from app.engines.sqlserver import normalize
from app.engines.sqlserver.normalize import Asked
from tests.support.databases.tds_documented import IDENTIFY, documented

NOW = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
ASKED = Asked(NOW, NOW + timedelta(milliseconds=10))


def fact(*, groups: Any = (), uptime: Any = None, asked_database: str | None = None, **changes: Any) -> ServerFact:
    row = {**documented()[IDENTIFY][0], "utc_now": "2026-03-29T09:00:00.1050000", **changes}  # type: ignore[index, dict-item]
    return normalize.server_fact(row, asked=ASKED, uptime=uptime, groups=groups, asked_database=asked_database)


def group(name: str | None, role: str | None, cluster: str | None = None) -> dict[str, Any]:
    return {"group_id": "8F1C", "group_name": name, "role": role, "cluster_name": cluster}


class TestAServer:
    def test_says_what_it_is(self) -> None:
        server = fact()

        assert (server.engine, server.flavour, server.version) == ("sqlserver", None, "15.0.4335.1")
        assert server.edition == "Standard Edition (64-bit) (RTM, CU24)"
        assert server.version_text == "Microsoft SQL Server 2019 (RTM-CU24) - 15.0.4335.1 (X64) Sep 21 2023 17:28:44"
        assert (server.server_address, server.our_address) == ("10.0.0.5:1433", "10.0.9.9")
        assert server.session_user == "muster"

    @pytest.mark.parametrize(
        ("edition", "flavour"),
        [(2, None), (3, None), (4, None), (5, "Azure SQL Database"), (8, "Azure SQL Managed Instance"), (99, None)],
    )
    def test_has_the_flavour_of_its_engine_edition(self, edition: int, flavour: str | None) -> None:
        assert fact(engine_edition=edition).flavour == flavour

    def test_may_be_babelfish(self) -> None:
        text = "Babelfish for PostgreSQL with SQL Server Compatibility - 12.0.2000.8"

        assert fact(version_text=text).flavour == "Babelfish"

    def test_measures_its_clock_at_the_midpoint(self) -> None:
        server = fact()

        assert (server.clock_offset_ms, server.clock_uncertainty_ms) == (100, 5)

    @pytest.mark.parametrize("told", [None, "", "half past nine"])
    def test_has_no_clock_offset_where_it_tells_no_time(self, told: str | None) -> None:
        assert fact(utc_now=told).clock_offset_ms is None

    def test_writes_an_address_of_ipv6_in_brackets(self) -> None:
        assert fact(server_address="fd00::5").server_address == "[fd00::5]:1433"

    def test_may_keep_its_address_to_itself(self) -> None:
        assert fact(server_address=None, server_port=None).server_address is None


class TestTheRole:
    @pytest.mark.parametrize(
        ("groups", "role", "detail"),
        [
            ([], "standalone", None),
            (None, "unknown", "availability groups are not visible"),
            ([group("ag1", "PRIMARY")], "primary", "ag1 PRIMARY"),
            ([group("ag1", "SECONDARY"), group("ag2", "SECONDARY")], "replica", "ag1 SECONDARY, ag2 SECONDARY"),
            ([group("ag2", "SECONDARY"), group("ag1", "PRIMARY")], "mixed", "ag1 PRIMARY, ag2 SECONDARY"),
            ([group("ag1", "RESOLVING")], "unknown", "ag1 RESOLVING"),
            ([group("ag1", None)], "unknown", "ag1 UNKNOWN"),
            ([group(None, "PRIMARY")], "primary", "8F1C PRIMARY"),
        ],
    )
    def test_is_that_of_all_availability_groups(self, groups: Any, role: str, detail: str | None) -> None:
        server = fact(groups=groups)

        assert (server.role, server.role_detail) == (role, detail)

    def test_tells_of_a_failover_cluster(self) -> None:
        assert fact(is_clustered=1).role_detail == "failover cluster instance"
        assert (
            fact(is_clustered=1, groups=[group("a", "PRIMARY")]).role_detail == "failover cluster instance: a PRIMARY"
        )

    def test_is_unknown_in_azure_sql_database(self) -> None:
        assert fact(engine_edition=5).role == "unknown"

    def test_names_the_cluster(self) -> None:
        assert fact(groups=[group("ag1", "PRIMARY", "WSFC1")]).cluster_name == "WSFC1"


class TestReadOnly:
    @pytest.mark.parametrize(("told", "is_read_only"), [("READ_ONLY", True), ("READ_WRITE", False), (None, None)])
    def test_is_told_of_the_database_that_was_asked_for(self, told: str | None, is_read_only: bool | None) -> None:
        assert fact(updateability=told, asked_database="sales").read_only is is_read_only

    def test_is_not_told_of_a_server(self) -> None:
        assert fact(updateability="READ_WRITE").read_only is None


class TestTheIdentity:
    def test_is_weak_and_made_of_names(self) -> None:
        identity = fact(instance_name="Prod", server_name=r"SQL1\Prod").identity

        assert identity is not None
        assert (identity.lineage, identity.node, identity.strength) == (None, r"SQL1|PROD|SQL1\PROD", "weak")

    def test_of_an_azure_database_is_server_and_database(self) -> None:
        row = {"engine_edition": 5, "machine_name": None, "server_name": "shop", "database_name": "sales"}

        identity = fact(**row).identity

        assert identity is not None
        assert identity.node == "SHOP|SALES"

    def test_is_none_where_the_server_has_no_name(self) -> None:
        identity = fact(server_name=None).identity

        assert identity is not None
        assert identity.node is None

    @pytest.mark.parametrize("late_ms", [-400, 0, 3, 60_000])
    def test_starts_in_one_moment_whatever_the_clock_says(self, late_ms: int) -> None:
        """It started at 01:30 local time, an hour from UTC; since then the clocks went forward."""
        up = datetime(2026, 3, 29, 9, 0, 0, 105_000, tzinfo=UTC) - datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
        uptime = {
            "uptime_ms": up // timedelta(milliseconds=1) + late_ms,
            "started_local": "2026-03-29T01:30:00.1230000",
        }

        identity = fact(uptime=uptime).identity

        assert identity is not None
        assert identity.started_at == datetime(2026, 3, 29, 0, 30, 0, 123_000, tzinfo=UTC)

    def test_tells_how_long_it_runs(self) -> None:
        assert fact(uptime={"uptime_ms": 90_999, "started_local": None}).uptime_s == 90
