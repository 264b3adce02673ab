"""Keeps the certificate that a server showed in a handshake that failed because of it.

`ssl` has it no more when the verification fails, and to ask for it again would take a second connection, which MySQL
counts. So the handshake's own message is looked at as it comes, on the connection itself. That goes over a private
part of `ssl` (`SSLContext._msg_callback`, since Python 3.8); where there is none, a failure tells no certificate.
Nothing here takes part in the verification.
"""

import ssl

from app.engines.certificate import BYTES_MOST, Certificate

_CERTIFICATE = 11  # the kind of a handshake message (RFC 8446, section 4)
_HANDSHAKE = 22  # the kind of a record
_HEAD = 4  # bytes: kind and length of a message


def watch(context: ssl.SSLContext) -> None:
    """Let connections of a client's context keep what its servers show."""
    if not hasattr(context, "_msg_callback"):
        return
    context.sslsocket_class, context.sslobject_class = _Socket, _Object
    context._msg_callback = _look  # noqa: SLF001 - there is no public way


def certificate_of(exc: ssl.SSLCertVerificationError) -> Certificate | None:
    """Return what the server showed whose certificate was refused; None: nobody has seen it, or nobody can read it."""
    der = getattr(exc, "shown", None)
    return Certificate.read(der) if der else None


class _Socket(ssl.SSLSocket):
    shown: bytes | None = None

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except ssl.SSLCertVerificationError as exc:
            _hand_over(self, exc)
            raise


class _Object(ssl.SSLObject):
    shown: bytes | None = None

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError as exc:
            _hand_over(self, exc)
            raise


def _hand_over(connection: _Socket | _Object, exc: ssl.SSLCertVerificationError) -> None:
    exc.shown = connection.shown  # type: ignore[attr-defined]  # some have the exception alone, and no connection


def _look(connection: object, direction: str, _version: int, record: int, kind: int, message: bytes) -> None:
    if (direction, record, kind) == ("read", _HANDSHAKE, _CERTIFICATE) and isinstance(connection, _Socket | _Object):
        connection.shown = first_of(message)


def first_of(message: bytes) -> bytes | None:
    """Return the first certificate of a handshake message (RFC 5246, 7.4.2 and RFC 8446, 4.4.2); None: it has none."""
    body = message[_HEAD:]
    # TLS 1.3 has a context before the list, which is empty where a server shows its certificate.
    if _number(body) != len(body) - 3:
        body = body[1:]
    size, begin = _number(body[3:]), 6
    if _number(body) != len(body) - 3 or not 0 < size <= min(BYTES_MOST, len(body) - begin):
        return None
    return body[begin : begin + size]


def _number(data: bytes) -> int:
    return int.from_bytes(data[:3])
