"""The threads that check: so many at a time, so many waiting, and nobody beyond that."""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.core.logging import get_logger
from app.domain.checks.errors import ChecksBusy

Work = Callable[[], None]


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    alone: Hashable
    failed: Work = _nothing


class Place:
    """A place in the pool, for one check from its beginning until its end is written."""

    def __init__(self, pool: "CheckPool") -> None:
        self._pool = pool
        self._is_left = False
        self.is_used = False

    def start(self, work: Work, *, alone: Hashable = None, failed: Work = _nothing) -> None:
        """Hand over the work. Of works with one `alone` never two run at a time; `failed` is called where one raises.

        :raises ChecksBusy: the system has no thread left; the work will not run.
        """
        self._pool.put(work, alone, failed=failed)
        self.is_used = True

    def leave(self) -> None:
        """Give the place back, once."""
        if not self._is_left:
            self._is_left = True
            self._pool.give_back()


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
        """Keep a place; it is left at the end unless a work was started in it: then whoever started it leaves it.

        So a thread may go on with the next work while what the last one told is still being written, and nobody
        checks faster than the store can take it.

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
                kept.leave()

    def put(self, work: Work, alone: Hashable, *, failed: Work = _nothing) -> None:
        """Run a work for which there is a place; `failed` is called where it raises.

        :raises ChecksBusy: the system has no thread left; the work will not run.
        """
        job = _Job(work, alone, failed)
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
        try:
            threading.Thread(target=self._work, name="check", daemon=True).start()
        except RuntimeError:
            self._do_without_thread(job)

    def _do_without_thread(self, job: _Job) -> None:
        """Leave a work to the threads that run already; without one it is taken back."""
        with self._changed:
            self._threads -= 1
            if self._threads or job not in self._ready:
                return
            self._ready.remove(job)
        self._end(job)
        raise ChecksBusy(retry_after_s=1)

    @property
    def has_free_thread(self) -> bool:
        """Tell whether a work that is handed over now would run at once."""
        with self._changed:
            return self._threads < self._most_threads

    def close(self, *, patience_s: float) -> bool:
        """Take nothing more, and give what runs a moment; tells whether all places have been left."""
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
                self._run(job)
            finally:
                self._end(job)

    def _run(self, job: _Job) -> None:
        for work in (job.work, job.failed):
            try:
                work()
            except Exception as exc:  # noqa: BLE001 - the boundary of the thread: another check is to have it next
                get_logger().error("check.thread_failed", kind=type(exc).__name__)
            else:
                return

    def _end(self, job: _Job) -> None:
        with self._changed:
            parked = self._parked.get(job.alone)
            if parked:
                self._ready.append(parked.popleft())
            else:
                self._parked.pop(job.alone, None)

    def give_back(self) -> None:
        """Let another check have a place."""
        with self._changed:
            self._taken -= 1
            self._changed.notify_all()
