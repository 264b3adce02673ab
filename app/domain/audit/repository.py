"""Every SELECT on the audit trail and on its seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.core.db import current_session
from app.domain.audit.errors import AuditEventNotFound
from app.models import AuditEvent, AuditSeal

RETENTION, VERIFICATION = "audit.retention", "audit.verify"


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, the newest first, and how many there are in all; `total` is None where nobody asked."""

    items: Sequence[AuditEvent]
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events: those that match everything that is not None; `until` itself is left out."""

    entity_type: str | None = None
    entity_id: int | None = None
    actor_id: int | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions of a SELECT."""
        given = [
            column == value
            for column, value in (
                (AuditEvent.entity_type, self.entity_type),
                (AuditEvent.entity_id, self.entity_id),
                (AuditEvent.actor_id, self.actor_id),
                (AuditEvent.action, self.action),
            )
            if value is not None
        ]
        if self.since is not None:
            given.append(AuditEvent.at >= self.since)
        if self.until is not None:
            given.append(AuditEvent.at < self.until)
        return given


def list_page(
    which: EventFilter, *, limit: int, offset: int = 0, before_id: int | None = None, count: bool = True
) -> EventPage:
    """Return some of the events, the newest first: behind `offset` others, or those older than `before_id`."""
    session, matches = current_session(), which.conditions()
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*matches)) if count else None
    if before_id is not None:
        matches.append(AuditEvent.id < before_id)
    events = select(AuditEvent).where(*matches).order_by(AuditEvent.id.desc()).offset(offset).limit(limit)
    return EventPage(session.scalars(events).all(), total)


def list_of_entity(entity_type: str, entity_id: int, *, offset: int, limit: int) -> EventPage:
    """Return the events of one thing."""
    return list_page(EventFilter(entity_type=entity_type, entity_id=entity_id), offset=offset, limit=limit)


def get_event(event_id: int) -> AuditEvent:
    """Return one event.

    :raises AuditEventNotFound: no event has the id, or its retention has ended.
    """
    event = current_session().get(AuditEvent, event_id)
    if event is None:
        raise AuditEventNotFound(params={"id": event_id})
    return event


def find_newest_of_action(action: str) -> AuditEvent | None:
    """Return the last event of one action."""
    return next(iter(list_page(EventFilter(action=action), limit=1, count=False).items), None)


def find_beginning() -> datetime | None:
    """Return the moment up to which retention has removed events; None while the trail is whole."""
    event = find_newest_of_action(RETENTION)
    told = {change["field"]: change["after"] for change in event.changes} if event is not None else {}
    return datetime.fromisoformat(told["until"]) if told else None


def find_revert_of(event_id: int, *, entity_type: str) -> AuditEvent | None:
    """Return the newest event that undid this one."""
    mine = (AuditEvent.reverts_id == event_id, AuditEvent.entity_type == entity_type)
    return current_session().scalar(select(AuditEvent).where(*mine).order_by(AuditEvent.id.desc()).limit(1))


def list_between(after_id: int, last_id: int, *, limit: int | None = None) -> Sequence[AuditEvent]:
    """Return the events behind `after_id` up to `last_id`, the oldest first."""
    within = and_(AuditEvent.id > after_id, AuditEvent.id <= last_id)
    return current_session().scalars(select(AuditEvent).where(within).order_by(AuditEvent.id).limit(limit)).all()


def count_after(after_id: int) -> int:
    """Return how many events stand behind `after_id`."""
    return current_session().scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.id > after_id)) or 0


def find_newest_seal() -> AuditSeal | None:
    """Return the last seal."""
    return current_session().scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))


def find_next_seal(number: int) -> AuditSeal | None:
    """Return the first seal behind `number`."""
    following = select(AuditSeal).where(AuditSeal.number > number).order_by(AuditSeal.number).limit(1)
    return current_session().scalar(following)


def list_changes_since(
    entity_type: str, entity_id: int, moment: datetime, *, renaming: Sequence[str]
) -> Sequence[AuditEvent]:
    """Return what happened to one thing after `moment`, with all of its creations, deletions and restorations.

    `renaming` are actions on other things whose names it bears; those after `moment` are returned as well. The
    newest event comes first.
    """
    life = [f"{entity_type}.{verb}" for verb in ("create", "delete", "restore")]
    own = and_(
        AuditEvent.entity_type == entity_type,
        AuditEvent.entity_id == entity_id,
        or_(AuditEvent.at > moment, AuditEvent.action.in_(life)),
    )
    others = and_(AuditEvent.action.in_(renaming), AuditEvent.at > moment)
    return current_session().scalars(select(AuditEvent).where(or_(own, others)).order_by(AuditEvent.id.desc())).all()
