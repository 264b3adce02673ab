"""MySQL of several versions and flavours, as their documentation says that they answer: no real one was there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact
from tests.engine_suite.suite import SECRET, Permissive, check
from tests.support.databases.fake_mysql import Answering, greeting
from tests.support.databases.mariadb_server import ended, step
from tests.support.databases.peers import Peer

UUID, OTHER = "3e11fa47-71ca-11e1-9e33-c80aa9429562", "5a3f0f7e-0000-11ee-be56-0242ac120002"
DENIED = (1227, "Access denied; you need (at least one of) the SUPER, REPLICATION CLIENT privilege(s)")
NO_TABLE = (1146, "Table 'mysql.role_edges' doesn't exist")
ALL_GRANTED = [{"Grants": "GRANT SELECT, REPLICATION CLIENT, SHOW VIEW ON *.* TO `muster`@`%`"}]


def pairs(**values: str) -> list[dict[str, object]]:
    return [{"Variable_name": name, "Value": value} for name, value in values.items()]


def mysql(version: str, *, comment: str = "MySQL Community Server - GPL", **more: Any) -> dict[str, Any]:
    """Return the answers of a server of its own, which `more` changes."""
    variables = {"version": version, "version_comment": comment, "server_uuid": UUID, "hostname": "db1", "port": "3306"}
    clock = (datetime.now(UTC) + timedelta(seconds=90)).replace(tzinfo=None)
    return {
        **more.pop("first", {}),
        "SHOW GLOBAL VARIABLES": pairs(**variables, read_only="OFF", **more),
        "SHOW GLOBAL STATUS": pairs(Uptime="3600"),
        "SELECT UTC_TIMESTAMP": [{"clock": clock, "came_as": "muster@10.0.0.9", "taken_for": "muster@%"}],
        "SHOW GRANTS": ALL_GRANTED,
    }


class Meeting:
    """One check of a server that answers so."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []

    def __call__(self, answers: dict[str, Any], *, greets: str = "8.0.36") -> tuple[CheckFact, list[str]]:
        server = Answering(answers, greeting(greets))
        here = Peer(server)
        self.peers.append(here)
        spec = ConnectionSpec(
            db_type="mysql",
            host="127.0.0.1",
            port=here.port,
            guard=Permissive(),
            login=Login(username="muster", password=SECRET),
            tls=TlsOptions(mode="disable"),
            deadline_ms=3_000,
        )
        return check(spec), server.asked


@pytest.fixture
def meet() -> Iterator[Meeting]:
    meeting = Meeting()
    yield meeting
    for one in meeting.peers:
        one.close()


class TestAServer:
    @pytest.mark.parametrize(
        ("version", "status", "replicas"),
        [
            ("5.7.44-log", "SHOW SLAVE STATUS", "SHOW SLAVE HOSTS"),
            ("8.0.21", "SHOW SLAVE STATUS", "SHOW SLAVE HOSTS"),
            ("8.0.36", "SHOW REPLICA STATUS", "SHOW REPLICAS"),
            ("8.4.3", "SHOW REPLICA STATUS", "SHOW REPLICAS"),
            ("9.1.0", "SHOW REPLICA STATUS", "SHOW REPLICAS"),
        ],
    )
    def test_is_asked_in_the_words_of_its_version(
        self, meet: Meeting, version: str, status: str, replicas: str
    ) -> None:
        done, asked = meet(mysql(version), greets=version)

        assert ended(done) == ("ok", None)
        assert {one for one in asked if "SLAVE" in one or "REPLICA" in one} == {status, replicas}
        assert done.found.server is not None
        assert (done.found.server.engine, done.found.server.role) == ("mysql", "standalone")
        assert done.found.server.edition == "Community"

    def test_gets_no_statement_without_a_limit_or_a_transaction(self, meet: Meeting) -> None:
        _, asked = meet(mysql("8.0.36"))

        assert (asked[0], asked[-1]) == ("START TRANSACTION READ ONLY", "ROLLBACK")
        assert all("/*+ MAX_EXECUTION_TIME(5000) */" in one for one in asked if one.startswith("SELECT"))
        assert not any(one.startswith("SET") for one in asked)

    def test_tells_its_clock_and_both_ends(self, meet: Meeting) -> None:
        server = meet(mysql("8.0.36"))[0].found.server

        assert server is not None
        assert server.clock_offset_ms is not None
        assert abs(server.clock_offset_ms - 90_000) < 3_000
        assert (server.our_address, server.session_user, server.server_address) == ("10.0.0.9", "muster@%", "db1:3306")
        assert server.identity is not None
        assert (server.identity.node, server.identity.strength) == (f"mysql:{UUID}", "strong")

    def test_that_follows_another_has_its_lineage(self, meet: Meeting) -> None:
        source = {"Source_Host": "db0", "Source_Port": 3306, "Source_UUID": OTHER, "Channel_Name": ""}

        server = meet(mysql("8.4.3") | {"SHOW REPLICA STATUS": [source]})[0].found.server

        assert server is not None
        assert (server.role, server.role_detail) == ("replica", "replicates from db0:3306")
        assert server.identity is not None
        assert server.identity.lineage == f"mysql:{OTHER}"

    def test_of_a_group_has_its_role_there(self, meet: Meeting) -> None:
        members = [
            {
                "MEMBER_ID": OTHER,
                "MEMBER_HOST": "db0",
                "MEMBER_PORT": 3306,
                "MEMBER_STATE": "ONLINE",
                "MEMBER_ROLE": "PRIMARY",
            },
            {
                "MEMBER_ID": UUID,
                "MEMBER_HOST": "db1",
                "MEMBER_PORT": 3306,
                "MEMBER_STATE": "ONLINE",
                "MEMBER_ROLE": "SECONDARY",
            },
        ]
        answers = mysql("8.0.36", group_replication_group_name=OTHER) | {"SELECT MEMBER_ID": members}

        server = meet(answers)[0].found.server

        assert server is not None
        assert (server.role, server.cluster_name) == ("replica", OTHER)

    def test_that_tells_no_role_is_asked_for_the_right(self, meet: Meeting) -> None:
        done, _ = meet(mysql("8.0.36") | {"SHOW REPLICA STATUS": DENIED})

        assert ended(done) == ("degraded", "privilege.missing")
        assert done.found.server is not None
        assert done.found.server.role == "unknown"
        fact = next(one for one in done.found.privileges if one.need == "replication")
        assert fact.missing == ("REPLICATION CLIENT",)
        assert fact.grant == "GRANT REPLICATION CLIENT ON *.* TO 'muster'@'%';"
        assert fact.server_code == 1227

    def test_without_a_table_lacks_no_right(self, meet: Meeting) -> None:
        answers = mysql("8.0.36") | {"SELECT 1 FROM mysql.role_edges": NO_TABLE}

        assert ended(meet(answers)[0]) == ("ok", None)

    def test_takes_rights_back_in_part(self, meet: Meeting) -> None:
        revoked = [*ALL_GRANTED, {"Grants": "REVOKE SELECT ON `pay`.* FROM `muster`@`%`"}]

        done, _ = meet(mysql("8.0.36") | {"SHOW GRANTS": revoked})

        assert ended(done) == ("degraded", "privilege.filtered")

    def test_that_stops_half_way_fails_that_step(self, meet: Meeting) -> None:
        done, _ = meet(mysql("8.0.36") | {"SHOW GLOBAL STATUS": (1053, "Server shutdown in progress")})

        assert step(done, "identify").cause == "server.shutting_down"


class TestAFlavour:
    @pytest.mark.parametrize(
        ("version", "comment", "more", "flavour", "shown"),
        [
            ("8.0.35-27", "Percona Server (GPL), Release 27", {}, "Percona", "8.0.35"),
            ("8.0.28", "Source distribution", {"aurora_version": "3.04.0"}, "Aurora", "8.0.28"),
            ("8.0.11-TiDB-v7.5.0", "TiDB Server (Apache License 2.0)", {}, "TiDB", "7.5.0"),
            ("5.7.25-OceanBase-v4.2.1.0", "OceanBase 4.2.1.0", {}, "OceanBase", "4.2.1.0"),
        ],
    )
    def test_is_told(
        self, meet: Meeting, version: str, comment: str, more: dict[str, str], flavour: str, shown: str
    ) -> None:
        server = meet(mysql(version, comment=comment, **more), greets=version)[0].found.server

        assert server is not None
        assert (server.flavour, server.version) == (flavour, shown)

    def test_before_the_server_shows_in_its_greeting(self, meet: Meeting) -> None:
        done, _ = meet(mysql("8.4.3"), greets="8.0.11")

        assert step(done, "identify").detail["greeted_as"] == "8.0.11"
        assert done.found.server is not None
        assert done.found.server.version == "8.4.3"
