"""The scripts of the guide, run as they stand there, make an account that lacks nothing and can read no data."""

import re
from pathlib import Path

import psycopg
import pytest

from tests.support.checking import check
from tests.support.databases.postgresql_server import PASSWORD

GUIDE = Path(__file__).parents[4] / "docs/guides/monitor-accounts/postgresql.md"


@pytest.fixture(scope="module")
def account(server):
    """The account, as the guide makes it."""
    scripts = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert len(scripts) == 2
    literal = PASSWORD.replace("'", "''")
    server.run(
        "CREATE DATABASE guarded STRATEGY FILE_COPY",
        "REVOKE CONNECT ON DATABASE guarded FROM PUBLIC",
        "CREATE TABLE secrets AS SELECT 'a row of data' AS body",
        *(script.replace("<password>", literal) for script in scripts),
    )
    yield {"username": "muster", "password": PASSWORD}
    server.run("DROP DATABASE guarded", "DROP TABLE secrets")
    server.run("REVOKE CONNECT ON DATABASE denied FROM muster", "DROP ROLE muster")


class TestTheAccountOfTheGuide:
    def test_lacks_nothing(self, server, account):
        checked = check("postgresql", server.port, **account)

        assert (checked.outcome, checked.cause) == ("ok", None)
        assert {need: one.cause for need, one in checked.privileges.items()} == dict.fromkeys(
            ("identify", "replication", "accounts", "object_privileges", "sizes")
        )

    def test_reads_no_data_no_hash_and_writes_nothing(self, server, account):
        link = {"host": "127.0.0.1", "port": server.port, "user": "muster", "password": PASSWORD, "dbname": "postgres"}

        for statement in ("SELECT * FROM secrets", "SELECT rolpassword FROM pg_authid", "CREATE TABLE mine (x int)"):
            with psycopg.connect(**link) as connection, pytest.raises(psycopg.Error) as caught:
                connection.execute(statement)
            assert caught.value.sqlstate in {"42501", "25006"}

    def test_does_not_make_the_server_look_read_only(self, server, account):
        assert check("postgresql", server.port, **account).server.read_only is False
