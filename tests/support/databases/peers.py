"""Peers that are no database, or a bad one: each misbehaves in one way and keeps what it was sent."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EOF_S = 5.0
_LONGEST_S = 30.0  # a peer ends by itself, whatever its client does


class Peer:
    """A listener on 127.0.0.1 that lets `behave` talk to each connection in a thread of its own."""

    def __init__(self, behave: Callable[["Peer", socket.socket], None]) -> None:
        self._behave = behave
        self._ends = time.monotonic() + _LONGEST_S
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        self._talking: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.received = bytearray()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._ends

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            self.begin(self._serve, sock)

    def begin(self, talk: Callable[[socket.socket], None], sock: socket.socket) -> None:
        """Let something be done with a connection in a thread of its own."""
        thread = threading.Thread(target=talk, args=(sock,), daemon=True)
        self._talking.append(thread)
        thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError), sock:
            self._behave(self, sock)

    def read(self, sock: socket.socket, size: int = 65_536) -> bytes:
        """Read what comes, and keep it."""
        data = sock.recv(size)
        self.received += data
        return data

    def drain(self, sock: socket.socket) -> None:
        """Read until the client ends."""
        while self.read(sock):
            pass

    def drain_quietly(self, sock: socket.socket) -> None:
        """Read until the connection is gone, by whomever."""
        with contextlib.suppress(OSError):
            self.drain(sock)

    def wait(self) -> None:
        """Wait until every client has ended, and all that they sent is in `received`."""
        for thread in self._talking:
            thread.join(_EOF_S)
            assert not thread.is_alive(), "a client keeps its connection"

    def close(self) -> None:
        self._ends = 0.0
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in (self._accepting, *self._talking):
            thread.join(_EOF_S)


@contextmanager
def peer(behave: Callable[[Peer, socket.socket], None]) -> Iterator[Peer]:
    """Run a peer, and end it."""
    running = Peer(behave)
    try:
        yield running
    finally:
        running.close()


def silent(here: Peer, sock: socket.socket) -> None:
    """Listen, and never say a word."""
    here.drain(sock)


def closes_at_once(here: Peer, sock: socket.socket) -> None:
    """Hang up without a word."""
    del here
    sock.shutdown(socket.SHUT_RDWR)


def resets(here: Peer, sock: socket.socket) -> None:
    """Break the connection off."""
    del here
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def http(here: Peer, sock: socket.socket) -> None:
    """Be a web server."""
    here.read(sock)
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def ssh(here: Peer, sock: socket.socket) -> None:
    """Be an SSH server, which speaks first."""
    sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    here.drain(sock)


def mysql_greeting(here: Peer, sock: socket.socket) -> None:
    """Greet as a MySQL server does, and wait."""
    version = (
        b"\x0a8.0.36\x00" + b"\x01\x00\x00\x00" + b"abcdefgh\x00" + b"\xff\xff\xff\x02\x00\xff\xdf\x15" + bytes(10)
    )
    body = version + b"ijklmnopqrst\x00caching_sha2_password\x00"
    sock.sendall(len(body).to_bytes(3, "little") + b"\x00" + body)
    here.drain(sock)


def dribbles(first: bytes) -> Callable[[Peer, socket.socket], None]:
    """Return a peer that says `first`, one byte every 50 ms, for ever again: each byte resets a driver's own limit."""

    def behave(here: Peer, sock: socket.socket) -> None:
        here.begin(here.drain_quietly, sock)
        while not here.is_over:
            for byte in first:
                sock.sendall(bytes([byte]))
                time.sleep(0.05)

    return behave


def floods(first: bytes) -> Callable[[Peer, socket.socket], None]:
    """Return a peer that says `first` and then sends without end."""

    def behave(here: Peer, sock: socket.socket) -> None:
        here.begin(here.drain_quietly, sock)
        sock.sendall(first)
        while not here.is_over:
            sock.sendall(bytes(65_536))

    return behave
