"""The end of a check: its result, and what follows for the instance, its fingerprint and the login."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, bindparam, delete, select

from app.core import clock
from app.core.db import current_session, lock_row
from app.domain.audit import trail
from app.domain.checks import detected, fingerprints, refused_logins
from app.domain.checks.another_server import mark_identify
from app.domain.checks.deadlines import GRACE
from app.domain.checks.fingerprints import Noted, Seen
from app.domain.checks.memory import remember
from app.domain.checks.notes import NO_SYNC, Note
from app.domain.checks.refused_logins import LoginThere
from app.domain.checks.stored_facts import LOGGED_IN, privileges_as_json, server_as_json, tls_as_json
from app.engines.check import CheckFact
from app.engines.ladder import Verdict
from app.models import Check, Fingerprint, Instance

INTERRUPTED = Verdict("failed", "check.interrupted")
_SWEPT_AT_ONCE = 50


def _older(same: ColumnElement[bool]) -> Delete:
    newest = select(Check.id).where(same).order_by(Check.id.desc()).offset(bindparam("kept")).limit(1)
    over = Check.status != "running"  # what runs has yet to be told, and holds its login meanwhile
    return delete(Check).where(same, over, Check.id <= newest.scalar_subquery()).execution_options(**NO_SYNC)


# Made once: every check asks.
_SUBJECT = (
    select(Check, Instance, Fingerprint)
    .outerjoin(Instance, Instance.id == Check.instance_id)
    .outerjoin(Fingerprint, Fingerprint.instance_id == Instance.id)
    .where(Check.id == bindparam("check_id"), Check.status == "running")
    .execution_options(populate_existing=True)
)
_OLD_OF_INSTANCE = _older(Check.instance_id == bindparam("same"))
_OLD_OF_NONE = _older(Check.instance_id.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Note):
    """A check is over; without a fact it was interrupted. The `kept` newest checks of its instance stay."""

    kept: int
    fact: CheckFact | None = None
    took_ms: int | None = None
    login: LoginThere | None = None

    def write(self) -> None:
        """Write the end and what follows from it; an end that stands already stays as it is.

        What the server thought of the login counts even so: the server counts it as well.
        """
        subject = _find_subject(self.check_id, self.instance_id)
        self._note_login()
        if subject is None:
            return
        noted = self._note_identity(subject)
        verdict = self._verdict(is_unaccepted=noted.is_unaccepted)
        events = [*noted.events, *self._note_instance(subject, verdict)]
        self._write_result(subject.check, verdict)
        current_session().flush()
        if noted.is_unaccepted:
            mark_identify(self.check_id, subject.fingerprint)
        trail.record(*events, operator_id=None)
        _drop_old(self.instance_id, kept=self.kept)

    def _note_identity(self, subject: "_Subject") -> Noted:
        server = self.fact.found.server if self.fact is not None else None
        if subject.instance is None or subject.is_late or server is None or server.identity is None:
            return Noted()
        seen = Seen.of(server, server.identity, clock.now())
        return fingerprints.note(subject.instance, subject.fingerprint, seen)

    def _verdict(self, *, is_unaccepted: bool) -> Verdict:
        """Return how the check ended: another server than the known one weighs more than a warning."""
        if self.fact is None:
            return INTERRUPTED
        verdict = self.fact.verdict
        has_failed_step = any(one.outcome == "failed" for one in self.fact.steps)
        if is_unaccepted and verdict.outcome in LOGGED_IN:
            return Verdict("degraded", verdict.cause if has_failed_step else "identity.changed")
        return verdict

    def _note_instance(self, subject: "_Subject", verdict: Verdict) -> Sequence[trail.Event]:
        instance, server = subject.instance, self.fact.found.server if self.fact is not None else None
        if instance is None or subject.is_late:
            return ()
        remember(instance, subject.check, verdict, self.fact)
        return detected.fill(instance, server) if server is not None else ()

    def _write_result(self, check: Check, verdict: Verdict) -> None:
        check.status, check.took_ms = "finished", self.took_ms
        check.outcome, check.cause = verdict.outcome, verdict.cause
        if self.fact is not None:
            found = self.fact.found
            check.address, check.server = found.address, server_as_json(found.server)
            check.tls, check.privileges = tls_as_json(found.tls), privileges_as_json(found.privileges)

    def _note_login(self) -> None:
        if self.login is not None and self.fact is not None:
            refused_logins.note_steps(self.login, self.fact.steps)


@dataclass(frozen=True, slots=True)
class _Subject:
    check: Check
    instance: Instance | None
    fingerprint: Fingerprint | None

    @property
    def is_late(self) -> bool:
        """Tell whether a check that began later has ended already: then this one tells nothing new."""
        last = self.instance.last_attempt_at if self.instance is not None else None
        return last is not None and last > self.check.started_at


def _find_subject(check_id: int, instance_id: int | None) -> _Subject | None:
    """Return a check that is still running, which nobody else ends meanwhile, with what it was about."""
    if instance_id is not None:
        lock_row(Instance.id, instance_id)  # first, as a purge does
    lock_row(Check.id, check_id)
    row = current_session().execute(_SUBJECT, {"check_id": check_id}).one_or_none()
    return None if row is None else _Subject(row[0], row[1], row[2])


def _drop_old(instance_id: int | None, *, kept: int) -> None:
    """Remove all but the newest checks of an instance, or of what is not registered."""
    of_instance = {"same": instance_id} if instance_id is not None else {}
    gone = _OLD_OF_INSTANCE if instance_id is not None else _OLD_OF_NONE
    current_session().execute(gone, {"kept": kept, **of_instance})


def list_overdue(now: datetime, *, kept: int) -> list[Ended]:
    """Return the ends of checks whose process has died, for whoever writes next; they are few."""
    overdue = (
        select(Check.id, Check.instance_id)
        .where(Check.status == "running", Check.deadline_at < now - GRACE)
        .order_by(Check.deadline_at)
        .limit(_SWEPT_AT_ONCE)
    )
    return [
        Ended(check_id=row.id, instance_id=row.instance_id, kept=kept) for row in current_session().execute(overdue)
    ]
