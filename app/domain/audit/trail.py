"""Write the audit events: one for every change, in the transaction of the change."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.core import clock
from app.core.db import current_session, same_json
from app.domain.audit import origin
from app.models import AuditEvent, User

SECRET = object()  # stands for a secret in a record: that it changed is told, what it is never

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Revert:
    event_id: int
    reason: str | None


_revert: ContextVar[_Revert | None] = ContextVar("muster_revert", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was done to one thing; who did it, when and where from is added when it is recorded."""

    action: str
    entity_type: str
    entity_id: int | None = None
    entity_name: str | None = None
    changes: Sequence[Mapping[str, Any]] = ()
    reason: str | None = None


def difference(before: Record, after: Record) -> list[dict[str, Any]]:
    """Return `{field, before, after}` for each field that differs; of a secret only that it does."""
    changes: list[dict[str, Any]] = []
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if SECRET in (old, new):
            changes.append({"field": field, "secret": True})
        elif not same_json(old, new):
            changes.append({"field": field, "before": plain(old), "after": plain(new)})
    return changes


def plain(value: Any) -> Any:  # noqa: ANN401 - a record holds any JSON value
    """Return a value of a record as the trail keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


@contextmanager
def reverting(event_id: int, *, reason: str | None) -> Iterator[None]:
    """Let every event that is recorded inside name the one that it undoes."""
    token = _revert.set(_Revert(event_id, reason))
    try:
        yield
    finally:
        _revert.reset(token)


def record(*events: Event, operator_id: int | None) -> None:
    """Write events into the open transaction, all in one statement."""
    where, actor_name, at, reverted = origin.current(), _actor_name(operator_id), clock.now(), _revert.get()
    rows = [
        {
            "at": at,
            "actor_id": operator_id,
            "actor_name": actor_name,
            "action": f"{event.entity_type}.{event.action}",
            "entity_type": event.entity_type,
            "entity_id": event.entity_id,
            "entity_name": event.entity_name,
            "changes": [dict(change) for change in event.changes],
            "reason": event.reason or (reverted and reverted.reason),
            "request_id": where.request_id,
            "source": where.source,
            "reverts_id": reverted and reverted.event_id,
        }
        for event in events
    ]
    if rows:
        current_session().execute(insert(AuditEvent), rows)


def _actor_name(operator_id: int | None) -> str:
    actor = origin.current().actor
    if operator_id is None or operator_id == actor.id:
        return actor.name
    name = current_session().scalar(select(User.username).where(User.id == operator_id))
    return name or f"user:{operator_id}"
