"""What is written of a check while it runs: that it began, and each step; its end is in `ending`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, insert, literal, select, update

from app.core.db import current_session
from app.domain.checks.stored_facts import plain
from app.engines.ladder import StepFact
from app.models import Check, CheckStep

NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to write about one check."""

    check_id: int
    instance_id: int | None

    @property
    def place(self) -> tuple[int, int]:
        """Return what many notes are sorted by, so that no two writers wait for each other in a ring."""
        return self.instance_id or 0, self.check_id

    def write(self) -> None:
        """Write it into the open transaction."""
        raise NotImplementedError


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
        """Add the step, unless the check has gone with its instance."""
        row = {
            CheckStep.check_id: self.check_id,
            CheckStep.position: self.position,
            CheckStep.step: self.fact.step,
            CheckStep.outcome: self.fact.outcome,
            CheckStep.took_ms: self.fact.took_ms,
            CheckStep.cause: self.fact.cause,
            CheckStep.detail: plain(self.fact.detail),
        }
        values = select(*(literal(value, column.type) for column, value in row.items()))
        present = values.where(exists().where(Check.id == self.check_id))
        current_session().execute(insert(CheckStep).from_select([column.key for column in row], present))
