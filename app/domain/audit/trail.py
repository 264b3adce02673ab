"""Write the audit events: one for every change, in the transaction of the change."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.core.db import current_session, moment, same_json
from app.domain.audit import origin
from app.models import AuditEvent, User


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret in a record by what tells it from another one: that it changed is told, what it is never."""

    digest: str


SECRET = object()  # stands for a secret in a record: that it changed is told, what it is never

Record = Mapping[str, Any]
_collected: "ContextVar[list[Event] | None]" = ContextVar("muster_collected_events", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was done to one thing; who did it, when and where from is added when it is recorded.

    What has no row of its own has no id. The reason and the ticket of the origin count where it has none.
    """

    action: str
    entity_type: str
    entity_id: int | None = None
    entity_name: str | None = None
    changes: Sequence[Mapping[str, Any]] = ()
    reason: str | None = None
    ticket: str | None = None


def difference(before: Record, after: Record) -> list[dict[str, Any]]:
    """Return `{field, before, after}` for each field that differs; of a secret only that it does."""
    changes: list[dict[str, Any]] = []
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if SECRET in (old, new):
            changes.append({"field": field, "secret": True})
        elif isinstance(old, Hidden) or isinstance(new, Hidden):
            if old != new:
                changes.append({"field": field, "secret": True})
        elif not same_json(old, new):
            changes.append({"field": field, "before": plain(old), "after": plain(new)})
    return changes


def plain(value: Any) -> Any:  # noqa: ANN401 - a record holds any JSON value
    """Return a value of a record as the trail keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


@contextmanager
def collecting() -> Iterator[list[Event]]:
    """Gather the events that are recorded inside, for whoever shows what a call would do."""
    events: list[Event] = []
    token = _collected.set(events)
    try:
        yield events
    finally:
        _collected.reset(token)


def record(*events: Event, operator_id: int | None) -> None:
    """Write events into the open transaction, all in one statement."""
    where, acting, at = origin.current(), actor_name(operator_id), moment()
    told = [
        replace(event, reason=event.reason or where.reason, ticket=event.ticket or where.ticket) for event in events
    ]
    rows = [
        {
            "at": at,
            "actor_id": operator_id,
            "actor_name": acting,
            "action": f"{event.entity_type}.{event.action}",
            "entity_type": event.entity_type,
            "entity_id": event.entity_id,
            "entity_name": event.entity_name,
            "changes": [dict(change) for change in event.changes],
            "reason": event.reason,
            "ticket": event.ticket,
            "request_id": where.request_id,
            "source": where.source,
            "reverts_id": where.reverts_id,
        }
        for event in told
    ]
    if rows:
        current_session().execute(insert(AuditEvent), rows)
    collected = _collected.get()
    if collected is not None:
        collected.extend(told)


def actor_name(operator_id: int | None) -> str:
    """Return the name under which events show the operator."""
    actor = origin.current().actor
    if operator_id is None or operator_id == actor.id:
        return actor.name
    name = current_session().scalar(select(User.username).where(User.id == operator_id))
    return name or f"user:{operator_id}"
