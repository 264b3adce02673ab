"""How the writers of one process come to their transactions: one after the other, or as a server lets them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import Unavailable

_LONGEST_S = 15.0


class Turns:
    """One writer at a time, for a database that has no more.

    Whoever finds SQLite busy sleeps and looks again, up to 100 ms later, and may miss the moment for ever. Threads of
    one process wake each other instead; other processes still wait as SQLite has it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, *, wait: bool) -> Iterator[None]:
        """Hold the turn.

        :raises Unavailable: another thread has it and does not end in time; without `wait`, has it at all.
        """
        if not self._lock.acquire(timeout=_LONGEST_S if wait else 0):
            raise Unavailable
        try:
            yield
        finally:
            self._lock.release()


class NoTurns(Turns):
    """Everybody at once, for a server that sees to it itself."""

    @contextmanager
    def taken(self, *, wait: bool) -> Iterator[None]:
        """Wait for nobody."""
        del wait
        yield
