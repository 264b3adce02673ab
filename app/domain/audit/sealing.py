"""Seal what was written: outside of the transactions that write, so that sealing keeps nobody waiting."""

from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.crypto import KeyRing
from app.core.db import snapshot, transaction
from app.core.db.append_only import settled_id
from app.domain.audit import chain, repository, trail
from app.models import AuditEvent, AuditSeal

BATCH = 1_000  # events of one seal at most: what is read and hashed at a time


def seal_pending(*, keys: KeyRing, wait_ms: int = 200) -> int:
    """Seal every event that is settled, in batches; returns how many events that were.

    Several processes may do it at once: one of them makes each seal, and the others go on from there.

    :raises Unavailable: the store does not answer, or writers did not end within `wait_ms`.
    """
    settled, sealed = settled_id(AuditEvent.id, wait_ms=wait_ms), 0
    while (made := _next_seal(settled, keys=keys)) is not None:
        if _add(made):
            sealed += len(made.digests)
    return sealed


def carry_over(*, keys: KeyRing, wait_ms: int = 10_000) -> None:
    """See to it that a key of this ring proves the newest seal, when the one that made it goes.

    :raises Unavailable: as `seal_pending`.
    """
    with snapshot():
        newest = repository.find_newest_seal()
        proven = newest is None or chain.is_proven(newest, keys=keys)
    if not proven:
        with transaction():
            trail.record(trail.Event(action="carry_over", entity_type="audit"), operator_id=None)
        seal_pending(keys=keys, wait_ms=wait_ms)


def _next_seal(settled: int, *, keys: KeyRing) -> AuditSeal | None:
    with snapshot():
        before = chain.Link.after(repository.find_newest_seal())
        events = repository.list_between(before.last_id, settled, limit=BATCH)
        return chain.seal(events, before, keys=keys, at=clock.now()) if events else None


def _add(seal: AuditSeal) -> bool:
    try:
        with transaction() as session:
            session.add(seal)
    except IntegrityError:  # another process has made the seal of this number
        return False
    return True
