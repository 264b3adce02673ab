"""How the writers of one process come to their transactions: one after the other, or as a server lets them."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import Unavailable

_LONGEST_S = 15.0


class Turns:
    """One writer at a time, for a database that has no more; whoever came first is first.

    Whoever finds SQLite busy sleeps and looks again, up to 100 ms later, and may miss the moment for ever. Threads of
    one process hand the turn on to each other instead; other processes still wait as SQLite has it. A lock alone would
    not do: a thread that gives it back and comes again at once has it before those that wait are awake.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()  # of each who waits one that is released when it is its turn

    @contextmanager
    def taken(self, *, wait: bool) -> Iterator[None]:
        """Hold the turn.

        :raises Unavailable: others have it and do not end in time; without `wait`, somebody has it at all.
        """
        self._take(wait=wait)
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, *, wait: bool) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            if not wait:
                raise Unavailable
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        has_come = False
        try:
            has_come = mine.acquire(timeout=_LONGEST_S)
        finally:
            if not has_come:
                self._leave(mine)
        if not has_come:
            raise Unavailable

    def _leave(self, mine: threading.Lock) -> None:
        """Wait no longer; a turn that has come at this very moment goes to the next one."""
        with self._lock:
            is_waiting = mine in self._waiting
            if is_waiting:
                self._waiting.remove(mine)
        if not is_waiting:
            self._hand_on()

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class NoTurns(Turns):
    """Everybody at once, for a server that sees to it itself."""

    @contextmanager
    def taken(self, *, wait: bool) -> Iterator[None]:
        """Wait for nobody."""
        del wait
        yield
