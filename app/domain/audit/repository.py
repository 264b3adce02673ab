"""Every SELECT on the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.db import current_session
from app.models import AuditEvent


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, the newest first, and how many there are in all."""

    items: Sequence[AuditEvent]
    total: int


def list_of_entity(entity_type: str, entity_id: int, *, offset: int, limit: int) -> EventPage:
    """Return the events of one thing."""
    session = current_session()
    mine = (AuditEvent.entity_type == entity_type, AuditEvent.entity_id == entity_id)
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*mine)) or 0
    events = select(AuditEvent).where(*mine).order_by(AuditEvent.id.desc()).offset(offset).limit(limit)
    return EventPage(session.scalars(events).all(), total)
