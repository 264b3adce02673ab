"""Listeners of ours that speak TNS: each answers a CONNECT packet in one way, for `peers.Peer`.

Written after what listeners are known to send; no real one has been asked.
"""

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable

from tests.support.databases.peers import Peer

Behave = Callable[[Peer, socket.socket], None]
CONNECT, ACCEPT, REFUSE, REDIRECT, DATA, RESEND = 1, 2, 4, 5, 6, 11


def packet(kind: int, body: bytes, *, wide: bool = False, flags: int = 0) -> bytes:
    """Return a TNS packet; `wide`: its length has four bytes, as behind an ACCEPT of version 315."""
    size = struct.pack(">I" if wide else ">HH", *((len(body) + 8,) if wide else (len(body) + 8, 0)))
    return size + struct.pack(">BBH", kind, flags, 0) + body


def read_packet(here: Peer, sock: socket.socket, *, wide: bool = False) -> tuple[int, bytes]:
    """Return kind and body of the next packet.

    :raises OSError: the client has ended.
    """
    header = _read(here, sock, 8)
    size = int.from_bytes(header[: 4 if wide else 2], "big")
    return header[4], _read(here, sock, size - 8)


def _read(here: Peer, sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = here.read(sock, size - len(data))
        if not more:
            raise ConnectionResetError
        data += more
    return data


def connect_data(here: Peer, sock: socket.socket) -> str:
    """Read a CONNECT packet and return its description, which follows by itself when it is long."""
    kind, body = read_packet(here, sock)
    assert kind == CONNECT, kind
    size, begin = struct.unpack(">HH", body[16:20])
    text = body[begin - 8 :]
    if len(text) < size:
        text = read_packet(here, sock)[1][2:]
    return text.decode()


def refusal(number: int, *, more: str = "") -> bytes:
    """Return a REFUSE packet as a listener words it; 0 answers a ping."""
    stack = f"(ERROR_STACK=(ERROR=(CODE={number})(EMFI=4)))" if number else ""
    text = f"(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR={number}){more}{stack})".encode()
    return packet(REFUSE, struct.pack(">BBH", 4 if number else 0, 0, len(text)) + text)


def answers_pings(behave: Behave) -> Behave:
    """Return a listener that answers a ping as all do; for other CONNECT packets `behave` is asked."""

    def listen(here: Peer, sock: socket.socket) -> None:
        if "COMMAND=ping" in connect_data(here, sock):
            sock.sendall(refusal(0, more="(ALIAS=LISTENER)"))
            return
        behave(here, sock)

    return listen


def refuses(number: int) -> Behave:
    """Return a listener that refuses with this ORA number."""
    return answers_pings(lambda _here, sock: sock.sendall(refusal(number)))


def says(answer: bytes) -> Behave:
    """Return a listener that answers a CONNECT packet with these bytes, and waits."""

    def behave(here: Peer, sock: socket.socket) -> None:
        connect_data(here, sock)
        sock.sendall(answer)
        here.drain(sock)

    return behave


def redirects(host: str, port: int, *, ends: bool = True) -> Behave:
    """Return a listener that sends the client elsewhere, and hangs up."""
    text = f"(ADDRESS=(PROTOCOL=TCP)(HOST={host})(PORT={port}))\0(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=x)))".encode()

    def behave(here: Peer, sock: socket.socket) -> None:
        # The length stands in one packet, the text in the next.
        sock.sendall(packet(REDIRECT, struct.pack(">H", len(text))) + packet(DATA, b"\0\0" + text))
        if not ends:
            here.drain(sock)

    return answers_pings(behave)


def resends(times: int, behave: Behave) -> Behave:
    """Return a listener that asks for the CONNECT packet again, as often as told, before it answers."""

    def listen(here: Peer, sock: socket.socket) -> None:
        for _ in range(times):
            connect_data(here, sock)
            sock.sendall(packet(RESEND, b""))
        behave(here, sock)

    return listen


def accept(version: int = 318) -> bytes:
    """Return an ACCEPT packet of this protocol version."""
    body = struct.pack(">HHHHHHHBB", version, 0, 8192, 65535, 1, 0, 0, 0, 0) + bytes(8)
    body += struct.pack(">II", 8192, 65535) + bytes(5) + struct.pack(">I", 0) + bytes(16)
    return packet(ACCEPT, body)


def within_tls(context: ssl.SSLContext, behave: Behave) -> Behave:
    """Return a listener that speaks TLS first, as a TCPS endpoint does."""

    def listen(here: Peer, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError), context.wrap_socket(sock.dup(), server_side=True) as secure:
            behave(here, secure)

    return listen
