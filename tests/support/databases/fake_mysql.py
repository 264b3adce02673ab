"""Peers that speak enough of MySQL's protocol to ask a client for what it must not give."""

import random
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.databases.peers import Peer

_CAPABILITIES = 0x81FFFFFF & ~0x0800  # everything but TLS and compression's younger relatives
_TLS = 0x0800
OK = b"\x00\x00\x00\x02\x00\x00\x00"
FULL_LOGIN, FAST_LOGIN_OK = b"\x01\x04", b"\x01\x03"
_MOST = 2**24 - 1


def packet(number: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def greeting(version: str = "8.0.36", *, plugin: str = "mysql_native_password", tls: bool = False) -> bytes:
    flags = _CAPABILITIES | (_TLS if tls else 0)
    body = b"\x0a" + version.encode() + b"\x00" + struct.pack("<I", 7) + b"abcdefgh\x00"
    body += struct.pack("<HBHHB", flags & 0xFFFF, 45, 2, flags >> 16, 21) + bytes(10)
    return packet(0, body + b"ijklmnopqrst\x00" + plugin.encode() + b"\x00")


def error(number: int, text: str) -> bytes:
    return b"\xff" + struct.pack("<H", number) + b"#HY000" + text.encode()


def switch(plugin: str, data: bytes = b"abcdefghijklmnopqrst\x00") -> bytes:
    return b"\xfe" + plugin.encode() + b"\x00" + data


def rows_begin() -> bytes:
    """Return the packets before the rows of a result with one column of text."""
    column = b"\x03def\x00\x00\x00\x01c\x00\x0c" + struct.pack("<HIBHB", 45, 1024, 0xFD, 0, 0) + b"\x00\x00"
    return packet(1, b"\x01") + packet(2, column) + packet(3, b"\xfe\x00\x00\x02\x00")


@dataclass(frozen=True)
class Speaker:
    """Greets, and then answers each packet of the client with the next of `answers`; the last one goes on for ever.

    An answer is the body of a packet, or a function that takes the socket and does what it likes.
    """

    answers: tuple[bytes | Callable[[socket.socket], None], ...] = ()
    greets: bytes = greeting()
    context: ssl.SSLContext | None = None

    def __call__(self, here: Peer, sock: socket.socket) -> None:
        sock.sendall(self.greets)
        if self.context is not None:
            self._read(here, sock)  # the wish for TLS
            sock = self.context.wrap_socket(sock, server_side=True)
        with sock:
            for answer in self.answers:
                number = self._read(here, sock)
                if callable(answer):
                    answer(sock)
                else:
                    sock.sendall(packet(number + 1, answer))
            here.drain(sock)

    def _read(self, here: Peer, sock: socket.socket) -> int:
        """Read one packet; return its number."""
        header = self._exactly(here, sock, 4)
        self._exactly(here, sock, int.from_bytes(header[:3], "little"))
        return header[3]

    @staticmethod
    def _exactly(here: Peer, sock: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = here.read(sock, size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data


def endless_rows(sock: socket.socket) -> None:
    sock.sendall(rows_begin())
    number = 4
    while True:
        row = b"\xfc" + struct.pack("<H", 1000) + b"x" * 1000
        sock.sendall(packet(number, row))
        number = (number + 1) % 256


def announces_a_gigabyte(sock: socket.socket) -> None:
    sock.sendall(rows_begin() + _MOST.to_bytes(3, "little") + b"\x04" + b"\xfe" + struct.pack("<Q", 2**30) + b"x" * 100)


def dribbling_rows(sock: socket.socket) -> None:
    sock.settimeout(0.05)
    data = rows_begin() + (packet(4, b"\x01x") * 1000)
    for byte in data:
        sock.sendall(bytes([byte]))
        try:
            sock.recv(1)
        except TimeoutError:
            continue
        return


def broken(seed: int) -> Callable[[Peer, socket.socket], None]:
    """Return a peer that keeps to the protocol up to some byte, and hangs up soon after; each seed another one."""
    chance = random.Random(seed)

    def damaged(data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed[: chance.randint(1, len(changed))]) if chance.random() < 0.3 else bytes(changed)

    greets = greeting(chance.choice(["8.0.36", "5.5.5-10.11.19-MariaDB"]))
    answers = [OK, switch("caching_sha2_password"), FULL_LOGIN, FAST_LOGIN_OK, error(1045, "no"), b"\x01c", b"\xfb/x"]
    chosen = [OK if chance.random() < 0.5 else damaged(chance.choice(answers)) for _ in range(chance.randint(1, 6))]

    speaker = Speaker(tuple(chosen), damaged(greets) if chance.random() < 0.4 else greets)

    def behave(here: Peer, sock: socket.socket) -> None:
        sock.settimeout(0.02)
        speaker(here, sock)

    return behave
