"""Logins to a server of ours, by the real driver: what is told, what is asked, and in which order."""

from dataclasses import replace

import pytest

from app.engines.base import ConnectionSpec, TlsOptions
from tests.engine_suite.suite import SECRET, LoginSuite, check
from tests.integration.engines.oracle.conftest import spec_of, step_of
from tests.integration.engines.oracle.test_tls import server_context
from tests.support.databases import oracle_server, tns_listener
from tests.support.databases.oracle_server import OraError, Slow
from tests.support.databases.tns_listener import within_tls

DENIED = OraError(942, "ORA-00942: table or view does not exist\n")


class TestALogin(LoginSuite):
    @pytest.fixture
    def reachable(self, run) -> ConnectionSpec:
        return spec_of(run(oracle_server.standard("muster", SECRET).behave).port)


AT_LOGIN = {
    "ORA-00018: maximum number of sessions exceeded": "server.too_many_connections",
    "ORA-00020: maximum number of processes (300) exceeded": "server.too_many_connections",
    "ORA-00257: Archiver error. Connect AS SYSDBA only until resolved.": "server.storage_full",
    "ORA-01033: ORACLE initialization or shutdown in progress": "server.standby_closed",
    "ORA-01034: ORACLE not available\nORA-27101: shared memory realm does not exist": "server.instance_down",
    "ORA-01035: ORACLE only available to users with RESTRICTED SESSION privilege": "server.restricted",
    "ORA-01045: user MUSTER lacks CREATE SESSION privilege; logon denied": "login.no_session_right",
    "ORA-01089: immediate shutdown in progress - no operations are permitted": "server.shutting_down",
    "ORA-01109: database not open": "database.not_open",
    "ORA-02391: exceeded simultaneous SESSIONS_PER_USER limit": "login.account_limit",
    "ORA-28000: The account is locked.": "login.account_locked",
    "ORA-28001: the password has expired": "login.password_expired",
    "ORA-28040: No matching authentication protocol": "login.method_unsupported",
    "ORA-00604: error occurred at recursive SQL level 1\nORA-20001: not at night": "login.trigger_refused",
    "ORA-04031: unable to allocate 40 bytes of shared memory": "server.out_of_memory",
    "ORA-09999: whatever this is": "login.other",
    # The same numbers in a server that speaks Chinese.
    "ORA-28000: 帐户已被锁定": "login.account_locked",
    "ORA-01045: 用户 MUSTER 没有 CREATE SESSION 权限; 登录被拒绝": "login.no_session_right",
}


class TestARefusedLogin:
    @pytest.mark.parametrize(("text", "cause"), AT_LOGIN.items(), ids=lambda value: value[:9])
    def test_becomes_its_cause(self, run, text, cause):
        refusal = OraError(int(text[4:9]), text + "\n")
        here = run(oracle_server.standard("muster", SECRET, at_login=refusal).behave)

        done = check(spec_of(here.port))

        assert done.verdict.cause == cause
        assert done.verdict.outcome == ("reachable" if cause == "server.standby_closed" else "failed")
        assert step_of(done, "login").detail["server_code"] == text[:9]
        assert text.split(": ")[1].split("\n")[0] in step_of(done, "login").detail["server_text"]

    def test_is_tried_once(self, run):
        here = run(oracle_server.standard("muster", SECRET).behave)
        spec = spec_of(here.port)

        check(replace(spec, login=replace(spec.login, password="other")))

        assert here.connections == 1


class TestTheWayBehindALogin:
    def test_reads_in_one_transaction_that_cannot_write(self, run):
        database = oracle_server.standard("muster", SECRET)

        check(spec_of(run(database.behave).port))

        assert database.asked[0] == "SET TRANSACTION READ ONLY"
        assert all(one.lstrip().startswith("SELECT") for one in database.asked[1:])

    def test_says_who_answered(self, run):
        done = check(spec_of(run(oracle_server.standard("muster", SECRET).behave).port))

        server = done.found.server
        assert (server.engine, server.version, server.edition) == ("oracle", "19.21.0.0.0", "Enterprise Edition")
        assert (server.role, server.read_only, server.uptime_s) == ("primary", False, 86_400)
        assert server.our_address == "127.0.0.1"
        assert server.session_user == "MUSTER"
        assert server.identity.strength == "strong"

    def test_is_degraded_where_rights_are_missing(self, run):
        answers = {"sys.v_$database ": DENIED, "FROM v$database": DENIED, "sys.dba_users ": DENIED}
        database = oracle_server.standard("muster", SECRET, answers=answers)

        done = check(spec_of(run(database.behave).port))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "privilege.missing")
        assert {one.need: one.grant for one in done.found.privileges if one.cause} == {
            "identify": "GRANT SELECT ON SYS.V_$DATABASE TO MUSTER;",
            "accounts": "GRANT SELECT ON SYS.DBA_USERS TO MUSTER;",
        }
        assert done.found.server.role == "primary"
        assert done.found.server.identity.strength == "weak"  # no DBID without V$DATABASE

    def test_tells_a_statement_that_takes_too_long(self, run):
        database = oracle_server.standard("muster", SECRET, answers={"all_users": Slow()})

        done = check(spec_of(run(database.behave).port, statement_timeout_ms=300))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "query.timeout")
        assert step_of(done, "identify").detail["server_code"] in {"DPY-4024", "ORA-01013"}

    def test_ends_with_the_deadline_whatever_a_statement_does(self, run):
        database = oracle_server.standard("muster", SECRET, answers={"all_users": Slow()})

        done = check(spec_of(run(database.behave).port, deadline_ms=700))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "check.deadline")

    def test_tells_a_connection_that_was_lost(self, run):
        database = oracle_server.standard("muster", SECRET, answers={"all_users": oracle_server.GONE})

        done = check(spec_of(run(database.behave).port))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "server.connection_lost")

    def test_tells_a_session_that_was_killed(self, run):
        killed = OraError(28, "ORA-00028: your session has been killed\n")
        database = oracle_server.standard("muster", SECRET, answers={"all_users": killed})

        done = check(spec_of(run(database.behave).port))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "server.connection_lost")
        assert step_of(done, "identify").detail["server_code"] == "ORA-00028"

    def test_asks_no_name_of_a_service_that_is_no_plain_word_twice(self, run):
        here = run(tns_listener.refuses(12514))

        check(spec_of(here.port, service_name="orders.example.com"))

        assert here.received.count(b"(SERVICE_NAME=orders.example.com)") == 1

    def test_works_over_tls(self, run, authority):
        database = oracle_server.standard("muster", SECRET)
        here = run(within_tls(server_context(authority, ["127.0.0.1"]), database.behave))

        done = check(spec_of(here.port, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("ok", None)
        assert database.logins == 1
        assert here.connections == 1
