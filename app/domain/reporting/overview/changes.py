"""What changed last, as the histories of the instances tell it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, null, select

from app.core.db import current_session
from app.domain.instances.repository import matching
from app.domain.reporting.commands import ReadOverview
from app.models import AuditEvent, Instance

SHOWN_MOST = 10
# The trail may hold millions of events, and none that is wanted: older ones are not looked at.
LOOKED_AT = 10_000


def list_recent(query: ReadOverview) -> Sequence[AuditEvent]:
    """Return the newest events of the instances, those in the recycle bin included, in one statement.

    Only events of instances: what else the trail holds takes a right of its own to see. What was purged has no history.
    """
    newest = select(func.max(AuditEvent.id)).scalar_subquery()
    events = (
        select(AuditEvent)
        .join(Instance, Instance.id == AuditEvent.entity_id)
        .where(
            AuditEvent.id > newest - LOOKED_AT, _is_of_an_instance(), *matching(query.matching(include_deleted=True))
        )
        .order_by(AuditEvent.id.desc())
        .limit(SHOWN_MOST)
    )
    return current_session().scalars(events).all()


def _is_of_an_instance() -> ColumnElement[bool]:
    """Compare the kind of thing so that no index on it is used: the newest events are to be read, and few of them."""
    return func.coalesce(AuditEvent.entity_type, null()) == "instance"
