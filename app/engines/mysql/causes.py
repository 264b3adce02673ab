"""From the errors of server and driver to cause codes."""

import re
import socket
import ssl
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from pymysql import MySQLError

from app.engines import tls
from app.engines.errors import Cause, StepFailed, clean

Phase = Literal["greeting", "login", "query"]

# Errors that mean the same whenever they come.
_NUMBERS: Mapping[int, Cause] = {
    1021: "server.storage_full",
    1037: "server.out_of_memory",
    1038: "server.out_of_memory",
    1040: "server.too_many_connections",
    1041: "server.out_of_memory",
    1045: "login.refused",
    1047: "server.cluster_not_ready",
    1049: "database.unknown",
    1053: "server.shutting_down",
    1114: "server.storage_full",
    1129: "access.host_blocked",
    1130: "access.host_not_allowed",
    1135: "server.too_many_connections",
    1142: "privilege.missing",
    1143: "privilege.missing",
    1184: "login.trigger_refused",  # a closed connection, of which this number says why: init_connect failed
    1203: "login.account_limit",
    1205: "query.lock_timeout",
    1226: "login.account_limit",
    1227: "privilege.missing",
    1251: "login.method_unsupported",
    1275: "login.method_unsupported",
    1317: "query.cancelled",
    1370: "privilege.missing",
    1524: "login.method_unsupported",
    1698: "login.refused",
    1820: "login.password_expired",
    1862: "login.password_expired",
    1927: "server.connection_lost",
    1969: "query.timeout",
    2026: "tls.not_offered",
    2059: "login.method_unsupported",
    2061: "login.method_unsupported",
    3024: "query.timeout",
    3032: "server.restricted",
    3118: "login.account_locked",
    3159: "tls.required",
    3572: "query.lock_timeout",
    3955: "login.blocked_after_failures",
    4031: "server.connection_lost",
    4150: "login.blocked_after_failures",
    4151: "login.account_locked",
    9001: "proxy.error",
    9006: "proxy.error",
}
_CONNECTION_ENDED = frozenset({2006, 2013})
_DRIVERS_OWN = range(2000, 2100)  # the numbers of the client library: their text is the driver's, not the server's
_OUT_OF_STEP = "Packet sequence number wrong"
_NO_NACL = "pynacl"
# What the driver runs into when a peer does not keep to the protocol.
BROKEN = (
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
_ACCOUNT = re.compile(r"'[^']*'@'(?P<host>[^']+)'")
_HOST = re.compile(r"[Hh]ost '(?P<host>[^']+)'")


@contextmanager
def translating(phase: Phase) -> Iterator[None]:
    """Turn what the driver raises into a cause; nothing of its exception goes on, which may hold the connection.

    :raises StepFailed: for each error of the driver, of the network or of the protocol.
    """
    try:
        yield
    except MySQLError as exc:
        raise failure(exc, phase) from None
    except OSError as exc:
        raise _of_network(exc, phase) from None
    except BROKEN as exc:
        raise _of_protocol(exc, phase) from None


def failure(exc: MySQLError, phase: Phase) -> StepFailed:
    """Return the cause of an error, with number and text as the server gave them."""
    number, text = _number_and_text(exc)
    inner = getattr(exc, "original_exception", None) or exc.__context__
    if number is None or number in _CONNECTION_ENDED or number == 2003:  # noqa: PLR2004 - CR_CONN_HOST_ERROR
        return _of_network(inner, phase) if isinstance(inner, OSError) else _without_number(number, text, phase)
    cause = _cause_of(number, phase)
    told = {} if number in _DRIVERS_OWN else {"our_address": our_address(text)}
    return StepFailed(cause, code=number, text=text, detail={name: one for name, one in told.items() if one})


def is_out_of_step(exc: MySQLError) -> bool:
    """Tell whether the driver met bytes that are no packet of the protocol."""
    return str(exc.args[0] if exc.args else "").startswith(_OUT_OF_STEP)


def our_address(text: str) -> str | None:
    """Return the host that a refusal names: ours, as the server sees it, and as its GRANTs have to name it."""
    found = _ACCOUNT.search(text) or _HOST.search(text)
    return clean(found["host"]) if found else None


def _number_and_text(exc: MySQLError) -> tuple[int | None, str]:
    if exc.args and isinstance(exc.args[0], int):
        # The driver reads two bytes without a sign as if they had one.
        return exc.args[0] & 0xFFFF, str(exc.args[1]) if len(exc.args) > 1 else ""
    return None, str(exc.args[0]) if exc.args else ""


def _cause_of(number: int, phase: Phase) -> Cause:
    if number == 1044:  # noqa: PLR2004 - ER_DBACCESS_DENIED_ERROR: the database of the login, or a schema asked about
        return "privilege.missing" if phase == "query" else "database.access_denied"
    return _NUMBERS.get(number, "query.other" if phase == "query" else "login.other")


def _without_number(number: int | None, text: str, phase: Phase) -> StepFailed:
    """Return the cause of an ended connection, or of what only the driver has words for."""
    if number is None:
        return StepFailed("query.other" if phase == "query" else "login.other", text=text)
    return _closed(phase)


def _of_network(exc: OSError, phase: Phase) -> StepFailed:
    """Return the cause of an error of the network under the driver's own."""
    if isinstance(exc, socket.gaierror):
        return StepFailed("resolve.try_again" if exc.errno == socket.EAI_AGAIN else "resolve.not_found", code=exc.errno)
    if isinstance(exc, TimeoutError):
        late: Mapping[Phase, Cause] = {"greeting": "greeting.silent", "login": "check.deadline"}
        return StepFailed(late.get(phase, "query.timeout"))
    # With TLS 1.3 a server says only after the handshake what it thinks of our certificate.
    if isinstance(exc, ssl.SSLError) and not isinstance(exc, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return tls.failure(exc)
    return _closed(phase)


def _of_protocol(exc: Exception, phase: Phase) -> StepFailed:
    """Return the cause of an answer that the driver could not read, or of a package that it misses."""
    if isinstance(exc, RuntimeError) and _NO_NACL in str(exc):
        return StepFailed("driver.missing", detail={"package": _NO_NACL})
    # No word of the exception: it may quote what the peer sent, at any length.
    return StepFailed("query.other" if phase == "query" else "login.other", text=f"unreadable: {type(exc).__name__}")


def _closed(phase: Phase) -> StepFailed:
    return StepFailed("server.connection_lost" if phase == "query" else "connect.closed")
