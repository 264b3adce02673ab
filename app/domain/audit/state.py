"""How far the chain is sealed, verified and kept, without verifying it."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.audit import repository, trail
from app.domain.audit.chain import Link
from app.domain.audit.verification import Verdict, through_seal
from app.models import AuditSeal


@dataclass(frozen=True, slots=True)
class Verified:
    """A verification that somebody recorded."""

    at: datetime
    sound: bool
    through_seal: int | None


@dataclass(frozen=True, slots=True)
class ChainState:
    """The newest seal, how many events wait for the next, the last recorded verification, where the trail begins."""

    sealed: AuditSeal | None
    unsealed: int
    verified: Verified | None
    begins_at: datetime | None


def chain_state() -> ChainState:
    """Return the state in four reads of the open snapshot, whatever the length of the trail."""
    newest = repository.find_newest_seal()
    event = repository.find_newest_of_action(repository.VERIFICATION)
    told = {change["field"]: change["after"] for change in event.changes} if event is not None else {}
    verified = Verified(event.at, told.get("sound") is True, through_seal(event)) if event is not None else None
    unsealed = repository.count_after(Link.after(newest).last_id)
    return ChainState(newest, unsealed, verified, repository.find_beginning())


def record_verification(verdict: Verdict) -> None:
    """Leave an event in the open transaction that says how a verification ended."""
    told = {
        "sound": verdict.fault is None,
        "through_seal": verdict.newest.number if verdict.newest is not None else None,
        "hash": verdict.newest.hash if verdict.newest is not None else None,
        "fault": verdict.fault.kind if verdict.fault is not None else None,
    }
    changes = [{"field": name, "before": None, "after": value} for name, value in told.items() if value is not None]
    trail.record(trail.Event(action="verify", entity_type="audit", changes=changes), operator_id=None)
