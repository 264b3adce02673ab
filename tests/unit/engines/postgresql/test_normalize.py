"""From recorded rows to facts: flavours and versions, roles, clocks, identities."""

import pytest

from app.engines.postgresql.normalize import Rows, server_fact

SENT = 1_795_000_000.0  # 2026-11-18 11:06:40 UTC
CLOCK = "2026-11-18T11:06:41.250000"
STARTED = "2026-11-18T11:05:41.000001"
PLAIN = "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit"


def rows(version: str = PLAIN, number: str = "15.18 (Debian 15.18-0+deb12u1)", **more) -> Rows:
    server = (version, number, "monitor", "4711", "10.0.0.9", "10.0.0.5", "5432", CLOCK)
    return Rows(server=server, sent_at=SENT, received_at=SENT + 0.5, **more)


def state(recovery: str = "no", setting: str = "off", source: str = "default", receivers: str = "0", cluster: str = ""):
    return (recovery, setting, source, STARTED, cluster, receivers)


FLAVOURS = [
    (PLAIN, "15.18 (Debian 15.18-0+deb12u1)", None, "15.18"),
    ("PostgreSQL 18beta1 on x86_64", "18beta1", None, "18beta1"),
    (
        "PostgreSQL 15.4 (EnterpriseDB Advanced Server 15.4.0) on x86_64-pc-linux-gnu",
        "15.4.0",
        "EDB",
        "15.4.0",
    ),
    ("EnterpriseDB 9.5.14.19 on x86_64-pc-linux-gnu", "9.5.14.19", "EDB", "9.5.14.19"),
    (
        "PostgreSQL 9.4.26 (Greenplum Database 6.20.0 build commit:9df5 Open Source) on x86_64",
        "9.4.26",
        "Greenplum",
        "6.20.0",
    ),
    ("(openGauss 5.0.0 build a07d57c3) compiled at 2023-03-29", "9.2.4", "openGauss", "5.0.0"),
    ("KingbaseES V008R006C007B0012 on x86_64-pc-linux-gnu", "12.1", "KingbaseES", "V008R006C007B0012"),
    (
        "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.48805",
        "8.0.2",
        "Redshift",
        "1.0.48805",
    ),
    ("CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27)", "13.0.0", "CockroachDB", "23.1.11"),
    ("PostgreSQL 11.2-YB-2.18.1.0-b0 on x86_64", "11.2-YB-2.18.1.0-b0", "YugabyteDB", "2.18.1.0"),
]


class TestAVersion:
    @pytest.mark.parametrize(("text", "number", "flavour", "version"), FLAVOURS)
    def test_is_told_with_its_flavour(self, text, number, flavour, version):
        fact = server_fact(rows(text, number))

        assert (fact.engine, fact.flavour, fact.version, fact.version_text) == ("postgresql", flavour, version, text)

    def test_is_shown_without_tricks(self):
        fact = server_fact(rows("PostgreSQL \u202e15\x1b[31m" + "x" * 900, "nonsense"))

        assert "\u202e" not in fact.version_text
        assert len(fact.version_text) == 500
        assert fact.version is None


class TestARole:
    def test_is_unknown_to_a_server_that_does_not_tell(self):
        fact = server_fact(rows())

        assert (fact.role, fact.read_only, fact.uptime_s) == ("unknown", None, None)

    def test_is_standalone_without_anybody_who_follows(self):
        fact = server_fact(rows(state=state()))

        assert (fact.role, fact.role_detail, fact.read_only) == ("standalone", None, False)

    @pytest.mark.parametrize("receivers", ["", "many", "9" * 5_000, "-1"])
    def test_is_standalone_when_the_number_is_none(self, receivers):
        assert server_fact(rows(state=state(receivers=receivers))).role == "standalone"

    def test_is_primary_with_somebody_who_follows(self):
        fact = server_fact(rows(state=state(receivers="2", cluster="orders")))

        assert (fact.role, fact.role_detail, fact.cluster_name) == ("primary", "2 connected", "orders")

    @pytest.mark.parametrize(
        ("source", "told"),
        [
            (("10.0.0.4", "5432", "streaming"), "source 10.0.0.4:5432"),
            (("fd00::4", "5432", "streaming"), "source [fd00::4]:5432"),
            ((None, None, None), None),
            (None, None),
        ],
    )
    def test_is_standby_with_its_source_when_it_is_shown(self, source, told):
        fact = server_fact(rows(state=state("yes"), source=source))

        assert (fact.role, fact.role_detail, fact.read_only) == ("standby", told, True)

    @pytest.mark.parametrize(
        ("source", "read_only"), [("configuration file", True), ("database", True), ("user", False), ("session", False)]
    )
    def test_takes_a_default_of_the_account_for_none_of_the_server(self, source, read_only):
        assert server_fact(rows(state=state(setting="on", source=source))).read_only is read_only


class TestAClock:
    def test_is_compared_in_the_middle_of_the_question(self):
        fact = server_fact(rows(state=state()))

        assert (fact.clock_offset_ms, fact.clock_uncertainty_ms) == (1_000, 250)
        assert fact.uptime_s == 60

    def test_that_cannot_be_read_is_left_out(self):
        odd = Rows(server=(PLAIN, "15", None, None, None, None, None, "now"), sent_at=SENT, received_at=SENT)

        fact = server_fact(odd)

        assert (fact.clock_offset_ms, fact.server_address, fact.our_address) == (None, None, None)


class TestAnIdentity:
    def test_is_the_lineage_and_the_moment_of_the_start(self):
        identity = server_fact(rows(state=state(), lineage=("7712951086772990103", None))).identity

        assert identity.lineage == "7712951086772990103"
        assert identity.node == f"7712951086772990103/{STARTED}"
        assert identity.strength == "strong"
        assert identity.started_at.isoformat() == f"{STARTED}+00:00"

    def test_of_aurora_is_the_name_of_the_instance(self):
        fact = server_fact(rows(state=state(), lineage=("77", "fn"), aurora=("db-ABC", "15.4.2")))

        assert (fact.flavour, fact.identity.node) == ("Aurora", "77/db-ABC")

    def test_is_weak_without_anything_of_the_node(self):
        identity = server_fact(rows(lineage=("77", None))).identity

        assert (identity.node, identity.strength) == (None, "weak")

    def test_is_left_out_when_it_is_not_told(self):
        assert server_fact(rows(state=state())).identity is None
