"""TDS 8: TLS before anything else. Muster recognises a server that takes nothing but that, and cannot talk to it."""

import socket
import ssl

from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.dialing import dial
from app.engines.errors import StepFailed

_STRICT = "tds/8.0"  # as TLS names it (ALPN)
_WAIT_MS = 1_000


def is_strict(address: Address, port: int, deadline: Deadline) -> bool:
    """Tell whether a server that hung up on PRELOGIN takes TDS 8.

    :raises DeadlinePassed: the time is over.
    """
    try:
        sock = dial(address, port, timeout_s=deadline.left_s(_WAIT_MS))
    except StepFailed:
        return False
    with sock, deadline.closing(sock.fileno()):
        return _chooses_strict(sock, deadline.left_s(_WAIT_MS))


def _chooses_strict(sock: socket.socket, timeout_s: float) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent, and nothing believed
    context.set_alpn_protocols([_STRICT])
    try:
        sock.settimeout(timeout_s)
        sock.getpeername()  # of one that was reset already, `wrap_socket` raises and leaves its own descriptor open
        with context.wrap_socket(sock) as session:
            return session.selected_alpn_protocol() == _STRICT
    except OSError:
        return False
