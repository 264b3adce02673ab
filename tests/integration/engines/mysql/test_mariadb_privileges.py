"""Least privilege on a real MariaDB server: what is missing, and that what the check proposes is enough."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engines.check import CheckFact
from app.engines.facts import Need, PrivilegeFact
from tests.engine_suite.suite import SECRET, check
from tests.support.databases.mariadb_server import MariaDb, ended, step

GUIDE = Path(__file__).parents[4] / "docs" / "guides" / "monitor-accounts" / "mariadb.md"
SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)


@pytest.fixture
def account(server: MariaDb) -> Iterator[str]:
    """An account that may log in, and nothing else."""
    server.run(f"CREATE USER one@'%' IDENTIFIED BY '{SECRET}'")
    yield "one"
    server.run("DROP USER one@'%'")


def facts(done: CheckFact) -> dict[Need, PrivilegeFact]:
    return {one.need: one for one in done.found.privileges}


class TestAnAccountWithoutRights:
    def test_is_identified_and_told_what_is_missing(self, server: MariaDb, account: str) -> None:
        done = check(server.spec(account, SECRET))

        assert ended(done) == ("degraded", "privilege.missing")
        assert step(done, "privileges").detail["needs"] == {
            "identify": "ok",
            "replication": "privilege.missing",
            "accounts": "privilege.missing",
            "object_privileges": "privilege.missing",
            "sizes": "privilege.filtered",
        }
        assert done.found.server is not None
        assert done.found.server.version

    def test_is_told_which_right_exactly(self, server: MariaDb, account: str) -> None:
        server.run("GRANT SLAVE MONITOR ON *.* TO one@'%'", "GRANT SELECT ON mysql.db TO one@'%'")

        found = facts(check(server.spec(account, SECRET)))

        assert found["replication"].missing == ("BINLOG MONITOR",)
        assert found["replication"].grant == "GRANT BINLOG MONITOR ON *.* TO 'one'@'%';"
        assert found["object_privileges"].missing == (
            "SELECT ON mysql.tables_priv",
            "SELECT ON mysql.columns_priv",
            "SELECT ON mysql.procs_priv",
            "SELECT ON mysql.proxies_priv",
        )
        assert found["object_privileges"].server_code == 1142

    def test_has_all_after_the_statements_that_it_is_told(self, server: MariaDb, account: str) -> None:
        for fact in check(server.spec(account, SECRET)).found.privileges:
            for statement in (fact.grant or "").splitlines():
                server.run(statement)

        done = check(server.spec(account, SECRET))

        assert ended(done) == ("ok", None)
        assert set(step(done, "privileges").detail["needs"].values()) == {"ok"}

    def test_is_told_apart_from_one_that_sees_some(self, server: MariaDb, account: str) -> None:
        """Rights on one database show that one, and nothing says that there are others."""
        server.run("CREATE DATABASE seen", "GRANT SELECT ON seen.* TO one@'%'")

        try:
            found = facts(check(server.spec(account, SECRET)))["sizes"]
        finally:
            server.run("DROP DATABASE seen")

        assert found.cause == "privilege.filtered"
        assert found.missing == ("SHOW DATABASES", "SHOW VIEW")

    def test_never_gets_its_own_hash_shown(self, server: MariaDb, account: str) -> None:
        ((grants,), *_) = server.run("SHOW GRANTS FOR one@'%'")
        hashed = re.search(r"\*[0-9A-F]{40}", grants)
        assert hashed is not None

        assert hashed.group() not in repr(check(server.spec(account, SECRET)))


class TestRightsOfARole:
    def test_count_while_it_is_the_default(self, server: MariaDb, account: str) -> None:
        server.run("CREATE ROLE watcher", "GRANT SHOW VIEW, SHOW DATABASES ON *.* TO watcher")
        server.run("GRANT watcher TO one@'%'", "SET DEFAULT ROLE watcher FOR one@'%'")

        try:
            found = facts(check(server.spec(account, SECRET)))["sizes"]
        finally:
            server.run("DROP ROLE watcher")

        assert found.cause is None


class TestTheGuide:
    def test_makes_an_account_that_has_everything(self, server: MariaDb) -> None:
        script = SQL.findall(GUIDE.read_text(encoding="utf-8"))[0].replace("<worker address>", "%")
        script = script.replace("'muster'@", "'muster_watch'@")
        statements = [one.strip() for one in script.replace("<password>", SECRET).split(";") if one.strip()]
        # This server has no TLS, which the guide asks for.
        server.run(*(one.replace(" REQUIRE SSL", "") for one in statements))

        try:
            done = check(server.spec("muster_watch", SECRET))
        finally:
            server.run("DROP USER muster_watch@'%'")

        assert ended(done) == ("ok", None)
        assert set(step(done, "privileges").detail["needs"].values()) == {"ok"}

    def test_gives_neither_data_nor_hashes(self, server: MariaDb) -> None:
        script = SQL.findall(GUIDE.read_text(encoding="utf-8"))[0]

        assert "authentication_string" not in script
        assert "global_priv" not in script
        assert "GRANT SELECT ON *.*" not in script
