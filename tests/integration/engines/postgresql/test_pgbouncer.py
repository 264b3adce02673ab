"""A server behind PgBouncer, pooled by transaction: what is told, and that nothing of a check stays on the pool."""

import psycopg
import pytest

from app.engines.base import TlsOptions
from tests.engine_suite.suite import GRACE_S, TRIES
from tests.support.checking import check
from tests.support.databases.pgbouncer import pgbouncer
from tests.support.databases.postgresql_server import PASSWORD

LOGIN = {"username": "monitor", "password": PASSWORD}


@pytest.fixture(scope="module")
def port(server, folder):
    behind = f"host=127.0.0.1 port={server.port}"
    databases = {
        "postgres": f"{behind} dbname=postgres",
        "gone": f"{behind} dbname=nowhere",
        "down": "host=127.0.0.1 port=1 dbname=postgres",
    }
    with pgbouncer(folder / "pgbouncer", databases, query_wait_timeout="2") as port:
        yield port


class TestACheckThroughPgBouncer:
    def test_tells_the_server_behind_it_and_that_something_is_between(self, server, port):
        checked = check("postgresql", port, **LOGIN)

        assert checked.outcome == "ok"
        assert checked.server.server_address == f"127.0.0.1:{server.port}"
        assert checked.server.identity.lineage == str(server.value("SELECT system_identifier FROM pg_control_system()"))
        assert checked.steps["identify"].detail["pooler"] is True

    def test_leaves_nothing_to_the_next_client_of_the_pool(self, port):
        link = {"host": "127.0.0.1", "port": port, "user": "monitor", "password": PASSWORD, "dbname": "postgres"}
        names = ("default_transaction_read_only", "transaction_read_only", "statement_timeout", "lock_timeout")

        def look():
            with psycopg.connect(**link, autocommit=True, prepare_threshold=None) as connection:
                pid = connection.execute("SELECT pg_backend_pid()").fetchone()
                return pid, [connection.execute(f"SHOW {name}").fetchone()[0] for name in names]

        before = look()
        checked = check("postgresql", port, **LOGIN, statement_timeout_ms=1_234)
        after = look()

        assert checked.outcome == "ok"
        assert before == after == (before[0], ["off", "off", "0", "0"])

    def test_tells_a_wrong_password(self, port):
        checked = check("postgresql", port, username="monitor", password="wrong")

        assert (checked.outcome, checked.cause) == ("failed", "login.refused")

    def test_tells_an_unknown_user(self, port):
        assert check("postgresql", port, username="nobody", password="wrong").cause == "login.refused"

    def test_tells_an_unknown_database(self, port):
        checked = check("postgresql", port, **LOGIN, database_name="unknown")

        assert (checked.outcome, checked.cause) == ("failed", "database.unknown")

    def test_tells_a_database_that_the_server_does_not_know(self, port):
        checked = check("postgresql", port, **LOGIN, database_name="gone")

        assert checked.cause == "database.unknown"

    def test_tells_a_server_that_is_down_behind_it(self, port):
        checked = check("postgresql", port, **LOGIN, database_name="down", deadline_ms=6_000)

        assert (checked.outcome, checked.cause) == ("failed", "server.instance_down")

    def test_ends_in_time_while_it_waits_in_silence(self, server, folder):
        behind = {"postgres": "host=127.0.0.1 port=1"}
        with pgbouncer(folder / "patient", behind, query_wait_timeout="60") as port:
            tried = [check("postgresql", port, **LOGIN, deadline_ms=700) for _ in range(TRIES)]

        assert min(checked.took_s for checked in tried) < 0.7 + GRACE_S
        assert {checked.outcome for checked in tried} == {"failed"}

    def test_tells_that_it_has_no_tls(self, port):
        assert check("postgresql", port, **LOGIN, tls=TlsOptions(mode="require")).cause == "tls.not_offered"

    def test_tells_that_it_is_full(self, server, folder):
        behind = {"postgres": f"host=127.0.0.1 port={server.port}"}
        with pgbouncer(folder / "narrow", behind, max_client_conn="1") as port:
            link = {"host": "127.0.0.1", "port": port, "user": "monitor", "password": PASSWORD, "dbname": "postgres"}
            with psycopg.connect(**link):
                checked = check("postgresql", port, **LOGIN)

        assert checked.cause == "server.too_many_connections"
