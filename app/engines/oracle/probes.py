"""Second looks at a port, on connections of their own: only when the first has failed, or `prefer` wants to know."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from app.engines import dialing, tls
from app.engines.base import Address, ConnectionSpec, TlsOptions
from app.engines.deadline import Deadline
from app.engines.oracle import wire

_MOST_MS = 2_000


def speaks_tls(spec: ConnectionSpec, address: Address, deadline: Deadline) -> bool:
    """Tell whether a TLS handshake gets an answer in TLS; nothing is verified and nothing is sent over it.

    :raises StepFailed: the port was not reached once more, so that nobody was asked.
    :raises DeadlinePassed: the time is over.
    """
    options = TlsOptions(mode="require", legacy=True)
    with _probe(spec, address, deadline) as sock:
        try:
            with tls.context_of(options).wrap_socket(sock, server_hostname=tls.server_name(spec.host)):
                return True
        except ssl.SSLError as exc:
            return "ALERT" in (exc.reason or "")
        except OSError:
            return False


def speaks_tns(spec: ConnectionSpec, address: Address, deadline: Deadline) -> bool:
    """Tell whether a listener answers a ping without TLS.

    :raises StepFailed: the port was not reached once more, so that nobody was asked.
    :raises DeadlinePassed: the time is over.
    """
    with _probe(spec, address, deadline) as sock:
        try:
            sock.sendall(wire.ping())
            first = b""
            while len(first) < wire.FIRST_BYTES and (more := sock.recv(wire.FIRST_BYTES - len(first))):
                first += more
        except OSError:
            return False
        return wire.speaker_of(first) == "tns"


@contextmanager
def _probe(spec: ConnectionSpec, address: Address, deadline: Deadline) -> Iterator[socket.socket]:
    """Dial once more, for a part of the time that is left."""
    limit = deadline.part(min(_MOST_MS, int(deadline.left_s() * 500)))
    sock = dialing.dial(address, spec.port, timeout_s=limit.left_s())
    with sock, limit.closing(sock.fileno()):
        sock.settimeout(_MOST_MS / 1000)
        yield sock
