"""The engine as Muster has it: each check is handed to a worker process, and its steps come back one by one.

The driver is compiled and trusts what a server sends; some malformed answers end the process that it runs in.
"""

import queue
import time
from collections.abc import Sequence
from importlib.util import find_spec

from app.engines.base import Address, ConnectionSpec
from app.engines.capability import Capabilities, table
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.oracle.frames import Answer, Ask, Ended, Job, Told
from app.engines.oracle.process import WORKERS

if find_spec("oracledb") is None:
    raise ImportError("python-oracledb is not installed", name="oracledb")

_GRACE_S = 0.3  # for the worker's own end of a check


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
        left_s = ladder.deadline.left_s()
        until = time.monotonic() + left_s + _GRACE_S
        with WORKERS.open() as inbox:
            worker = inbox.worker
            worker.send(_job(inbox.number, spec, addresses, left_s))
            while True:
                try:
                    report = inbox.get(until=until)
                except queue.Empty:
                    worker.retire()
                    raise DeadlinePassed from None
                if report is None:
                    raise StepFailed("check.interrupted", detail={"exit_code": worker.exit_code()})
                if isinstance(report, Told):
                    ladder.adopt(report.step)
                elif isinstance(report, Ask):
                    worker.send(Answer(report.number, _allowed(spec, report)))
                elif isinstance(report, Ended):
                    _end(report, ladder)
                    return


def _job(number: int, spec: ConnectionSpec, addresses: Sequence[Address], left_s: float) -> Job:
    return Job(
        number=number,
        host=spec.host,
        port=spec.port,
        service_name=spec.service_name,
        sid=spec.sid,
        login=spec.login,
        suspended=spec.suspended,
        tls=spec.tls,
        connect_timeout_ms=spec.connect_timeout_ms,
        statement_timeout_ms=spec.statement_timeout_ms,
        left_ms=max(1, int(left_s * 1000)),
        application=spec.application,
        addresses=tuple(addresses),
    )


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
        failed = StepFailed(report.cause or "check.internal", detail=report.detail)
        ladder.clear(failed)
        raise failed
