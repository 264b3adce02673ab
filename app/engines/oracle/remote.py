"""The engine as Muster has it: each check is handed to a worker process, and its steps come back one by one.

The driver is compiled and trusts what a server sends; some malformed answers end the process that it runs in.
"""

import atexit
import itertools
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import IO, cast

from app.engines.base import Address, ConnectionSpec
from app.engines.capability import Capabilities, table
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.oracle import frames
from app.engines.oracle.frames import Answer, Ask, Ended, Job, Report, Told

if find_spec("oracledb") is None:
    raise ImportError("python-oracledb is not installed", name="oracledb")

_MAIN = "from app.engines.oracle.worker import main; main()"
_GRACE_S = 0.3  # for the worker's own end of a check
_LEAVES_S = 2.0
# What must not reach the driver (files of Oracle's, its dump of all packets), and what only Muster may know.
_KEPT_BACK = ("TNS_", "ORA_", "ORACLE_", "PYO_", "MUSTER_")


class OracleEngine:
    """Oracle 12.1 and later, by the thin driver in a process of its own; no 11g, which thick mode alone can reach."""

    db_types: Sequence[str] = ("oracle",)
    default_port = 1521
    counts_broken_connections = False
    capabilities: Capabilities = table()

    def climb(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
        """Have the steps from `connect` on taken by the worker.

        :raises StepFailed: out of a step, which has been told already; or `check.interrupted`: the worker has died.
        :raises DeadlinePassed: the time is over.
        """
        worker = _CURRENT.get()
        with worker.begin(spec, addresses, ladder) as inbox:
            while True:
                try:
                    report = inbox.get(timeout=ladder.deadline.left_s() + _GRACE_S)
                except queue.Empty:
                    raise DeadlinePassed from None
                if report is None:
                    raise StepFailed("check.interrupted", detail={"exit_code": worker.exit_code()})
                if isinstance(report, Told):
                    ladder.adopt(report.step)
                elif isinstance(report, Ask):
                    worker.send(Answer(report.number, _allowed(spec, report)))
                else:
                    _end(report, ladder)
                    return


def _allowed(spec: ConnectionSpec, question: Ask) -> bool:
    if question.port is None:
        return not spec.guard.refuses(question.host)
    return spec.guard.admits_login(question.host, question.port)


def _end(report: Ended, ladder: Ladder) -> None:
    found = ladder.found
    found.address, found.tls, found.server = report.address, report.tls, report.server
    found.privileges = list(report.privileges)
    if report.outcome == "deadline":
        raise DeadlinePassed
    if report.outcome != "ok":
        raise StepFailed(report.cause or "check.internal", detail=report.detail)


class _Inbox:
    """What the worker tells of one check."""

    def __init__(self, worker: "_Worker", number: int) -> None:
        self._worker = worker
        self._number = number
        self._reports: queue.SimpleQueue[Report | None] = queue.SimpleQueue()
        self.put = self._reports.put

    def get(self, *, timeout: float) -> Report | None:
        return self._reports.get(timeout=timeout)

    def __enter__(self) -> "_Inbox":
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.forget(self._number)


class _Worker:
    """The process, and the thread that reads what it tells."""

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
        self._numbers = itertools.count(1)
        self._inboxes: dict[int, _Inbox] = {}
        self._lock = threading.Lock()
        self.is_over = False
        threading.Thread(target=self._read, name="oracle worker", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def begin(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> _Inbox:
        job = Job(
            number=next(self._numbers),
            host=spec.host,
            port=spec.port,
            service_name=spec.service_name,
            sid=spec.sid,
            login=spec.login,
            suspended=spec.suspended,
            tls=spec.tls,
            connect_timeout_ms=spec.connect_timeout_ms,
            statement_timeout_ms=spec.statement_timeout_ms,
            left_ms=max(1, int(ladder.deadline.left_s() * 1000)),
            application=spec.application,
            addresses=tuple(addresses),
        )
        inbox = _Inbox(self, job.number)
        with self._lock:
            self._inboxes[job.number] = inbox
            if self.is_over:
                inbox.put(None)
        self.send(job)
        return inbox

    def send(self, told: Job | Answer) -> None:
        try:
            with self._lock:
                frames.write(self._input, pickle.dumps(told))
        except (OSError, ValueError):
            return  # it has died: its reader tells every check

    def forget(self, number: int) -> None:
        with self._lock:
            self._inboxes.pop(number, None)

    def exit_code(self) -> int | None:
        try:
            return self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            return None

    def _read(self) -> None:
        while (body := frames.read(self._output)) is not None:
            try:
                report = frames.from_json(body)
            except ValueError:
                break
            with self._lock:
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

    def close(self) -> None:
        """End the process, which ends by itself when its pipe does."""
        with suppress(OSError):  # what was not written yet has nobody to read it
            self._input.close()
        try:
            self._process.wait(_LEAVES_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Current:
    """The worker in use; a new one takes the place of one that has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def get(self) -> _Worker:
        with self._lock:
            if self._worker is None or self._worker.is_over:
                self._worker = _Worker()
                atexit.register(self._worker.close)
            return self._worker


_CURRENT = _Current()
