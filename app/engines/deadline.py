"""The end of a check: one wall-clock deadline and one byte budget, kept from outside of whatever driver is waiting.

A driver's own time limits count from the last byte, so that a server that dribbles keeps it for ever. Here one
thread looks at every socket that is in use, and shuts down those whose time or budget is over.
"""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Self

from app.engines.errors import DeadlinePassed

BUDGET_BYTES = 1024 * 1024
_TICK_S = 0.01
_RECEIVED_AT = 128  # offset of tcpi_bytes_received in Linux' struct tcp_info
_RECEIVED_END = _RECEIVED_AT + 8

Why = Literal["deadline", "too_large"]


class Budget:
    """How many bytes all connections of a check may receive, those that are closed already included.

    Changed and read by whoever holds the watchdog's lock.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._gone = 0  # bytes of connections that are watched no more
        self._open: list[socket.socket] = []

    def open(self, sock: socket.socket) -> None:
        """Count what comes over a connection."""
        self._open.append(sock)

    def close(self, sock: socket.socket) -> None:
        """Keep what has come."""
        self._open.remove(sock)
        self._gone += received(sock)

    @property
    def is_spent(self) -> bool:
        """Tell whether more has come than may."""
        return self._gone + sum(received(one) for one in self._open) > self.most


class Deadline:
    """When a check is over. Begins with its construction."""

    def __init__(self, ms: int, *, budget_bytes: int = BUDGET_BYTES) -> None:
        self._ends = time.monotonic() + ms / 1000
        self.budget = Budget(budget_bytes)
        self.cut: Why | None = None  # why a socket was shut down

    def part(self, most_ms: int) -> Self:
        """Return a deadline for a part of the check, which ends sooner and spends of the same budget.

        :raises DeadlinePassed: the time is over.
        """
        part = type(self)(int(self.left_s(most_ms) * 1000))
        part.budget = self.budget
        return part

    @property
    def budget_bytes(self) -> int:
        """How many bytes the whole check may receive."""
        return self.budget.most

    @property
    def is_over(self) -> bool:
        """Tell whether the time is over."""
        return time.monotonic() >= self._ends

    def left_s(self, most_ms: int | None = None) -> float:
        """Return the seconds that are left, at most `most_ms`.

        :raises DeadlinePassed: none are.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        return left if most_ms is None else min(left, most_ms / 1000)

    @contextmanager
    def closing(self, fd: int) -> Iterator[None]:
        """Shut the connection down, whoever is reading from it, when the time or the budget is over."""
        with socket.socket(fileno=os.dup(fd)) as duplicate:
            watched = _Watched(duplicate, self)
            _WATCHDOG.add(watched)
            try:
                yield
            finally:
                _WATCHDOG.remove(watched)


@dataclass(slots=True, eq=False)
class _Watched:
    """A duplicate of the descriptor: the number of the original may belong to somebody else by now."""

    sock: socket.socket
    deadline: Deadline
    is_shut: bool = False

    def look(self) -> None:
        """Shut the socket down when its check is over, be it because of another of its sockets."""
        if self.is_shut:
            return
        if self.deadline.cut is None:
            self.deadline.cut = self._why()
        if self.deadline.cut is None:
            return
        self.is_shut = True
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already

    def _why(self) -> Why | None:
        if self.deadline.is_over:
            return "deadline"
        return "too_large" if self.deadline.budget.is_spent else None


def received(sock: socket.socket) -> int:
    """Return how many bytes the peer has sent over a TCP connection; 0 where the system does not tell."""
    try:
        told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RECEIVED_END)
    except (OSError, AttributeError):
        return 0
    return int(struct.unpack_from("=Q", told, _RECEIVED_AT)[0]) if len(told) == _RECEIVED_END else 0


class _Watchdog:
    """One thread for all checks of the process; it runs while there is something to watch."""

    def __init__(self) -> None:
        self._watched: set[_Watched] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, one: _Watched) -> None:
        """Watch a socket.

        :raises RuntimeError: the system has no thread left; nothing is watched then.
        """
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="check deadlines", daemon=True)
                thread.start()  # its first look waits for the lock
                self._thread = thread
            self._watched.add(one)
            one.deadline.budget.open(one.sock)

    def remove(self, one: _Watched) -> None:
        with self._lock:
            self._watched.remove(one)
            one.deadline.budget.close(one.sock)

    def _run(self) -> None:
        while True:
            time.sleep(_TICK_S)
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
                for one in self._watched:
                    one.look()


_WATCHDOG = _Watchdog()
