"""The end of a check: its result, and what follows for the instance, its fingerprint and the login.

Ends that come together are written together: what is asked and written of each is asked and written of all at once.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from app.core import clock
from app.core.db import current_session, lock_rows
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


# Made once: every check asks.
_SUBJECTS = (
    select(Check, Instance, Fingerprint)
    .outerjoin(Instance, Instance.id == Check.instance_id)
    .outerjoin(Fingerprint, Fingerprint.instance_id == Instance.id)
    .where(Check.id.in_(bindparam("check_ids", expanding=True)), Check.status == "running")
    .execution_options(populate_existing=True)
)
_RANKED = select(
    Check.id, func.row_number().over(partition_by=Check.instance_id, order_by=Check.id.desc()).label("rank")
)
_OF_INSTANCES = _RANKED.where(Check.instance_id.in_(bindparam("instance_ids", expanding=True))).subquery()
_OF_NONE = _RANKED.where(Check.instance_id.is_(None)).subquery()
_DROP_OF_INSTANCES, _DROP_OF_NONE = (
    delete(Check)
    # What runs has yet to be told, and holds its login meanwhile.
    .where(Check.status != "running", Check.id.in_(select(ranked.c.id).where(ranked.c.rank > bindparam("kept"))))
    .execution_options(**NO_SYNC)
    for ranked in (_OF_INSTANCES, _OF_NONE)
)


_ENDPOINT = ("db_type", "host_key", "port")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Note):
    """A check is over; without a fact it was interrupted. The `kept` newest checks of its instance stay."""

    kept: int
    fact: CheckFact | None = None
    took_ms: int | None = None
    login: LoginThere | None = None

    def write(self) -> None:
        """Write the end and what follows from it; see `write_ends`."""
        write_ends([self])

    def note_login(self) -> None:
        """Count what the server thought of the login, or forget what it thought before."""
        if self.login is not None and self.fact is not None:
            refused_logins.note_steps(self.login, self.fact.steps)

    def settle(self, subject: "_Subject") -> "_Settled":
        """Change check, instance and fingerprint; the session writes them when it is flushed."""
        noted = self._note_identity(subject)
        verdict = self._verdict(is_unaccepted=noted.is_unaccepted)
        events = [*noted.events, *self._note_instance(subject, verdict)]
        self._write_result(subject.check, verdict)
        return _Settled(subject, noted.is_unaccepted, events)

    def _note_identity(self, subject: "_Subject") -> Noted:
        server = self.fact.found.server if self.fact is not None else None
        if subject.instance is None or subject.tells_nothing_new or server is None or server.identity is None:
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
        if instance is None or subject.tells_nothing_new:
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


@dataclass(frozen=True, slots=True)
class _Subject:
    check: Check
    instance: Instance | None
    fingerprint: Fingerprint | None

    @property
    def tells_nothing_new(self) -> bool:
        """Tell whether a later check has ended, or the endpoint become another one."""
        if self.instance is None:
            return False
        checked, now = (tuple(getattr(one, name) for name in _ENDPOINT) for one in (self.check, self.instance))
        last = self.instance.last_attempt_at
        return checked != now or (last is not None and last > self.check.started_at)


@dataclass(frozen=True, slots=True)
class _Settled:
    """A check that has its end: what is to be recorded, and whether another server than the known one answered."""

    subject: _Subject
    is_unaccepted: bool
    events: Sequence[trail.Event]


def write_ends(ends: Sequence[Ended]) -> None:
    """Write ends and what follows from them; an end that stands already stays as it is.

    What the server thought of a login counts even so: the server counts it as well.
    """
    for some in _one_of_each(ends):
        subjects = _find_subjects(some)
        for end in some:
            end.note_login()
        settled = [end.settle(subjects[end.check_id]) for end in some if end.check_id in subjects]
        if not settled:
            continue
        current_session().flush()
        for one in settled:
            if one.is_unaccepted:
                mark_identify(one.subject.check.id, one.subject.fingerprint)
        trail.record(*(event for one in settled for event in one.events), operator_id=None)
        _drop_old({one.subject.check.instance_id for one in settled}, kept=max(end.kept for end in some))


def _one_of_each(ends: Sequence[Ended]) -> Sequence[Sequence[Ended]]:
    """Return the ends in groups that have one of each instance: the second one of it builds on the first."""
    groups: list[dict[tuple[int | None, int | None], Ended]] = []
    for end in ends:
        key = (end.instance_id, end.check_id if end.instance_id is None else None)
        group = next((one for one in groups if key not in one), None)
        if group is None:
            groups.append(group := {})
        group[key] = end
    return [list(one.values()) for one in groups]


def _find_subjects(ends: Sequence[Ended]) -> Mapping[int, _Subject]:
    """Return the checks that are still running, which nobody else ends meanwhile, with what they were about."""
    check_ids = sorted(end.check_id for end in ends)
    lock_rows(Instance.id, sorted(end.instance_id for end in ends if end.instance_id is not None))  # as a purge does
    lock_rows(Check.id, check_ids)
    rows = current_session().execute(_SUBJECTS, {"check_ids": check_ids})
    return {row[0].id: _Subject(row[0], row[1], row[2]) for row in rows}


def _drop_old(instance_ids: Set[int | None], *, kept: int) -> None:
    """Remove all but the newest checks of each instance, and (None) of what is not registered."""
    registered = [one for one in instance_ids if one is not None]
    if registered:
        current_session().execute(_DROP_OF_INSTANCES, {"kept": kept, "instance_ids": registered})
    if None in instance_ids:
        current_session().execute(_DROP_OF_NONE, {"kept": kept})


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
