"""Let old events go: whole sealed batches only, and the last seal of them stays as the anchor of the chain."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.core import clock
from app.core.db import current_session, transaction
from app.core.db.append_only import lifted
from app.domain.audit import repository, trail, verification
from app.domain.audit.chain import Link
from app.domain.audit.errors import AuditChainBroken
from app.models import AuditEvent, AuditSeal

SEALS_AT_ONCE = 10  # of one transaction, for which writers of the trail wait on PostgreSQL


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many events went, and up to which seal; `more` tells that a further call would remove more."""

    events: int = 0
    through_seal: int | None = None
    more: bool = False


def prune(*, keep_days: int) -> Pruned:
    """Remove the batches whose newest event is older than `keep_days`, never the newest batch.

    Opens its own transaction: the events, their seals but the last, and the event that tells of it go together.

    :raises AuditChainBroken: what would be removed does not fit its seal; nothing is removed.
    """
    horizon = clock.now() - timedelta(days=keep_days)
    with transaction():
        old, more = _old_seals(horizon)
        if not old:
            return Pruned()
        anchor = old[-1]
        events = _remove_through(anchor)
        if not events:  # another process was faster
            return Pruned()
        told = {"events": events, "through_seal": anchor.number, "until": anchor.until.isoformat(), "hash": anchor.hash}
        changes = [{"field": name, "before": None, "after": value} for name, value in told.items()]
        event = trail.Event(action="retention", entity_type="audit", changes=changes)
        trail.record(event, operator_id=None)
        return Pruned(events, anchor.number, more)


def _old_seals(horizon: datetime) -> tuple[list[AuditSeal], bool]:
    """Return the seals to remove, each held against its events, and whether there would be more."""
    newest, latest = repository.find_newest_seal(), repository.find_newest_of_action(repository.RETENTION)
    anchor = verification.through_seal(latest) if latest is not None else None
    old: list[AuditSeal] = []
    before = Link()
    for seal in verification.seals_after(0):
        if seal.number != anchor:
            if newest is None or seal.until >= horizon or seal.number == newest.number:
                return old, False
            if len(old) == SEALS_AT_ONCE:
                return old, True
            _check(seal, before)
            old.append(seal)
        before = Link.after(seal)
    return old, False


def _check(seal: AuditSeal, before: Link) -> None:
    fault = verification.check_seal(seal, before) or verification.check_events(seal, before)
    if fault is not None:
        extra = {"kind": fault.kind, "seal": fault.seal, "event_id": fault.event_id}
        raise AuditChainBroken(params={"seal": fault.seal}, extra=extra)


def _remove_through(anchor: AuditSeal) -> int:
    """Remove the events up to a seal and the seals before it, the one place where rows of the trail go."""
    session = current_session()
    removals = (
        delete(AuditEvent).where(AuditEvent.id <= anchor.last_id),
        delete(AuditSeal).where(AuditSeal.number < anchor.number),
    )
    with lifted(AuditEvent.__tablename__, AuditSeal.__tablename__):
        gone = [session.execute(one, execution_options={"synchronize_session": False}) for one in removals]
    return int(getattr(gone[0], "rowcount", 0))
