"""Write the audit events: one for every change, in the transaction of the change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from app.core import clock
from app.core.db import current_session
from app.domain.audit import origin
from app.models import AuditEvent, User

SECRET = object()  # stands for a secret in a record: that it changed is told, what it is never

Record = Mapping[str, Any]


class Entity(Protocol):
    """What an event can speak of."""

    id: Any
    __tablename__: str


def difference(before: Record, after: Record) -> list[dict[str, Any]]:
    """Return `{field, before, after}` for each field that differs; of a secret only that it does."""
    changes: list[dict[str, Any]] = []
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if SECRET in (old, new):
            changes.append({"field": field, "secret": True})
        elif not _same(old, new):
            changes.append({"field": field, "before": _plain(old), "after": _plain(new)})
    return changes


def _same(old: Any, new: Any) -> bool:  # noqa: ANN401 - a record holds any JSON value
    """Tell whether two values are the same in JSON; in Python True equals 1."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a record holds any JSON value
    return value.isoformat() if isinstance(value, datetime) else value


def record(
    action: str,
    *,
    entity_type: str,
    entity_id: int | None,
    entity_name: str | None,
    operator_id: int | None,
    changes: Sequence[Mapping[str, Any]] = (),
    reason: str | None = None,
) -> None:
    """Add one event to the open transaction; it is written with the next flush."""
    where = origin.current()
    session = current_session()
    session.add(
        AuditEvent(
            at=clock.now(),
            actor_id=operator_id,
            actor_name=_actor_name(operator_id),
            action=f"{entity_type}.{action}",
            entity_type=entity_type,
            entity_id=entity_id,
            entity_name=entity_name,
            changes=[dict(change) for change in changes],
            reason=reason,
            request_id=where.request_id,
            source=where.source,
        )
    )


def _actor_name(operator_id: int | None) -> str:
    actor = origin.current().actor
    if operator_id is None or operator_id == actor.id:
        return actor.name
    name = current_session().scalar(select(User.username).where(User.id == operator_id))
    return name or f"user:{operator_id}"
