"""What every change of an instance leaves behind: a higher version, a later time, an audit event."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.db import current_session, moment
from app.domain.audit import trail
from app.models import Instance


def touch(instance: Instance) -> None:
    """Count the change."""
    instance.version += 1
    instance.updated_at = moment()


def trace(
    action: str,
    instance: Instance,
    changes: Sequence[Mapping[str, Any]],
    operator_id: int | None,
    *,
    reason: str | None = None,
    more: Sequence[trail.Event] = (),
) -> None:
    """Write the change and its event into the open transaction; `more` are events of other things that moved."""
    event = trail.Event(
        action=action,
        entity_type="instance",
        entity_id=instance.id,
        entity_name=instance.name,
        changes=changes,
        reason=reason,
    )
    current_session().flush()
    trail.record(*more, event, operator_id=operator_id)
