"""The process that the driver runs in: a server that breaks the driver's compiled code ends this one and no other."""

import os
import pickle
import queue
import sys
import threading
from dataclasses import dataclass, field
from typing import IO

from app.engines.base import ConnectionSpec
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.oracle import frames
from app.engines.oracle.adapter import climb
from app.engines.oracle.frames import Answer, Ask, Ended, Job, Ready, Report, Told


class Output:
    """The pipe to Muster, for all checks."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, report: Report) -> None:
        """Tell Muster something."""
        body = frames.as_json(report)
        with self._lock:
            frames.write(self._stream, body)


@dataclass
class Check:
    """One check; it is its own guard and asks Muster's."""

    job: Job
    output: Output
    answers: "queue.SimpleQueue[bool]" = field(default_factory=queue.SimpleQueue)

    def refuses(self, address: str) -> bool:
        """Ask whether an address must never be dialled."""
        return not self._ask(Ask(number=self.job.number, host=address))

    def admits_login(self, host: str, port: int) -> bool:
        """Ask whether the login may go to a host and port."""
        return self._ask(Ask(number=self.job.number, host=host, port=port))

    def _ask(self, question: Ask) -> bool:
        self.output.send(question)
        try:
            return self.answers.get(timeout=self.job.left_ms / 1000)
        except queue.Empty:
            return False

    def run(self) -> None:
        """Take the steps from `connect` on, and tell how it ended."""
        number = self.job.number
        ladder = Ladder(Deadline(self.job.left_ms), lambda step: self.output.send(Told(number=number, step=step)))
        ended = Ended(number=number, outcome="internal")
        try:
            climb(self._spec(), self.job.addresses, ladder)
            ended = Ended(number=number, outcome="ok")
        except StepFailed as exc:
            ended = Ended(number=number, outcome="failed", cause=exc.cause, detail=exc.detail)
        except DeadlinePassed:
            ended = Ended(number=number, outcome="deadline")
        finally:
            found, broken = ladder.found, sys.exc_info()[0]
            self.output.send(
                Ended(
                    number=number,
                    outcome=ended.outcome,
                    cause=ended.cause,
                    detail=ended.detail if broken is None else {"kind": broken.__name__},
                    address=found.address,
                    tls=found.tls,
                    server=found.server,
                    privileges=found.privileges,
                )
            )

    def _spec(self) -> ConnectionSpec:
        job = self.job
        return ConnectionSpec(
            db_type="oracle",
            host=job.host,
            port=job.port,
            guard=self,
            service_name=job.service_name,
            sid=job.sid,
            login=job.login,
            suspended=job.suspended,
            tls=job.tls,
            connect_timeout_ms=job.connect_timeout_ms,
            statement_timeout_ms=job.statement_timeout_ms,
            deadline_ms=job.left_ms,
            application=job.application,
        )


def main() -> None:
    """Serve checks until Muster ends, which closes the pipe."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints does not print into the pipe
    threading.excepthook = lambda _: None  # an exception's words may hold anything
    serve(sys.stdin.buffer, Output(pipe))
    os._exit(0)  # checks under way would keep the process


def serve(source: IO[bytes], output: Output) -> None:
    """Run each check in a thread of its own."""
    checks: dict[int, Check] = {}
    output.send(Ready(number=0))
    while (body := frames.read(source)) is not None:
        told = pickle.loads(body)  # noqa: S301 - from the process that has started this one
        if isinstance(told, Answer):
            if told.number in checks:
                checks[told.number].answers.put(told.allowed)
            continue
        check = checks[told.number] = Check(told, output)
        threading.Thread(target=_run, args=(check, checks), name="oracle check", daemon=True).start()


def _run(check: Check, checks: dict[int, Check]) -> None:
    try:
        check.run()
    finally:
        checks.pop(check.job.number, None)
