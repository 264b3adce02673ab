"""What the driver raises, as recorded against listeners of ours, and the causes that it becomes.

The texts behind a DPY number are the driver's own; those behind an ORA number are as Oracle documents them.
"""

from itertools import pairwise

import oracledb
import pytest

from app.engines.errors import CAUSES, StepFailed
from app.engines.oracle import causes

_WRAP = "DPY-6005: cannot connect to database (CONNECTION_ID=3WL04ofBcAGi4y9zYszqfg==)."
_HELP = "\nHelp: https://python-oracledb.readthedocs.io/en/latest/user_guide/troubleshooting.html#dpy-4011"
_REFUSED = "DPY-6000: Listener refused connection. (Similar to ORA-{})"


def raised(*texts: str, kind: type[Exception] = oracledb.DatabaseError) -> BaseException:
    """Return exceptions that follow from each other, the outermost first."""
    chain = [kind(text) for text in texts]
    for outer, inner in pairwise(chain):
        outer.__cause__ = inner
    return chain[0]


def wrapped(text: str) -> BaseException:
    return raised(f"{_WRAP}\n{text}", text, kind=oracledb.OperationalError)


BEFORE_THE_LOGIN = [
    (
        'DPY-6001: Service "x" is not registered with the listener at host "db1" port 1521. (Similar to ORA-12514)',
        "service.unknown",
        "ORA-12514",
    ),
    (
        'DPY-6003: SID "x" is not registered with the listener at host "db1" port 1521. (Similar to ORA-12505)',
        "service.unknown",
        "ORA-12505",
    ),
    (_REFUSED.format("12504"), "service.unknown", "ORA-12504"),
    (_REFUSED.format("12521"), "service.unknown", "ORA-12521"),
    (_REFUSED.format("12506"), "access.host_not_allowed", "ORA-12506"),
    (_REFUSED.format("12529"), "access.host_not_allowed", "ORA-12529"),
    (_REFUSED.format("12564"), "access.host_not_allowed", "ORA-12564"),
    (_REFUSED.format("12516"), "server.too_many_connections", "ORA-12516"),
    (_REFUSED.format("12518"), "server.too_many_connections", "ORA-12518"),
    (_REFUSED.format("12519"), "server.too_many_connections", "ORA-12519"),
    (_REFUSED.format("12520"), "server.too_many_connections", "ORA-12520"),
    (_REFUSED.format("12526"), "server.restricted", "ORA-12526"),
    (_REFUSED.format("12527"), "service.blocked", "ORA-12527"),
    (_REFUSED.format("12528"), "service.blocked", "ORA-12528"),
    (_REFUSED.format("12525"), "greeting.silent", "ORA-12525"),
    (_REFUSED.format("12537"), "connect.closed", "ORA-12537"),
    (_REFUSED.format("12547"), "connect.closed", "ORA-12547"),
    (_REFUSED.format("12541"), "connect.refused", "ORA-12541"),
    (_REFUSED.format("12170"), "connect.timeout", "ORA-12170"),
    (_REFUSED.format("12535"), "connect.timeout", "ORA-12535"),
    (_REFUSED.format("12543"), "connect.unreachable", "ORA-12543"),
    (_REFUSED.format("12545"), "resolve.not_found", "ORA-12545"),
    (_REFUSED.format("12262"), "resolve.not_found", "ORA-12262"),
    (_REFUSED.format("12650"), "tls.required", "ORA-12650"),
    (_REFUSED.format("12660"), "tls.required", "ORA-12660"),
    (_REFUSED.format("12638"), "login.method_unsupported", "ORA-12638"),
    (_REFUSED.format("28860"), "tls.no_common_cipher", "ORA-28860"),
    (_REFUSED.format("29003"), "tls.host_mismatch", "ORA-29003"),
    (_REFUSED.format("29019"), "tls.protocol_too_old", "ORA-29019"),
    (_REFUSED.format("29024"), "tls.other", "ORA-29024"),
    (_REFUSED.format("1034"), "server.instance_down", "ORA-01034"),
    (_REFUSED.format("unknown"), "login.other", "DPY-6000"),
    ("DPY-5005: unexpected refuse packet", "login.other", "DPY-5005"),
    (f"DPY-4011: the database or network closed the connection{_HELP}", "connect.closed", "DPY-4011"),
    (
        "DPY-3010: connections to this database server version are not supported by python-oracledb in thin mode",
        "driver.server_unsupported",
        "DPY-3010",
    ),
    ("DPY-6002: the distinguished name (DN) on the server certificate does not match", "tls.host_mismatch", "DPY-6002"),
    ("DPY-6006: The name on the server certificate does not match", "tls.host_mismatch", "DPY-6006"),
    ("DPY-3001: bequeath is only supported in python-oracledb thick mode", "login.method_unsupported", "DPY-3001"),
]
AT_THE_LOGIN = [
    ("ORA-01017: invalid username/password; logon denied", "login.refused", "ORA-01017"),
    ("ORA-01017: 用户名/口令无效; 登录被拒绝", "login.refused", "ORA-01017"),
    ("ORA-01017: invalid credential or not authorized; logon denied", "login.refused", "ORA-01017"),
    ("ORA-01005: null password given; logon denied", "login.refused", "ORA-01005"),
    ("DPY-4001: no credentials specified", "login.refused", "DPY-4001"),
    ("ORA-28000: The account is locked.", "login.account_locked", "ORA-28000"),
    ("ORA-28001: the password has expired", "login.password_expired", "ORA-28001"),
    ("ORA-01045: user X lacks CREATE SESSION privilege; logon denied", "login.no_session_right", "ORA-01045"),
    ("ORA-02391: exceeded simultaneous SESSIONS_PER_USER limit", "login.account_limit", "ORA-02391"),
    ("ORA-28040: No matching authentication protocol", "login.method_unsupported", "ORA-28040"),
    ("DPY-3015: password verifier type 0x939 is not supported", "login.method_unsupported", "DPY-3015"),
    ("DPY-5016: ANO encryption service received a status failure", "login.method_unsupported", "DPY-5016"),
    ("DPY-3016: python-oracledb thin mode cannot be used because the cryptography package", "driver.missing", None),
    ("DPY-4035: invalid server response to login request", "greeting.other_engine", "DPY-4035"),
    (
        "ORA-00604: error occurred at recursive SQL level 1\nORA-20001: not at night\nORA-06512: at line 4",
        "login.trigger_refused",
        "ORA-00604",
    ),
    (
        "ORA-04088: error during execution of trigger 'SYS.NIGHT'\nORA-20001: not at night",
        "login.trigger_refused",
        "ORA-04088",
    ),
    (
        "ORA-00604: error occurred at recursive SQL level 1\nORA-04031: unable to allocate 4 bytes",
        "server.out_of_memory",
        "ORA-00604",
    ),
    ("ORA-00604: error occurred at recursive SQL level 1\nORA-09876: what", "login.other", "ORA-00604"),
    ("ORA-01033: ORACLE initialization or shutdown in progress", "server.standby_closed", "ORA-01033"),
    ("ORA-01034: ORACLE not available\nORA-27101: shared memory realm", "server.instance_down", "ORA-01034"),
    ("ORA-27101: shared memory realm does not exist", "server.instance_down", "ORA-27101"),
    ("ORA-01035: ORACLE only available to users with RESTRICTED SESSION", "server.restricted", "ORA-01035"),
    ("ORA-01109: database not open", "database.not_open", "ORA-01109"),
    ("ORA-01219: database or pluggable database not open", "database.not_open", "ORA-01219"),
    ("ORA-00018: maximum number of sessions exceeded", "server.too_many_connections", "ORA-00018"),
    ("ORA-00020: maximum number of processes (300) exceeded", "server.too_many_connections", "ORA-00020"),
    ("ORA-00257: Archiver error", "server.storage_full", "ORA-00257"),
    ("ORA-01090: shutdown in progress - connection is not permitted", "server.shutting_down", "ORA-01090"),
    ("ORA-04030: out of process memory", "server.out_of_memory", "ORA-04030"),
    ("ORA-27102: out of memory", "server.out_of_memory", "ORA-27102"),
    ("ORA-03134: Connections to this server version are no longer supported.", "driver.server_unsupported", None),
    # The driver counts these as a lost connection and keeps the server's line.
    (
        "DPY-4011: the database or network closed the connection\nORA-01089: immediate shutdown in progress",
        "server.shutting_down",
        "ORA-01089",
    ),
    ("DPY-4011: the database or network closed the connection\nORA-01092: terminated", "server.shutting_down", None),
    (
        "DPY-4011: the database or network closed the connection\nORA-12537: TNS:connection closed",
        "connect.closed",
        None,
    ),
    ("ORA-09999: whatever this is", "login.other", "ORA-09999"),
]
AT_A_STATEMENT = [
    ("ORA-00942: table or view does not exist", "privilege.missing", "ORA-00942"),
    ("ORA-01031: insufficient privileges", "privilege.missing", "ORA-01031"),
    ("ORA-41900: missing READ privilege on SYS.X", "privilege.missing", "ORA-41900"),
    ("ORA-00054: resource busy and acquire with NOWAIT specified", "query.lock_timeout", "ORA-00054"),
    ("ORA-04021: timeout occurred while waiting to lock object", "query.lock_timeout", "ORA-04021"),
    ("ORA-01013: user requested cancel of current operation", "query.cancelled", "ORA-01013"),
    ("DPY-4024: call timeout of 5000 ms exceeded", "query.timeout", "DPY-4024"),
    ("ORA-00028: your session has been killed", "server.connection_lost", "ORA-00028"),
    ("ORA-02396: exceeded maximum idle time, please connect again", "server.connection_lost", "ORA-02396"),
    ("ORA-03113: end-of-file on communication channel", "server.connection_lost", "ORA-03113"),
    ("ORA-03114: not connected to ORACLE", "server.connection_lost", "ORA-03114"),
    ("ORA-03135: connection lost contact", "server.connection_lost", "ORA-03135"),
    ("DPY-4011: the database or network closed the connection", "server.connection_lost", "DPY-4011"),
    ("ORA-01219: database not open: queries allowed on fixed tables only", "database.not_open", "ORA-01219"),
    ("ORA-04031: unable to allocate 40 bytes of shared memory", "server.out_of_memory", "ORA-04031"),
    ('ORA-00904: "VERSION_FULL": invalid identifier', "query.other", "ORA-00904"),
]


class TestALoginThatFails:
    @pytest.mark.parametrize(("text", "cause", "code"), BEFORE_THE_LOGIN, ids=lambda value: str(value)[:24])
    def test_before_the_server_is_reached_tells_why(self, text, cause, code):
        failed = causes.of_login(wrapped(text))

        assert failed.cause == cause
        assert failed.detail["server_code"] == code

    @pytest.mark.parametrize(("text", "cause", "code"), AT_THE_LOGIN, ids=lambda value: str(value)[:24])
    def test_at_the_server_tells_why(self, text, cause, code):
        failed = causes.of_login(raised(text))

        assert failed.cause == cause
        assert code is None or failed.detail["server_code"] == code

    def test_shows_the_servers_words_and_none_of_the_drivers_wrapping(self):
        failed = causes.of_login(wrapped(f"DPY-4011: the database or network closed the connection{_HELP}"))

        assert failed.detail["server_text"] == "DPY-4011: the database or network closed the connection"

    def test_by_a_reason_of_ours_keeps_it(self):
        outer = oracledb.OperationalError(_WRAP)
        outer.__cause__ = StepFailed("guard.redirect_refused", detail={"redirect": "db9:1521"})

        failed = causes.of_login(outer)

        assert (failed.cause, failed.detail) == ("guard.redirect_refused", {"redirect": "db9:1521"})

    def test_in_the_drivers_own_code_is_told_by_its_kind_alone(self):
        failed = causes.of_login(ValueError("S3cret stands in these words"))

        assert (failed.cause, failed.detail) == ("login.other", {"kind": "ValueError"})

    def test_by_a_socket_is_a_closed_connection(self):
        outer = oracledb.OperationalError(f"{_WRAP}\n[Errno 104] Connection reset by peer")
        outer.__cause__ = ConnectionResetError(104, "Connection reset by peer")

        assert causes.of_login(outer).cause == "connect.closed"


class TestAStatementThatFails:
    @pytest.mark.parametrize(("text", "cause", "code"), AT_A_STATEMENT, ids=lambda value: str(value)[:24])
    def test_tells_why(self, text, cause, code):
        failed = causes.of_statement(raised(text))

        assert (failed.cause, failed.detail["server_code"]) == (cause, code)

    def test_by_an_error_inside_of_another_tells_the_inner_one(self):
        text = "ORA-00604: error occurred at recursive SQL level 1\nORA-01031: insufficient privileges"

        assert causes.of_statement(raised(text)).cause == "privilege.missing"

    def test_by_a_raised_error_is_no_trigger_of_a_login(self):
        text = "ORA-00604: error occurred at recursive SQL level 1\nORA-20001: no"

        assert causes.of_statement(raised(text)).cause == "query.other"


class TestARefusal:
    def test_without_a_number_is_not_forced_into_a_cause(self):
        assert causes.of_refusal(None, "no").cause == "login.other"

    def test_with_a_number_is_translated(self):
        assert causes.of_refusal(12528, "(ERR=12528)").cause == "service.blocked"


def test_every_cause_of_the_tables_exists():
    assert {*causes.AT_LOGIN.values(), *causes.AT_STATEMENT.values()} <= set(CAUSES)
