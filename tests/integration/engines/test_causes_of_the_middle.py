"""Errors of proxies and clusters, and statements that somebody cancels, as the drivers meet them."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.checking import Checked, check
from tests.support.databases import fake_mysql, fake_postgresql
from tests.support.databases.fake_postgresql import Behaviour
from tests.support.databases.peers import Peer

Against = Callable[[str, Behaviour], Checked]


@pytest.fixture
def against() -> Iterator[Against]:
    """Check a server that behaves so, with a login."""
    running: list[Peer] = []

    def run(db_type: str, behave: Behaviour) -> Checked:
        running.append(Peer(behave))
        return check(db_type, running[-1].port, username="muster", password="s3cret", deadline_ms=4_000)

    yield run
    for one in running:
        one.close()


class TestAMySqlBehindAProxyOrInACluster:
    @pytest.mark.parametrize(
        ("number", "text", "cause"),
        [
            (9001, "Max connect timeout reached while reaching hostgroup 0 after 10000ms", "proxy.error"),
            (9006, "ProxySQL Error: connection is locked to hostgroup 1", "proxy.error"),
            (1047, "WSREP has not yet prepared node for application use", "server.cluster_not_ready"),
        ],
    )
    def test_says_so_instead_of_the_login(self, against: Against, number: int, text: str, cause: str) -> None:
        found = against("mysql", fake_mysql.Speaker((fake_mysql.error(number, text),)))

        assert (found.outcome, found.cause, found.failed_step) == ("failed", cause, "login")
        assert found.steps["login"].detail["server_text"].endswith(text)

    def test_says_so_where_a_statement_is_cancelled(self, against: Against) -> None:
        killed = fake_mysql.error(1317, "Query execution was interrupted")

        found = against("mysql", fake_mysql.Speaker((fake_mysql.OK, fake_mysql.OK, *[killed] * 20)))

        assert (found.cause, found.failed_step) == ("query.cancelled", "identify")


class TestAPostgreSqlBehindAProxy:
    def test_says_so_instead_of_the_login(self, against: Against) -> None:
        refusal = fake_postgresql.error("08P01", "no such database: orders")

        found = against("postgresql", fake_postgresql.speaks(refusal))

        assert found.steps["login"].detail["server_code"] == "08P01"
        assert (found.outcome, found.cause) == ("failed", "database.unknown")

    def test_that_does_not_know_what_it_is_asked_for_is_a_proxy_in_error(self, against: Against) -> None:
        refusal = fake_postgresql.error("08P01", "unsupported startup parameter: options")

        found = against("postgresql", fake_postgresql.speaks(refusal))

        assert (found.outcome, found.cause) == ("failed", "proxy.error")
