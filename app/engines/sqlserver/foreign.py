"""What answers on a port where a SQL Server was expected."""

import socket
import ssl

from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.dialing import dial
from app.engines.errors import StepFailed

_STRICT = "tds/8.0"
_MYSQL_PROTOCOL = 0x0A
_MYSQL_ERROR = 0xFF
_MYSQL_BODY = 4  # three bytes of length, one of sequence
_NO_DATABASE = ((b"SSH-", "ssh"), (b"HTTP/", "http"), (b"220", "smtp or ftp"), (b"+OK", "pop3"), (b"* OK", "imap"))


def failure(begun: bytes) -> StepFailed:
    """Return what an answer shows that is no TDS; it begins with these bytes."""
    for start, service in _NO_DATABASE:
        if begun.startswith(start):
            return StepFailed("greeting.not_a_database", detail={"speaks": service})
    if len(begun) > _MYSQL_BODY and begun[_MYSQL_BODY] in {_MYSQL_PROTOCOL, _MYSQL_ERROR}:
        return StepFailed("greeting.other_engine", detail={"engine": "mysql or mariadb"})
    return StepFailed("greeting.not_a_database", detail={"begins": begun[:16].hex()})


def is_strict(address: Address, port: int, deadline: Deadline, *, timeout_ms: int) -> bool:
    """Tell whether a server that hung up on PRELOGIN wants TDS 8: TLS before anything else, and nothing but that."""
    try:
        sock = dial(address, port, timeout_s=deadline.left_s(timeout_ms))
    except StepFailed:
        return False
    with sock, deadline.closing(sock.fileno()):
        return _chooses_strict(sock, deadline.left_s(timeout_ms))


def _chooses_strict(sock: socket.socket, timeout_s: float) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent, and nothing believed
    context.set_alpn_protocols([_STRICT])
    try:
        sock.settimeout(timeout_s)
        with context.wrap_socket(sock) as session:
            return session.selected_alpn_protocol() == _STRICT
    except OSError:
        return False
