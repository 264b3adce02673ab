"""Each error of server, driver and network as its cause."""

import errno
import socket
import ssl
import struct

import pytest
from pymysql import MySQLError
from pymysql.err import InterfaceError, InternalError, OperationalError, ProgrammingError, raise_mysql_exception

from app.engines.errors import CAUSES, StepFailed
from app.engines.mysql import causes
from app.engines.mysql.causes import failure, translating

AT_LOGIN = {
    1021: "server.storage_full",
    1037: "server.out_of_memory",
    1038: "server.out_of_memory",
    1040: "server.too_many_connections",
    1041: "server.out_of_memory",
    1044: "database.access_denied",
    1045: "login.refused",
    1047: "server.cluster_not_ready",
    1049: "database.unknown",
    1053: "server.shutting_down",
    1114: "server.storage_full",
    1129: "access.host_blocked",
    1130: "access.host_not_allowed",
    1135: "server.too_many_connections",
    1184: "login.trigger_refused",
    1203: "login.account_limit",
    1226: "login.account_limit",
    1251: "login.method_unsupported",
    1275: "login.method_unsupported",
    1524: "login.method_unsupported",
    1698: "login.refused",
    1820: "login.password_expired",
    1862: "login.password_expired",
    2026: "tls.not_offered",
    2059: "login.method_unsupported",
    2061: "login.method_unsupported",
    3032: "server.restricted",
    3118: "login.account_locked",
    3159: "tls.required",
    3955: "login.blocked_after_failures",
    4031: "server.connection_lost",
    4150: "login.blocked_after_failures",
    4151: "login.account_locked",
    9001: "proxy.error",
    9006: "proxy.error",
    12345: "login.other",
    40000: "login.other",
}
IN_A_STATEMENT = {
    1044: "privilege.missing",
    1053: "server.shutting_down",
    1142: "privilege.missing",
    1143: "privilege.missing",
    1205: "query.lock_timeout",
    1227: "privilege.missing",
    1317: "query.cancelled",
    1370: "privilege.missing",
    1820: "login.password_expired",
    1927: "server.connection_lost",
    1969: "query.timeout",
    2006: "server.connection_lost",
    2013: "server.connection_lost",
    3024: "query.timeout",
    3572: "query.lock_timeout",
    4031: "server.connection_lost",
    9001: "proxy.error",
    9006: "proxy.error",
    1064: "query.other",
}


def over(inner: BaseException, number: int = 2013) -> MySQLError:
    """Return the driver's error as it looks when another one lies under it."""
    exc = OperationalError(number, f"Lost connection ({inner})")
    exc.__context__ = inner
    return exc


def alert(reason: str) -> ssl.SSLError:
    exc = ssl.SSLError(1, f"[SSL: {reason}] (_ssl.c:1)")
    exc.reason = reason
    return exc


class TestANumber:
    @pytest.mark.parametrize(("number", "cause"), AT_LOGIN.items())
    def test_means_this_at_login(self, number: int, cause: str) -> None:
        assert failure(OperationalError(number, "text"), "login").cause == cause

    @pytest.mark.parametrize(("number", "cause"), IN_A_STATEMENT.items())
    def test_means_this_in_a_statement(self, number: int, cause: str) -> None:
        assert failure(ProgrammingError(number, "text"), "query").cause == cause

    def test_is_never_forced_into_a_code(self) -> None:
        found = failure(OperationalError(1234, "Something new"), "login")

        assert found.cause == "login.other"
        assert found.detail == {"server_code": 1234, "server_text": "Something new"}

    def test_has_a_cause_that_exists(self) -> None:
        assert set(causes._NUMBERS.values()) <= set(CAUSES)

    def test_is_read_without_a_sign(self) -> None:
        """The driver takes two bytes for a number with a sign."""
        with pytest.raises(MySQLError) as raised:
            raise_mysql_exception(b"\xff" + struct.pack("<H", 40_000) + b"#HY000text")

        assert failure(raised.value, "login").detail["server_code"] == 40_000


class TestTheText:
    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("Access denied for user 'muster'@'10.1.2.3' (using password: YES)", "10.1.2.3"),
            ("Access denied for user 'a b'@'db.example.com' to database 'x'", "db.example.com"),
            ("Host '10.1.2.3' is not allowed to connect to this MySQL server", "10.1.2.3"),
            (
                "Host '::1' is blocked because of many connection errors; unblock with 'mariadb-admin flush-hosts'",
                "::1",
            ),
            ("Zugriff verweigert", None),
            ("", None),
        ],
    )
    def test_names_our_address(self, text: str, address: str | None) -> None:
        assert failure(OperationalError(1045, text), "login").detail.get("our_address") == address

    def test_is_cleaned(self) -> None:
        text = failure(OperationalError(1045, "a\x1b[31m\u202eb" + "x" * 9_000), "login").detail["server_text"]

        assert text.startswith("a[31mb")
        assert len(text) == 500


class TestAnEndedConnection:
    @pytest.mark.parametrize(
        ("phase", "cause"),
        [("greeting", "connect.closed"), ("login", "connect.closed"), ("query", "server.connection_lost")],
    )
    def test_means_this(self, phase: causes.Phase, cause: str) -> None:
        assert failure(OperationalError(2013, "Lost connection to MySQL server during query"), phase).cause == cause
        assert failure(over(ConnectionResetError(errno.ECONNRESET, "reset")), phase).cause == cause
        assert failure(over(BrokenPipeError(errno.EPIPE, "pipe"), 2006), phase).cause == cause
        assert failure(over(ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), 2006), phase).cause == cause

    @pytest.mark.parametrize(
        ("phase", "cause"), [("greeting", "greeting.silent"), ("login", "check.deadline"), ("query", "query.timeout")]
    )
    def test_was_a_silence(self, phase: causes.Phase, cause: str) -> None:
        assert failure(over(TimeoutError("timed out")), phase).cause == cause

    @pytest.mark.parametrize(
        ("reason", "cause"),
        [
            ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls.client_cert_required"),
            ("TLSV1_ALERT_UNKNOWN_CA", "tls.client_cert_refused"),
            ("SSLV3_ALERT_BAD_CERTIFICATE", "tls.client_cert_refused"),
            ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "tls.client_cert_refused"),
            ("TLSV1_ALERT_PROTOCOL_VERSION", "tls.protocol_too_old"),
        ],
    )
    def test_was_an_alert(self, reason: str, cause: str) -> None:
        assert failure(over(alert(reason)), "login").cause == cause


class TestTheNetwork:
    @pytest.mark.parametrize(
        ("inner", "cause"),
        [
            (socket.gaierror(socket.EAI_NONAME, "unknown"), "resolve.not_found"),
            (socket.gaierror(socket.EAI_AGAIN, "again"), "resolve.try_again"),
            (ConnectionResetError(errno.ECONNRESET, "reset"), "connect.closed"),
            (alert("WRONG_VERSION_NUMBER"), "tls.plain_answer"),
        ],
    )
    def test_lies_under_what_the_driver_calls_2003(self, inner: OSError, cause: str) -> None:
        exc = OperationalError(2003, "Can't connect")
        exc.original_exception = inner

        assert failure(exc, "login").cause == cause


class TestTheDriver:
    @pytest.mark.parametrize(
        ("raised", "cause", "detail"),
        [
            (RuntimeError("'pynacl' package is required for ed25519"), "driver.missing", {"package": "pynacl"}),
            (AssertionError("of what the peer sent"), "login.other", {"server_text": "unreadable: AssertionError"}),
            (IndexError("x"), "login.other", {"server_text": "unreadable: IndexError"}),
            (struct.error("x"), "login.other", {"server_text": "unreadable: error"}),
            (
                UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
                "login.other",
                {"server_text": "unreadable: UnicodeDecodeError"},
            ),
            (
                OperationalError("received multiple auth switch requests"),
                "login.other",
                {"server_text": "received multiple auth switch requests"},
            ),
            (
                InternalError("Packet sequence number wrong - got 45 expected 0"),
                "login.other",
                {"server_text": "Packet sequence number wrong - got 45 expected 0"},
            ),
            (InterfaceError(0, ""), "login.other", {"server_code": 0, "server_text": ""}),
            (OSError(errno.EBADF, "bad"), "connect.closed", {}),
        ],
    )
    def test_is_translated(self, raised: Exception, cause: str, detail: dict[str, object]) -> None:
        with pytest.raises(StepFailed) as found, translating("login"):
            raise raised

        assert (found.value.cause, found.value.detail) == (cause, detail)
        assert found.value.__suppress_context__

    def test_lets_a_failure_of_ours_pass(self) -> None:
        ours = StepFailed("guard.cleartext_refused")

        with pytest.raises(StepFailed) as found, translating("login"):
            raise ours

        assert found.value is ours
