"""Checks of a real PostgreSQL server: who gets in, and what it says of itself."""

import os
import subprocess
import sys
from ctypes.util import find_library
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.engines.base import TlsOptions
from app.engines.postgresql import local_link
from tests.support.databases.postgresql_server import PASSWORD

REQUIRE = TlsOptions(mode="require")
PLAIN = TlsOptions(mode="disable")


class TestAGoodLogin:
    def test_tells_what_the_server_is(self, server, try_as):
        checked = try_as(server, "monitor")

        assert (checked.outcome, checked.cause) == ("ok", None)
        fact = checked.server
        assert fact.engine == "postgresql"
        assert fact.flavour is None
        assert fact.version == server.value("SHOW server_version").split()[0]
        assert fact.version_text.startswith("PostgreSQL ")
        assert fact.role == "standalone"
        assert fact.read_only is False
        assert fact.cluster_name == "muster tests"
        assert fact.session_user == "monitor"
        assert fact.server_address == f"127.0.0.1:{server.port}"
        assert fact.our_address == "127.0.0.1"
        assert 0 <= fact.uptime_s < 3_600

    def test_tells_the_clock_of_the_server_against_ours(self, server, try_as):
        fact = try_as(server, "monitor").server

        assert abs(fact.clock_offset_ms) <= fact.clock_uncertainty_ms + 5

    def test_tells_an_identity_that_a_second_check_finds_again(self, server, try_as):
        first, second = (try_as(server, name).server.identity for name in ("monitor", "plain"))

        assert first == second
        assert first.lineage == str(server.value("SELECT system_identifier FROM pg_control_system()"))
        assert first.started_at == server.value("SELECT pg_postmaster_start_time()").astimezone(UTC)
        assert first.strength == "strong"

    @pytest.mark.parametrize(("account", "method"), [("monitor", "scram-sha-256"), ("old_hash", "md5")])
    def test_tells_how_the_server_asked(self, server, try_as, account, method):
        assert try_as(server, account).steps["login"].detail["method"] == method

    def test_works_where_the_server_asks_nothing(self, server, try_as):
        checked = try_as(server, "trusted")

        assert checked.steps["login"].detail["method"] == "none"
        assert checked.steps["identify"].outcome == "ok"

    def test_leaves_no_session_and_no_error_in_the_log(self, server, try_as):
        before = server.log.read_text()

        for tls in (PLAIN, REQUIRE):
            for account in ("monitor", None):
                try_as(server, account, tls=tls)

        server.wait_for("SELECT count(*) FROM pg_stat_activity WHERE usename = 'monitor'", 0)
        news = server.log.read_text()[len(before) :]
        assert "connection received" in news
        assert not [line for line in news.splitlines() if "ERROR" in line or "FATAL" in line or "could not" in line]

    def test_sends_nothing_outside_of_a_transaction_that_only_reads(self, server, try_as):
        before = server.log.read_text()

        try_as(server, "monitor", statement_timeout_ms=1_234)

        said = server.log.read_text()[len(before) :].split("statement: ")[1:]
        assert said[0].startswith("BEGIN READ ONLY;\n\tSET LOCAL statement_timeout = 1234;\n\tSET LOCAL lock_timeout")
        assert said[-1].startswith("ROLLBACK\n")
        assert not [one for one in said[1:] if one.lstrip().upper().startswith(("SET", "BEGIN", "COMMIT", "RESET"))]

    def test_takes_a_role_that_only_reads_for_no_read_only_server(self, server, try_as):
        server.run("ALTER ROLE monitor SET default_transaction_read_only = on")
        of_the_role = try_as(server, "monitor").server.read_only
        server.run("ALTER ROLE monitor RESET default_transaction_read_only")
        server.reload(default_transaction_read_only="on")
        of_the_server = try_as(server, "monitor").server.read_only
        server.reload(default_transaction_read_only="off")

        assert (of_the_role, of_the_server) == (False, True)


class TestTheWayToLibpq:
    def test_may_be_a_socket_in_a_folder(self, server, try_as, monkeypatch):
        monkeypatch.setattr(local_link, "_ABSTRACT", False)

        assert try_as(server, "monitor").outcome == "ok"

    @pytest.mark.slow
    def test_may_be_psycopg_without_its_c_module(self, server):
        if find_library("pq") is None:
            pytest.skip("libpq is not installed: run `make services` as root")
        code = (
            "from psycopg import pq; from tests.support.checking import check; "
            f"print(pq.__impl__, check('postgresql', {server.port}, username='monitor', password={PASSWORD!r}).cause)"
        )

        told = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PSYCOPG_IMPL": "python"},
            cwd=Path(__file__).parents[4],
            capture_output=True,
            text=True,
            check=False,
        )

        assert told.stdout.split() == ["python", "None"], told.stderr


class TestNoLogin:
    def test_ends_as_reachable_without_a_credential(self, server, try_as):
        checked = try_as(server, None, tls=REQUIRE)

        assert (checked.outcome, checked.cause) == ("reachable", "login.no_credential")
        assert [one.outcome for one in checked.fact.steps] == ["ok"] * 5 + ["skipped"] * 3

    def test_ends_as_reachable_when_it_is_suspended(self, server, try_as):
        before = server.log.read_text()

        checked = try_as(server, "monitor", "wrong", suspended=True)

        assert (checked.outcome, checked.cause) == ("reachable", "login.suspended")
        assert "FATAL" not in server.log.read_text()[len(before) :]


class TestAStatement:
    def test_that_meets_a_lock_ends_at_its_limit_and_the_rest_goes_on(self, server, try_as):
        with server.owner() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE pg_catalog.pg_default_acl IN ACCESS EXCLUSIVE MODE")
            checked = try_as(server, "monitor", statement_timeout_ms=300)
            cursor.execute("ROLLBACK")

        assert checked.steps["identify"].outcome == "ok"
        assert checked.steps["privileges"].cause in {"query.lock_timeout", "query.timeout"}
        assert checked.outcome == "degraded"

    def test_is_not_led_astray_by_a_search_path(self, server, try_as):
        server.run(
            "CREATE SCHEMA trap",
            "CREATE FUNCTION trap.pg_is_in_recovery() RETURNS bool LANGUAGE sql AS 'SELECT true'",
            "GRANT USAGE ON SCHEMA trap TO PUBLIC",
            "ALTER ROLE monitor SET search_path = trap, pg_catalog",
        )
        checked = try_as(server, "monitor")
        server.run("ALTER ROLE monitor RESET search_path", "DROP SCHEMA trap CASCADE")

        assert checked.server.role == "standalone"


def test_started_at_is_a_moment_with_a_zone(server, try_as):
    started = try_as(server, "monitor").server.identity.started_at

    assert started.tzinfo is not None
    assert started < datetime.now(UTC)
