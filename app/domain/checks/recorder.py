"""One thread of the process writes what its checks tell: nobody who is on the way to a server waits for the store.

Each note is a short transaction of its own; what comes while another one is written goes into the next one together.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.db import NoTransaction, snapshot, transaction
from app.core.errors import MusterError, Unavailable
from app.core.logging import get_logger
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.checks.ending import list_overdue
from app.domain.checks.notes import Note, StepEnded, add_steps

Told = Callable[[MusterError | None], None]

_AT_ONCE = 100
_SWEEP_EVERY_S = 1.0
_LONGEST_PAUSE_S = 0.1
_PAUSES_S = (0.1, 0.5, 2.0)  # before a note is tried again that the store did not take
_ORIGIN = Origin("job", Actor("job:check"))


def _nobody(_: MusterError | None) -> None:
    pass


class Recorder:
    """Write notes in their order, soon; the thread ends when there is nothing to write."""

    def __init__(self, *, kept: int) -> None:
        self._kept = kept
        self._notes: queue.SimpleQueue[tuple[Note, Told]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_writing = False
        self._swept = 0.0

    def put(self, note: Note, *, told: Told = _nobody) -> None:
        """Take a note; `told` hears when it is written, or why it could not be."""
        with self._lock:
            self._notes.put((note, told))
            if self._is_writing:
                return
            self._is_writing = True
        threading.Thread(target=self._write_all, name="check recorder", daemon=True).start()

    def _write_all(self) -> None:
        while taken := self._take():
            began = time.monotonic()
            failure = self._write([note for note, _ in taken])
            if failure is None:
                for _, told in taken:
                    told(None)
            else:
                for note, told in taken:  # one that cannot be written must not take the others with it
                    told(self._write_alone(note))
            self._sweep()
            if not self._notes.empty():
                # SQLite has one writer and no queue: whoever begins again at once keeps all others out.
                time.sleep(min((time.monotonic() - began) / 2, _LONGEST_PAUSE_S))

    def _sweep(self) -> None:
        """Write the ends of checks whose process has died, every few seconds as long as there is something to do."""
        if time.monotonic() < self._swept + _SWEEP_EVERY_S:
            return
        self._swept = time.monotonic()
        try:
            with snapshot():
                overdue = list_overdue(clock.now(), kept=self._kept)
        except (MusterError, NoTransaction, SQLAlchemyError) as exc:
            get_logger().info("check.sweep_waits", cause=type(exc).__name__)
            return
        for end in overdue:
            self._write_alone(end)

    def _take(self) -> Sequence[tuple[Note, Told]]:
        with self._lock:
            taken: list[tuple[Note, Told]] = []
            while len(taken) < _AT_ONCE and not self._notes.empty():
                taken.append(self._notes.get())
            self._is_writing = bool(taken)
            return taken

    def _write(self, notes: Sequence[Note]) -> Exception | None:
        try:
            with acting_from(_ORIGIN), transaction():
                steps = [note for note in notes if isinstance(note, StepEnded)]
                if steps:
                    add_steps(steps)  # all at once: of each check they come before its end anyway
                for note in sorted(notes, key=lambda one: one.place):
                    if not isinstance(note, StepEnded):
                        note.write()
        except Exception as exc:  # noqa: BLE001 - the boundary of the thread: nobody else would hear of it
            return exc
        return None

    def _write_alone(self, note: Note) -> MusterError | None:
        failure: Exception | None = None
        for pause_s in (0.0, *_PAUSES_S):
            time.sleep(pause_s)
            failure = self._write([note])
            if failure is None or not isinstance(failure, Unavailable):
                break
        if failure is None:
            return None
        get_logger().error("check.not_recorded", check_id=note.check_id, exc_info=failure)
        return failure if isinstance(failure, MusterError) else Unavailable()
