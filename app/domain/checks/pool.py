"""The threads that check: so many at a time, so many waiting, and nobody beyond that."""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.domain.checks.errors import ChecksBusy

Work = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    alone: Hashable


class Place:
    """A place in the pool, kept for one check until its work is handed over."""

    def __init__(self, pool: "CheckPool") -> None:
        self._pool = pool
        self.is_used = False

    def start(self, work: Work, *, alone: Hashable = None) -> None:
        """Hand over the work, which raises nothing. Of works with one `alone` never two run at a time."""
        self.is_used = True
        self._pool.put(work, alone)


class CheckPool:
    """A thread for each check that runs; it takes what waits, and ends when nothing does."""

    def __init__(self, *, threads: int, waiting: int) -> None:
        self._most_threads = threads
        self._most = threads + waiting
        self._taken = 0  # places kept, waiting or running
        self._threads = 0
        self._ready: deque[_Job] = deque()
        self._parked: dict[Hashable, deque[_Job]] = {}  # a key is there while a work with it is ready or runs
        self._changed = threading.Condition()
        self._closed = False

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Keep a place; it is free again at the end unless a work was started in it.

        :raises ChecksBusy: there is none.
        """
        with self._changed:
            if self._closed or self._taken >= self._most:
                raise ChecksBusy(retry_after_s=max(1, len(self._ready) // self._most_threads))
            self._taken += 1
        kept = Place(self)
        try:
            yield kept
        finally:
            if not kept.is_used:
                self._give_back()

    def put(self, work: Work, alone: Hashable) -> None:
        """Run a work for which there is a place."""
        job = _Job(work, alone)
        with self._changed:
            if alone is not None and alone in self._parked:
                self._parked[alone].append(job)
                return
            if alone is not None:
                self._parked[alone] = deque()
            self._ready.append(job)
            if self._threads == self._most_threads:
                return
            self._threads += 1
        threading.Thread(target=self._work, name="check", daemon=True).start()

    @property
    def has_free_thread(self) -> bool:
        """Tell whether a work that is handed over now would run at once."""
        with self._changed:
            return self._threads < self._most_threads

    def close(self, *, patience_s: float) -> bool:
        """Take nothing more, and give what runs a moment; tells whether all of it has ended."""
        with self._changed:
            self._closed = True
            return self._changed.wait_for(lambda: self._taken == 0, timeout=patience_s)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._ready:
                    self._threads -= 1
                    return
                job = self._ready.popleft()
            try:
                job.work()
            finally:
                self._end(job)

    def _end(self, job: _Job) -> None:
        with self._changed:
            parked = self._parked.get(job.alone)
            if parked:
                self._ready.append(parked.popleft())
            else:
                self._parked.pop(job.alone, None)
        self._give_back()

    def _give_back(self) -> None:
        with self._changed:
            self._taken -= 1
            self._changed.notify_all()
