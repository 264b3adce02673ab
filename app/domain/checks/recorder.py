"""One thread of the process writes what its checks tell: nobody who is on the way to a server waits for the store.

Each note is a short transaction of its own; what comes while another one is written goes into the next one together.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.db import NoTransaction, is_open, snapshot, transaction
from app.core.errors import MusterError, Unavailable
from app.core.logging import get_logger
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.checks.ending import Ended, list_overdue, write_ends
from app.domain.checks.notes import Note, StepEnded, add_steps

Told = Callable[[MusterError | None], None]

_AT_ONCE = 200
_SWEEP_EVERY_S = 1.0
_LONGEST_PAUSE_S = 0.2
_PAUSES_S = (0.1, 0.5, 2.0)  # before a note is tried again that the store did not take
_ORIGIN = Origin("job", Actor("job:check"))


def _nobody(_: MusterError | None) -> None:
    pass


def _tell(told: Told, failure: MusterError | None) -> None:
    try:
        told(failure)
    except Exception as exc:  # noqa: BLE001 - whoever hears of a note must not keep the next ones from being written
        get_logger().error("check.not_told", kind=type(exc).__name__)


def _write_together(notes: Sequence[Note]) -> None:
    """Write the beginnings that were moved, the steps, then the ends: of each check they come in this order anyway."""
    in_order = sorted(notes, key=lambda one: one.place)
    for note in in_order:
        if not isinstance(note, StepEnded | Ended):
            note.write()
    steps = [note for note in notes if isinstance(note, StepEnded)]
    if steps:
        add_steps(steps)
    ends = [note for note in in_order if isinstance(note, Ended)]
    if ends:
        write_ends(ends)


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
        try:
            threading.Thread(target=self._write_all, name="check recorder", daemon=True).start()
        except RuntimeError:
            self._write_here()

    def _write_here(self) -> None:
        """Do without a thread where the system has none: in the caller's, or with the next note."""
        if not is_open():
            self._write_all()
            return
        with self._lock:
            self._is_writing = False

    def _write_all(self) -> None:
        while taken := self._take():
            began = time.monotonic()
            failure = self._write([note for note, _ in taken])
            if failure is None:
                for _, told in taken:
                    _tell(told, None)
            else:
                for note, told in taken:  # one that cannot be written must not take the others with it
                    _tell(told, self._write_alone(note))
            self._sweep()
            if len({note.check_id for note, _ in taken}) > 1:
                # One at a time writes to SQLite: whoever goes on at once keeps out those who want to begin a check,
                # and asks the disk for every few notes. A check that is alone waits for nobody.
                time.sleep(min(2 * (time.monotonic() - began), _LONGEST_PAUSE_S))

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
                _write_together(notes)
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
