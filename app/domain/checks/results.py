"""What is written of a check while it runs and when it ends: each in the open transaction, none of it a decision of HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, delete, insert, select, update

from app.core import clock
from app.core.db import current_session, lock_row
from app.domain.audit import trail
from app.domain.checks import detected, fingerprints, refused_logins
from app.domain.checks.deadlines import is_alive
from app.domain.checks.fingerprints import Seen
from app.domain.checks.running import Running
from app.domain.checks.stored_facts import plain, privileges_as_json, server_as_json, tls_as_json
from app.engines.check import CheckFact
from app.engines.ladder import StepFact, Verdict
from app.models import Check, CheckStep, Fingerprint, Instance

INTERRUPTED = Verdict("failed", "check.interrupted")
_NO_SYNC = {"synchronize_session": False}
_SWEPT_AT_ONCE = 50
_SUCCESSES = frozenset({"ok", "degraded"})


class Note(Protocol):
    """One thing to write about one check."""

    @property
    def place(self) -> tuple[int, int]:
        """Return instance and check: whoever writes many notes writes them in this order, and never waits in a ring."""

    def write(self) -> None:
        """Write it into the open transaction."""


@dataclass(frozen=True, slots=True)
class Started:
    """A check had to wait, and begins only now."""

    running: Running
    started_at: datetime
    deadline_at: datetime

    @property
    def place(self) -> tuple[int, int]:
        """Return instance and check."""
        return self.running.instance_id or 0, self.running.id

    def write(self) -> None:
        """Move the beginning and the deadline."""
        moved = update(Check).where(Check.id == self.running.id, Check.status == "running")
        values = {"started_at": self.started_at, "deadline_at": self.deadline_at}
        current_session().execute(moved.values(values), execution_options=_NO_SYNC)


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step is over."""

    running: Running
    position: int
    fact: StepFact

    @property
    def place(self) -> tuple[int, int]:
        """Return instance and check."""
        return self.running.instance_id or 0, self.running.id

    def write(self) -> None:
        """Add the step."""
        row = {
            "check_id": self.running.id,
            "position": self.position,
            "step": self.fact.step,
            "outcome": self.fact.outcome,
            "took_ms": self.fact.took_ms,
            "cause": self.fact.cause,
            "detail": plain(self.fact.detail),
        }
        current_session().execute(insert(CheckStep), [row])


@dataclass(frozen=True, slots=True)
class Ended:
    """A check is over; without a fact it was interrupted."""

    running: Running
    fact: CheckFact | None
    took_ms: int | None
    kept: int

    @property
    def place(self) -> tuple[int, int]:
        """Return instance and check."""
        return self.running.instance_id or 0, self.running.id

    def write(self) -> None:
        """Write the end of the check and what follows from it; an end that is written already stays as it is."""
        instance, fingerprint = _find_instance(self.running.instance_id)
        noted = self._note_identity(instance, fingerprint)
        verdict = self._verdict(unaccepted=noted.is_unaccepted)
        if not _end(self.running.id, verdict, {**self._found(), "took_ms": self.took_ms}):
            current_session().expunge_all()  # what was noted belongs to an end that does not count
            return
        if noted.is_unaccepted:
            _mark_identify(self.running.id)
        events = list(noted.events)
        if instance is not None:
            _remember(instance, self.running.id, self.running.started_at, verdict)
            if self.fact is not None and self.fact.found.server is not None:
                events += detected.fill(instance, self.fact.found.server)
        current_session().flush()
        trail.record(*events, operator_id=None)
        self._note_login()
        _drop_old(self.running.instance_id, kept=self.kept)

    def _note_identity(self, instance: Instance | None, known: Fingerprint | None) -> fingerprints.Noted:
        server = self.fact.found.server if self.fact is not None else None
        if instance is None or server is None or server.identity is None:
            return fingerprints.Noted()
        return fingerprints.note(instance, known, Seen.of(server, server.identity, clock.now()))

    def _verdict(self, *, unaccepted: bool) -> Verdict:
        """Return how the check ended: another server than the known one weighs more than a warning."""
        if self.fact is None:
            return INTERRUPTED
        verdict = self.fact.verdict
        step_failed = any(one.outcome == "failed" for one in self.fact.steps)
        if unaccepted and verdict.outcome in _SUCCESSES:
            return Verdict("degraded", verdict.cause if step_failed else "identity.changed")
        return verdict

    def _found(self) -> dict[str, Any]:
        if self.fact is None:
            return {}
        found = self.fact.found
        return {
            "address": found.address,
            "server": server_as_json(found.server),
            "tls": tls_as_json(found.tls),
            "privileges": privileges_as_json(found.privileges),
        }

    def _note_login(self) -> None:
        login = self.running.login
        step = next((one for one in self.fact.steps if one.step == "login"), None) if self.fact is not None else None
        if login is None or step is None:
            return
        if step.outcome == "ok":
            refused_logins.note_accepted(login)
        elif step.outcome == "failed" and step.cause in refused_logins.REFUSALS:
            refused_logins.note_refused(login)
