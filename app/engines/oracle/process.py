"""The worker process as Muster holds it: nobody who waits for a check waits for the process or its pipes.

What goes to the worker is written by one thread and what it tells is read by another, so that a process that hangs
keeps these two and no check.
"""

import atexit
import itertools
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, cast

from app.engines.oracle import frames
from app.engines.oracle.frames import Answer, Job, Report

_MAIN = "from app.engines.oracle.worker import main; main()"
_STARTS_S = 30.0  # the driver is loaded first, on whatever machine
_LEAVES_S = 2.0
_DEAD_S = 0.3
# What must not reach the driver (files of Oracle's, its dump of all packets), and what only Muster may know.
_KEPT_BACK = ("TNS_", "ORA_", "ORACLE_", "PYO_", "MUSTER_")


class Inbox:
    """What the worker tells of one check."""

    def __init__(self, worker: "Worker", number: int) -> None:
        self.worker = worker
        self.number = number
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self.put = self._reports.put

    def get(self, *, until: float) -> Report | None:
        """Return the next report; None: the worker has died.

        :raises queue.Empty: there is none until then, by the monotonic clock.
        """
        left_s = until - time.monotonic()
        if left_s <= 0:
            raise queue.Empty
        return self._reports.get(timeout=left_s)

    def __enter__(self) -> "Inbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.forget(self.number)


class Worker:
    """The process, the thread that writes to it, and the thread that reads what it tells."""

    def __init__(self) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith(_KEPT_BACK)}
        self._process = subprocess.Popen(  # noqa: S603 - this very Python, and a text of ours
            [sys.executable, "-c", _MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**own, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
        )
        self._input, self._output = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        self._unwritten: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._inboxes: dict[int, Inbox] = {}
        self._lock = threading.Lock()  # held for a moment only, never around the pipes
        self._is_judged_from = time.monotonic() + _STARTS_S
        self._is_retired = False
        self.is_over = False
        for run in (self._read, self._write):
            threading.Thread(target=run, name="oracle worker", daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def takes_checks(self) -> bool:
        """Tell whether it is neither dead nor given up."""
        return not (self.is_over or self._is_retired)

    def open(self) -> Inbox | None:
        """Return the inbox of a new check; None: it takes none any more."""
        with self._lock:
            if not self.takes_checks:
                return None
            inbox = Inbox(self, next(self._numbers))
            self._inboxes[inbox.number] = inbox
            return inbox

    def send(self, told: Job | Answer) -> None:
        """Have this written, whenever the process takes it; when it has died its reader tells every check."""
        self._unwritten.put(pickle.dumps(told))

    def retire(self) -> None:
        """Give a process up that let a deadline pass: it gets no new check, and is killed behind its last one.

        Not at once: one that is merely late, on a busy machine, still serves the others. One that hangs keeps nobody,
        for each check ends by its own deadline. A process that is still starting is not judged.
        """
        with self._lock:
            self._is_retired = self._is_retired or time.monotonic() >= self._is_judged_from

    def forget(self, number: int) -> None:
        """Close the inbox of a check that is over."""
        with self._lock:
            self._inboxes.pop(number, None)
            is_done = self._is_retired and not self._inboxes
        if is_done:
            self._process.kill()  # which ends both threads

    def exit_code(self) -> int | None:
        """Return how the process has ended; None: it has not."""
        try:
            return self._process.wait(_DEAD_S)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """End the process, which ends by itself when its pipe does; else it is killed."""
        self._unwritten.put(None)
        try:
            self._process.wait(_LEAVES_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _write(self) -> None:
        with suppress(OSError), self._input:  # it has died: what was not written has nobody to read it
            while (body := self._unwritten.get()) is not None:
                frames.write(self._input, body)

    def _read(self) -> None:
        while (body := frames.read(self._output)) is not None:
            try:
                report = frames.from_json(body)
            except ValueError:
                break
            with self._lock:
                self._is_judged_from = 0.0  # it runs
                inbox = self._inboxes.get(report.number)
            if inbox is not None:
                inbox.put(report)
        with self._lock:
            self.is_over = True
            waiting = list(self._inboxes.values())
        for inbox in waiting:
            inbox.put(None)
        self._output.close()
        self.close()


class Workers:
    """The worker in use; a new one takes the place of one that has died or is given up."""

    def __init__(self, start: Callable[[], Worker] = Worker) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._living: list[Worker] = []

    def get(self) -> Worker:
        """Return the worker that takes checks now."""
        with self._lock:
            return self._get()

    def open(self) -> Inbox:
        """Return the inbox of a new check."""
        with self._lock:
            while (inbox := self._get().open()) is None:
                continue
            return inbox

    def close(self) -> None:
        """End every process."""
        with self._lock:
            living, self._living = self._living, []
        for one in living:
            one.close()

    def _get(self) -> Worker:
        self._living = [one for one in self._living if not one.is_over]
        for one in self._living:
            if one.takes_checks:
                return one
        self._living.append(self._start())
        return self._living[-1]


WORKERS = Workers()
atexit.register(WORKERS.close)
