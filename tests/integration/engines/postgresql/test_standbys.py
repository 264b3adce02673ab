"""Standbys: what they are, whose they are, their promotion, and servers that are not open yet, or no more."""

import contextlib
import time

import pytest

from tests.support.databases.postgresql_server import PostgresqlServer, running

NOBODY = "'host=127.0.0.1 port=1 connect_timeout=1'"


@pytest.fixture
def standby(server, folder, tmp_path_factory):
    """A streaming standby of the server."""
    copy = server.copy_to(folder / tmp_path_factory.mktemp("standby").name)
    with running([copy]):
        server.wait_for("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", 1)
        yield copy


@pytest.fixture
def closed(server, folder, tmp_path_factory):
    """Copies of the server that stay as they are while a test looks at them."""
    with contextlib.ExitStack() as stack:

        def start(**options: str) -> PostgresqlServer:
            copy = server.copy_to(folder / tmp_path_factory.mktemp("copy").name)
            copy.configure(primary_conninfo=NOBODY, **options)
            stack.enter_context(running([copy], wait=False))
            return copy

        yield start


def settled(try_as, server: PostgresqlServer, words: str):
    """Check until the server is up far enough to say these words."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        checked = try_as(server, "monitor")
        if words in str(checked.steps["login"].detail.get("server_text")):
            return checked
        time.sleep(0.02)
    raise AssertionError((words, checked.fact, server.log.read_text()[-2_000:]))


class TestAStandby:
    def test_is_known_with_its_source_and_its_lineage(self, server, standby, try_as):
        primary, copy = try_as(server, "monitor").server, try_as(standby, "monitor").server

        assert (primary.role, primary.role_detail, primary.read_only) == ("primary", "1 connected", False)
        assert (copy.role, copy.read_only) == ("standby", True)
        assert copy.role_detail == f"source 127.0.0.1:{server.port}"
        assert copy.identity.lineage == primary.identity.lineage
        assert copy.identity.node != primary.identity.node

    def test_hides_its_source_from_an_account_without_the_right(self, standby, try_as):
        checked = try_as(standby, "plain")

        assert (checked.server.role, checked.server.role_detail) == ("standby", None)
        assert checked.privileges["replication"].cause == "privilege.filtered"

    def test_is_a_server_of_its_own_after_its_promotion(self, standby, try_as):
        before = try_as(standby, "monitor").server
        standby.promote()
        after = try_as(standby, "monitor").server

        assert (before.role, after.role) == ("standby", "standalone")
        assert after.read_only is False
        assert after.identity == before.identity


class TestAServerThatIsNotOpen:
    @pytest.mark.parametrize("language", [pytest.param("'C'", marks=pytest.mark.slow), "'zh_CN.UTF-8'"])
    def test_is_reachable_as_a_standby_that_nobody_may_ask(self, closed, try_as, language):
        server = closed(hot_standby="off", lc_messages=language)

        checked = settled(try_as, server, "Hot standby mode is disabled")

        assert (checked.outcome, checked.cause) == ("reachable", "server.standby_closed")
        assert checked.steps["login"].detail["server_code"] == "57P03"

    def test_is_recovering(self, closed, try_as):
        checked = settled(try_as, closed(), "not yet accepting connections")

        assert (checked.outcome, checked.cause) == ("failed", "server.recovering")

    @pytest.mark.parametrize(
        ("language", "words"),
        [("'C'", "starting up"), pytest.param("'zh_CN.UTF-8'", "启动", marks=pytest.mark.slow)],
    )
    def test_is_starting(self, closed, try_as, language, words):
        server = closed(restore_command="'sleep 30'", lc_messages=language)

        checked = settled(try_as, server, words)

        assert (checked.outcome, checked.cause) == ("failed", "server.starting")

    def test_is_shutting_down(self, standby, try_as):
        with standby.owner() as cursor:
            cursor.execute("SELECT 1")
            standby.stop("smart", wait=False)
            checked = settled(try_as, standby, "shutting down")

        assert (checked.outcome, checked.cause) == ("failed", "server.shutting_down")

    def test_is_down(self, standby, try_as):
        standby.stop()

        assert try_as(standby, "monitor").cause == "connect.refused"
