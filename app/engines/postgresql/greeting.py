"""The first bytes: does PostgreSQL speak there, does it offer TLS, and the handshake on that same connection."""

import socket
import ssl
from contextlib import suppress

from app.engines import probing, tls
from app.engines.base import Address, ConnectionSpec, TlsOptions
from app.engines.errors import StepFailed
from app.engines.ladder import Ladder
from app.engines.postgresql import causes
from app.engines.postgresql.wire import error_of

_GOODBYE_S, _REFUSAL_S = 0.5, 0.2
_V3_ERROR_MOST = 30_000  # a longer one has no length: it is the text of protocol 2


def greet(sock: socket.socket, spec: ConnectionSpec, address: Address, ladder: Ladder) -> bool:
    """Take the step `greeting`; tell whether the server offers TLS.

    :raises StepFailed: no PostgreSQL answers there.
    """
    with ladder.step("greeting") as step:
        answer = _ask(sock, ladder.deadline.left_s(spec.connect_timeout_ms))
        if answer in {b"S", b"N"}:  # and nothing behind it: that would have been slipped in by somebody between
            step.detail["tls_offered"] = answer == b"S"
            return answer == b"S"
        if answer is None:
            found = probing.find_speaker(address, spec.port, ladder.deadline, known_not={"postgresql"})
            ladder.deadline.left_s()
            raise probing.failure(found)
        if answer[:1] == b"E":
            raise _refusal(answer)
        raise probing.failure(probing.recognise(answer), answer)


def encrypt(sock: socket.socket, spec: ConnectionSpec, ladder: Ladder, *, offered: bool) -> socket.socket:
    """Take the step `tls` as the options say; return the socket to go on with.

    :raises StepFailed: TLS is wanted and not to be had, or not the way it is wanted.
    """
    if spec.tls.mode == "disable":
        ladder.skip("tls", "tls.plaintext", {"offered": offered})
        return sock
    with ladder.step("tls") as step:
        if not offered:
            if spec.tls.mode != "prefer":
                raise StepFailed("tls.not_offered")
            step.warning = "tls.plaintext"
            return sock
        secure = tls.handshake(sock, spec.tls, spec.host)
        if spec.tls.client_cert is not None:
            _hear_refusal(secure)
        ladder.found.tls = tls.fact_of(secure, spec.tls, spec.host)
        tls.note(step, ladder.found.tls)
        return secure


def _hear_refusal(secure: ssl.SSLSocket) -> None:
    """Wait a moment for the server's verdict on our certificate; until it is spoken to, it says nothing else.

    In TLS 1.3 the server judges after the handshake has ended for us. Whoever sends on at once may meet a reset
    connection, in which the reason is lost.

    :raises StepFailed: the certificate is refused.
    """
    secure.settimeout(_REFUSAL_S)
    try:
        said = secure.recv(1)
    except TimeoutError:
        secure.settimeout(None)
        return
    except OSError as exc:  # TLS' own errors too
        secure.close()
        raise tls.failure(exc) from None
    secure.close()
    raise StepFailed("greeting.not_a_database" if said else "connect.closed")


def leave_offer(sock: socket.socket, host: str) -> None:
    """Take the offered TLS and say goodbye: the server logs an error for whoever asks for it and hangs up."""
    with suppress(StepFailed), tls.handshake(sock, TlsOptions(mode="require", legacy=True), host) as secure:
        leave(secure)


def leave(sock: socket.socket) -> None:
    """Say goodbye before closing, so that the server has nothing to log."""
    if isinstance(sock, ssl.SSLSocket):
        with suppress(OSError, ValueError):
            sock.settimeout(_GOODBYE_S)
            sock.unwrap()


def _ask(sock: socket.socket, timeout_s: float) -> bytes | None:
    """Return the first bytes of the answer; None: there was none in time."""
    try:
        sock.settimeout(timeout_s)
        sock.sendall(probing.SSL_REQUEST)
        answer = sock.recv(4096)
        sock.settimeout(None)
    except TimeoutError:
        return None
    except OSError as exc:
        raise StepFailed("connect.closed", code=exc.errno) from None
    if not answer:
        raise StepFailed("connect.closed")
    return answer


def _refusal(answer: bytes) -> StepFailed:
    """Read an error that came instead of the answer; what cannot fork has no fields to send."""
    length = int.from_bytes(answer[1:5])
    if length <= _V3_ERROR_MOST:
        return causes.of_login(error_of(answer[5:]), causes.LoginState())
    text = answer[1:].split(b"\0")[0].decode(errors="replace")
    return StepFailed("server.out_of_memory" if "fork" in text else "driver.server_unsupported", text=text)
