"""What is written of a check while it runs: that it began, and each step; its end is in `ending`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from app.core.db import current_session
from app.domain.checks.stored_facts import plain
from app.engines.ladder import StepFact
from app.models import Check, CheckStep

NO_SYNC = {"synchronize_session": False}
_STEPS = CheckStep.metadata.tables[CheckStep.__tablename__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(ABC):
    """One thing to write about one check."""

    check_id: int
    instance_id: int | None

    @property
    def place(self) -> tuple[int, int]:
        """Return what many notes are sorted by, so that no two writers wait for each other in a ring."""
        return self.instance_id or 0, self.check_id

    @abstractmethod
    def write(self) -> None:
        """Write it into the open transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Note):
    """A check had to wait, and begins only now."""

    started_at: datetime
    deadline_at: datetime

    def write(self) -> None:
        """Move the beginning and the deadline."""
        moved = update(Check).where(Check.id == self.check_id, Check.status == "running")
        values = {"started_at": self.started_at, "deadline_at": self.deadline_at}
        current_session().execute(moved.values(values), execution_options=NO_SYNC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnded(Note):
    """A step is over."""

    position: int
    fact: StepFact

    def write(self) -> None:
        """Add the step."""
        add_steps([self])


def add_steps(notes: Sequence[StepEnded]) -> None:
    """Add many steps at once, but for those whose check has gone with its instance."""
    known = select(Check.id).where(Check.id.in_({note.check_id for note in notes}))
    present = set(current_session().scalars(known))
    rows = [
        {
            "check_id": note.check_id,
            "position": note.position,
            "step": note.fact.step,
            "outcome": note.fact.outcome,
            "took_ms": note.fact.took_ms,
            "cause": note.fact.cause,
            "detail": plain(note.fact.detail),
        }
        for note in notes
        if note.check_id in present
    ]
    if rows:
        current_session().execute(insert(_STEPS), rows)
