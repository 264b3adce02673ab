"""Peers that speak PostgreSQL's protocol and mean no good."""

import socket
import ssl
import struct
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.support.databases.peers import Peer

Behaviour = Callable[[Peer, socket.socket], None]


def message(kind: bytes, body: bytes = b"", *, announced: int | None = None) -> bytes:
    """Return a message; `announced`: the length that it pretends to have."""
    return kind + struct.pack("!I", announced if announced is not None else len(body) + 4) + body


def authentication(request: int, body: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!I", request) + body)


def error(code: str, text: str, *, routine: str | None = None) -> bytes:
    fields = {"S": "FATAL", "C": code, "M": text, **({"R": routine} if routine else {})}
    return message(b"E", b"".join(f"{key}{value}\0".encode() for key, value in fields.items()) + b"\0")


WELCOME = (
    authentication(0)
    + message(b"S", b"client_encoding\0UTF8\0")
    + message(b"K", struct.pack("!II", 1, 2))
    + message(b"Z", b"I")
)
BEGUN = message(b"C", b"BEGIN\0") + message(b"Z", b"T")
ENDED = message(b"C", b"ROLLBACK\0") + message(b"Z", b"I")


def columns(count: int) -> bytes:
    return message(b"T", struct.pack("!H", count) + (b"x\0" + struct.pack("!IHIhih", 0, 0, 25, -1, -1, 0)) * count)


def row(*values: bytes) -> bytes:
    return message(b"D", struct.pack("!H", len(values)) + b"".join(struct.pack("!I", len(v)) + v for v in values))


def rows(*values: bytes) -> bytes:
    """Return a whole answer of one row."""
    return columns(len(values)) + row(*values) + message(b"C", b"SELECT 1\0") + message(b"Z", b"T")


def failed(code: str, text: str = "no") -> bytes:
    """Return a whole answer that fails, and the transaction with it."""
    return error(code, text, routine="x") + message(b"Z", b"E")


ONE_COLUMN = columns(1)


def speaks(
    *answers: bytes, offer: bytes = b"N", context: ssl.SSLContext | None = None, last: bool = False
) -> Behaviour:
    """Return a peer that says `offer` about TLS, and then one thing after the other, each to whatever it has read.

    With `context` it takes its offer up; `last`: it hangs up in the end.
    """

    def behave(here: Peer, sock: socket.socket) -> None:
        here.read(sock)
        sock.sendall(offer)
        if context is not None:
            with suppress(ssl.SSLError), context.wrap_socket(sock, server_side=True) as secure:
                _answer(here, secure, answers, last=last)
            return
        _answer(here, sock, answers, last=last)

    return behave


def repeats(*answers: bytes, endless: bytes, opening: bytes = b"") -> Behaviour:
    """Return a peer that answers, and then sends `opening` and one thing without end."""

    def behave(here: Peer, sock: socket.socket) -> None:
        here.read(sock)
        sock.sendall(b"N")
        for one in answers:
            here.read(sock)
            sock.sendall(one)
        here.read(sock)
        sock.sendall(opening)
        while not here.is_over:
            sock.sendall(endless)

    return behave


def scram(rounds: str) -> Behaviour:
    """Return a peer that wants the password hashed so many times, written like this."""

    def behave(here: Peer, sock: socket.socket) -> None:
        here.read(sock)
        sock.sendall(b"N")
        here.read(sock)
        sock.sendall(authentication(10, b"SCRAM-SHA-256\0\0"))
        nonce = here.read(sock).split(b"r=")[-1]
        sock.sendall(authentication(11, b"r=" + nonce + b"more,s=QUJDREVGR0g=,i=" + rounds.encode()))
        here.drain(sock)

    return behave


def server_context(files: tuple[Path, Path], *, oldest: bool = False) -> ssl.SSLContext:
    """Return what a server of TLS needs that takes weak keys; `oldest`: TLS 1.0 and nothing newer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if oldest:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        with warnings.catch_warnings():  # that it is old is the point
            warnings.simplefilter("ignore", DeprecationWarning)
            context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(*files)
    return context


def _answer(here: Peer, sock: socket.socket, answers: Sequence[bytes], *, last: bool) -> None:
    for one in answers:
        here.read(sock)
        sock.sendall(one)
    if not last:
        here.drain(sock)
