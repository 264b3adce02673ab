"""Which checks of this process try which login, and which wait for one of those, without a thread."""

import threading
from collections import defaultdict, deque
from collections.abc import Hashable

from app.domain.checks.running import Running


class LoginTurns:
    """The store says who may try a login; what this process knows of it by itself, nobody asks the store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: dict[Hashable, Running] = {}
        self._waiting: defaultdict[Hashable, deque[Running]] = defaultdict(deque)

    def hold(self, running: Running) -> None:
        """Note that the store has given the login to a check, if it has one to itself."""
        if running.holds_login:
            with self._lock:
                self._holders[running.login_place] = running

    def queue(self, running: Running) -> bool:
        """Let a check wait that wants a login which another one holds; False: none of this process does."""
        with self._lock:
            if not running.must_claim or running.login_place not in self._holders:
                return False
            self._waiting[running.login_place].append(running)
            return True

    def leave(self, running: Running) -> Running | None:
        """Note that a check has its end, and return the one that is to ask next, if one waits."""
        place = running.login_place
        with self._lock:
            if self._holders.get(place) is running:
                del self._holders[place]
            waiting = self._waiting.pop(place, deque())
            if running in waiting:  # it was interrupted meanwhile
                waiting.remove(running)
            found = waiting.popleft() if waiting else None
            if waiting:
                self._waiting[place] = waiting
            return found
