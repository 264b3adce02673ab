"""Peers that speak enough of MySQL's protocol to ask a client for what it must not give."""

import random
import re
import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass
class Answering:
    """A server that lets everybody in and answers statements: the first beginning that fits says with what.

    Rows are dictionaries, all with the same columns; a number with a text is an error; nothing known is an empty
    result. `asked` has every statement.
    """

    answers: Mapping[str, list[dict[str, object]] | tuple[int, str]]
    greets: bytes = greeting()
    asked: list[str] = field(default_factory=list)

    def __call__(self, here: Peer, sock: socket.socket) -> None:
        sock.sendall(self.greets)
        read_packet(here, sock)
        sock.sendall(packet(2, OK))
        while True:
            command = read_packet(here, sock)
            if command[:1] != b"\x03":
                return
            statement = command[1:].decode()
            self.asked.append(statement)
            sock.sendall(self._answer(re.sub(r"/\*.*?\*/ ", "", statement)))

    def _answer(self, statement: str) -> bytes:
        if statement.startswith(("START", "ROLLBACK")):
            return packet(1, OK)
        found = next((one for begin, one in self.answers.items() if statement.startswith(begin)), [])
        return packet(1, error(*found)) if isinstance(found, tuple) else result(found)


def result(rows: list[dict[str, object]]) -> bytes:
    """Return a result as text; dates have their own type, so that the driver reads them."""
    names = list(rows[0]) if rows else ["c"]
    bodies = [bytes([len(names)])]
    for name in names:
        kind = 0x0C if rows and isinstance(rows[0][name], datetime) else 0xFD
        text = name.encode()
        bodies.append(
            b"\x03def\x00\x00\x00"
            + bytes([len(text)])
            + text
            + b"\x00\x0c"
            + struct.pack("<HIBHBH", 45, 1024, kind, 0, 0, 0)
        )
    bodies.append(b"\xfe\x00\x00\x02\x00")
    bodies += [b"".join(_value(row[name]) for name in names) for row in rows]
    bodies.append(b"\xfe\x00\x00\x02\x00")
    return b"".join(packet((number + 1) % 256, body) for number, body in enumerate(bodies))


def _value(value: object) -> bytes:
    if value is None:
        return b"\xfb"
    text = str(value).encode()
    return b"\xfc" + struct.pack("<H", len(text)) + text


def read_packet(here: Peer, sock: socket.socket) -> bytes:
    header = Speaker._exactly(here, sock, 4)
    return Speaker._exactly(here, sock, int.from_bytes(header[:3], "little"))
