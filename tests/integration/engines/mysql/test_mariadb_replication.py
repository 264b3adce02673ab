"""Role and identity of real MariaDB servers: a GTID replica, its promotion, and a server that is known again."""

import time
from collections.abc import Callable, Iterator

import pytest

from app.engines.facts import ServerFact
from tests.engine_suite.suite import SECRET, check
from tests.support.databases.mariadb_server import MariaDb, mariadb, step


def met(server: MariaDb, user: str = "muster") -> ServerFact:
    found = check(server.spec(user, SECRET)).found.server
    assert found is not None
    return found


def eventually(is_so: Callable[[], bool]) -> bool:
    ends = time.monotonic() + 10
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.02)
    return is_so()


def is_alone(primary: MariaDb) -> bool:
    """A primary sees that its replica has gone when it has something to send."""
    primary.run("CREATE OR REPLACE DATABASE news")
    return met(primary).role == "standalone"


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[MariaDb, MariaDb]]:
    with mariadb("--server-id=1", "--log-bin") as primary, mariadb("--server-id=2", "--log-bin") as replica:
        for one in (primary, replica):
            one.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'")
        primary.run(f"CREATE USER copier@'%' IDENTIFIED BY '{SECRET}'", "GRANT REPLICATION SLAVE ON *.* TO copier@'%'")
        yield primary, replica


@pytest.fixture
def pair(servers: tuple[MariaDb, MariaDb]) -> tuple[MariaDb, MariaDb]:
    """A primary and its replica, both with the account of the checks."""
    primary, replica = servers
    for one in servers:
        one.run("GRANT SLAVE MONITOR, BINLOG MONITOR ON *.* TO muster@'%'")
    ((position,),) = primary.run("SELECT @@GLOBAL.gtid_binlog_pos")
    replica.run("STOP SLAVE", "RESET MASTER", f"SET GLOBAL gtid_slave_pos = '{position}'")
    replica.run(
        f"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {primary.port}, MASTER_USER = 'copier', "
        f"MASTER_PASSWORD = '{SECRET}', MASTER_USE_GTID = slave_pos",
        "SET GLOBAL read_only = ON",
        "START SLAVE",
    )
    return servers


class TestAPair:
    def test_is_told_apart_and_keeps_its_names_through_a_promotion(self, pair: tuple[MariaDb, MariaDb]) -> None:
        primary, replica = pair
        assert eventually(lambda: met(primary).role == "primary"), primary.log

        before = met(replica)
        assert (before.role, before.read_only) == ("replica", True)
        assert before.role_detail == f"replicates from 127.0.0.1:{primary.port}"
        assert met(primary).read_only is False

        replica.run("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF")
        assert eventually(lambda: is_alone(primary))
        after = met(replica)

        assert (after.role, after.read_only) == ("standalone", False)
        assert after.identity == before.identity
        assert met(primary).identity != after.identity

    def test_with_a_stopped_replica_is_still_a_pair(self, pair: tuple[MariaDb, MariaDb]) -> None:
        _, replica = pair

        replica.run("STOP SLAVE")

        assert met(replica).role == "replica"

    def test_claims_no_role_without_the_right(self, pair: tuple[MariaDb, MariaDb]) -> None:
        _, replica = pair
        replica.run("REVOKE SLAVE MONITOR ON *.* FROM muster@'%'")

        found = met(replica)

        assert found.role == "unknown"
        assert found.role_detail == "replication status is not readable"


class TestIdentity:
    def test_is_the_same_each_time(self) -> None:
        with mariadb() as server:
            server.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'")

            identities = {met(server).identity for _ in range(20)}

        assert len(identities) == 1

    def test_is_a_set_and_says_so(self) -> None:
        with mariadb("--server-id=77") as server:
            server.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'")
            done = check(server.spec("muster", SECRET))

        assert done.found.server is not None
        assert done.found.server.identity is not None
        assert (done.found.server.identity.strength, done.found.server.identity.lineage) == ("weak", None)
        shown = step(done, "identify").detail["identity"]
        assert set(shown) == {"server_uid", "server_id", "hostname", "port", "datadir"}
        assert shown["server_id"] == "77"
