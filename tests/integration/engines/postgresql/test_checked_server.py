"""Checks of a real PostgreSQL server: who gets in, who does not, and what it says of itself, in two languages."""

import os
import subprocess
import sys
from ctypes.util import find_library
from datetime import UTC, datetime
from pathlib import Path

import psycopg
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


# account, cause, SQLSTATE
REFUSED = [
    ("expired", {}, "login.refused", "28P01"),
    ("no_password", {}, "login.refused", "28P01"),
    ("nobody_of_this_name", {}, "login.refused", "28P01"),
    ("no_login", {}, "login.account_disabled", "28000"),
    ("limited", {}, "login.account_limit", "53300"),
    ("rejected", {"tls": REQUIRE}, "access.host_not_allowed", "28000"),
    ("plain", {"tls": REQUIRE, "database_name": "unlisted"}, "access.host_not_allowed", "28000"),
    ("tls_only", {"tls": PLAIN, "database_name": "unlisted"}, "tls.required", "28000"),
    ("certified", {"tls": REQUIRE}, "tls.client_cert_required", "28000"),
    ("by_ident", {}, "login.method_unsupported", "28000"),
    ("untold", {}, "login.refused", "28000"),
    ("plain", {"database_name": "nowhere"}, "database.unknown", "3D000"),
    ("plain", {"database_name": "denied"}, "database.access_denied", "42501"),
    ("plain", {"database_name": "closed"}, "database.not_open", "55000"),
    ("plain", {"database_name": "crowded"}, "server.too_many_connections", "53300"),
]


class TestARefusal:
    @pytest.mark.parametrize(("account", "options", "cause", "code"), REFUSED)
    def test_has_the_same_cause_in_every_language(self, speaking, try_as, account, options, cause, code):
        checked = try_as(speaking, account, **options)

        assert (checked.outcome, checked.cause, checked.failed_step) == ("failed", cause, "login")
        assert checked.steps["login"].detail["server_code"] == code

    def test_of_a_wrong_password_happens_once_over_tls(self, speaking, try_as):
        before = speaking.log.read_text()

        checked = try_as(speaking, "monitor", "not-the-password", tls=TlsOptions(mode="prefer"))

        assert checked.cause == "login.refused"
        news = speaking.log.read_text()[len(before) :]
        assert news.count("=127.0.0.1 ") == 1

    def test_tells_our_address_as_the_server_saw_it(self, speaking, try_as):
        checked = try_as(speaking, "rejected", tls=REQUIRE)

        assert checked.steps["login"].detail["our_address"] == "127.0.0.1"

    def test_tells_the_words_of_the_server(self, server, try_as):
        checked = try_as(server, "monitor", "not-the-password")

        assert checked.steps["login"].detail["server_text"] == 'password authentication failed for user "monitor"'

    def test_for_want_of_slots_is_told_before_and_after_the_login(self, speaking, try_as):
        with Filled(speaking, keep=3):
            reserved = try_as(speaking, "monitor")
        with Filled(speaking, keep=0):
            full = try_as(speaking, "monitor")

        assert (reserved.cause, full.cause) == ("server.too_many_connections", "server.too_many_connections")
        assert reserved.steps["login"].detail["server_code"] == "53300"


class Filled:
    """Takes all slots of a server but a few."""

    def __init__(self, server, *, keep: int) -> None:
        self.server, self.keep, self.held = server, keep, []

    def __enter__(self):
        self.server.wait_for("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'", 1)
        link = {"host": str(self.server.folder), "port": self.server.port, "user": "postgres", "dbname": "postgres"}
        for _ in range(20 - self.keep):
            self.held.append(psycopg.connect(**link))

    def __exit__(self, *_):
        for one in self.held:
            one.close()


class TestTls:
    def verify(self, certificates, mode="verify-full", **options) -> TlsOptions:
        return TlsOptions(mode=mode, ca=certificates.authority.pem, **options)

    @pytest.fixture
    def showing(self, server, certificates):
        """Let the server show another certificate for one test."""
        yield lambda kind: server.reload(**certificates.options(kind))
        server.reload(**certificates.options("good"))

    def test_is_ok_when_it_is_verified(self, server, certificates, try_as):
        checked = try_as(server, "monitor", tls=self.verify(certificates), host="localhost")

        assert (checked.outcome, checked.cause) == ("ok", None)
        tls = checked.fact.found.tls
        assert (tls.protocol, tls.verified, tls.host_matches, tls.subject) == ("TLSv1.3", True, True, "CN=localhost")
        assert server.value("SHOW ssl") == "on"

    def test_degrades_the_check_when_it_is_not(self, server, try_as):
        checked = try_as(server, "monitor", tls=REQUIRE)

        assert (checked.outcome, checked.cause) == ("degraded", "tls.unverified")

    def test_degrades_the_check_when_the_certificate_ends_soon(self, server, certificates, try_as, showing):
        showing("soon")

        checked = try_as(server, "monitor", tls=self.verify(certificates))

        assert (checked.outcome, checked.cause) == ("degraded", "tls.cert_expires_soon")

    @pytest.mark.parametrize(
        ("kind", "cause"),
        [
            ("expired", "tls.cert_expired"),
            ("not_yet_valid", "tls.cert_not_yet_valid"),
            ("other_host", "tls.host_mismatch"),
            ("unknown", "tls.unknown_ca"),
        ],
    )
    def test_ends_at_a_bad_certificate(self, server, certificates, try_as, showing, kind, cause):
        showing(kind)
        before = server.log.read_text()

        checked = try_as(server, "monitor", tls=self.verify(certificates))

        assert (checked.outcome, checked.cause, checked.failed_step) == ("failed", cause, "tls")
        assert "connection authorized" not in server.log.read_text()[len(before) :]

    def test_takes_the_certificate_of_another_host_when_only_the_authority_counts(
        self, server, certificates, try_as, showing
    ):
        showing("other_host")

        checked = try_as(server, "monitor", tls=self.verify(certificates, mode="verify-ca"))

        assert checked.outcome == "ok"
        assert checked.fact.found.tls.host_matches is False

    def test_trusts_the_authorities_of_the_system_without_one_of_ours(self, server, certificates, try_as):
        checked = try_as(server, "monitor", tls=TlsOptions(mode="verify-full"))

        assert checked.cause == "tls.unknown_ca"

    def test_shows_a_certificate_of_ours(self, server, certificates, try_as):
        cert, key = certificates.authority.issue(["by_cert"])
        mine = self.verify(certificates, client_cert=cert, client_key=key)

        with_password = try_as(server, "certified", tls=mine)
        alone = try_as(server, "by_cert", "", tls=mine)

        assert [one.steps["login"].outcome for one in (with_password, alone)] == ["ok", "ok"]
        assert alone.steps["login"].detail["method"] == "none"

    def test_tells_when_our_certificate_is_refused(self, server, certificates, try_as):
        cert, key = certificates.stranger.issue(["by_cert"])

        checked = try_as(server, "certified", tls=self.verify(certificates, client_cert=cert, client_key=key))

        assert checked.cause == "tls.client_cert_refused"

    def test_tells_when_our_certificate_is_somebody_elses(self, server, certificates, try_as):
        cert, key = certificates.authority.issue(["monitor"])

        checked = try_as(server, "by_cert", "", tls=self.verify(certificates, client_cert=cert, client_key=key))

        assert checked.cause == "tls.client_cert_refused"

    def test_gives_a_password_in_clear_to_a_verified_server_alone(self, server, certificates, try_as):
        verified = try_as(server, "clear", tls=self.verify(certificates))
        unverified = try_as(server, "clear", tls=REQUIRE)
        plain = try_as(server, "clear")

        assert verified.steps["login"].detail["method"] == "password"
        assert (unverified.cause, plain.cause) == ("guard.cleartext_refused", "guard.cleartext_refused")

    def test_takes_a_wrong_ldap_password_for_a_refused_login(self, server, certificates, try_as):
        checked = try_as(server, "by_ldap", tls=self.verify(certificates))

        assert checked.cause == "login.refused"

    def test_is_not_offered(self, server, try_as):
        server.reload(ssl="off")
        required = try_as(server, "monitor", tls=REQUIRE)
        preferred = try_as(server, "monitor", tls=TlsOptions(mode="prefer"))
        disabled = try_as(server, "monitor", tls=PLAIN)
        server.reload(ssl="on")

        assert (required.outcome, required.cause, required.failed_step) == ("failed", "tls.not_offered", "tls")
        assert (preferred.outcome, preferred.cause) == ("degraded", "tls.plaintext")
        assert disabled.outcome == "ok"


class TestPrivileges:
    def test_are_all_there_for_a_member_of_pg_monitor_that_may_connect_everywhere(self, server, try_as):
        checked = try_as(server, "monitor")

        assert checked.steps["privileges"].outcome == "ok"
        assert {one.cause for one in checked.privileges.values()} == {None}

    def test_that_are_filtered_degrade_the_check_and_name_the_grants(self, server, try_as):
        checked = try_as(server, "plain")

        assert (checked.outcome, checked.cause) == ("degraded", "privilege.filtered")
        assert {need: one.cause for need, one in checked.privileges.items()} == {
            "identify": None,
            "replication": "privilege.filtered",
            "accounts": None,
            "object_privileges": "privilege.filtered",
            "sizes": "privilege.filtered",
        }
        assert checked.privileges["replication"].grant == 'GRANT pg_monitor TO "plain";'
        assert checked.privileges["object_privileges"].grant == 'GRANT CONNECT ON DATABASE denied TO "plain";'

    def test_are_all_there_without_pg_monitor_for_who_has_its_two_parts(self, server, try_as):
        server.run(
            "GRANT pg_read_all_stats, pg_read_all_settings TO plain", "GRANT CONNECT ON DATABASE denied TO plain"
        )
        checked = try_as(server, "plain")
        server.run("REVOKE pg_read_all_stats, pg_read_all_settings FROM plain")
        server.run("REVOKE CONNECT ON DATABASE denied FROM plain")

        assert checked.outcome == "ok"

    def test_that_are_missing_are_named_one_by_one(self, server, try_as):
        right = "SELECT ON pg_catalog.pg_auth_members"
        server.run(f"REVOKE {right} FROM PUBLIC")
        checked = try_as(server, "plain")
        grant = checked.privileges["accounts"].grant
        server.run(grant)
        mended = try_as(server, "plain")
        server.run(f"REVOKE {right} FROM plain", f"GRANT {right} TO PUBLIC")

        assert (checked.outcome, checked.cause) == ("degraded", "privilege.missing")
        assert checked.steps["privileges"].outcome == "failed"
        assert checked.privileges["accounts"].missing == [right]
        assert checked.privileges["accounts"].server_code == "42501"
        assert mended.privileges["accounts"].cause is None

    def test_leave_identify_alone_and_the_other_way_round(self, server, try_as):
        server.run("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        checked = try_as(server, "plain")
        server.run("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC")

        assert checked.steps["identify"].detail["not_told"] == ["identity"]
        assert checked.server.identity is None
        assert checked.server.role == "standalone"
        assert checked.privileges["identify"].grant == (
            'GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO "plain";'
        )


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
