"""What changed last, as the histories of the instances tell it; what one call did is told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.core.db import current_session
from app.domain.instances.repository import matching
from app.domain.reporting.commands import ReadOverview
from app.models import AuditEvent, Instance

SHOWN_MOST = 10
NAMED_MOST = 5
# The trail may hold millions of events, and none that is wanted: older ones are not looked at.
LOOKED_AT = 10_000


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What one call did by one action: how many changes it made, and of which instances the newest are.

    `import_id` is the import that the call made or undid.
    """

    count: int
    instances: Sequence[Mapping[str, Any]]
    import_id: int | None


@dataclass(frozen=True, slots=True)
class RecentChange:
    """A change; where its call made others like it, the newest of them, with the group."""

    event: AuditEvent
    group: ChangeGroup | None


def list_recent(query: ReadOverview) -> Sequence[RecentChange]:
    """Return the newest changes of the instances, those in the recycle bin included, in one statement.

    Only events of instances: what else the trail holds takes a right of its own to see. What was purged has no history.
    """
    found = _found(query).subquery()
    ranked = (
        select(found, func.dense_rank().over(order_by=found.c.newest.desc()).label("rank"))
        .where(found.c.of_instance, found.c.place <= NAMED_MOST)
        .subquery()
    )
    events = (
        select(AuditEvent, ranked.c.newest, ranked.c.together, ranked.c.import_id)
        .join(ranked, ranked.c.id == AuditEvent.id)
        .where(ranked.c.rank <= SHOWN_MOST)
        .order_by(ranked.c.newest.desc(), AuditEvent.id.desc())
    )
    rows = current_session().execute(events).all()
    return [_change([*of_one]) for _, of_one in groupby(rows, key=lambda row: row.newest)]


def _found(query: ReadOverview) -> Select[Any]:
    """Select the ids of the wanted events among the newest, and of those of imports, with what they are part of."""
    # The limit keeps the store from any other way than down from the newest: to put events of one call together
    # it would read the whole trail by their moment, which has an index.
    newest = aliased(AuditEvent, select(AuditEvent).order_by(AuditEvent.id.desc()).limit(LOOKED_AT).subquery())
    # The moment is that of the transaction: a request id alone may be the caller's own, and the same for days.
    of_one_call = (newest.at, newest.actor_name, newest.request_id)
    by_action = (*of_one_call, newest.action)
    of_instance = newest.entity_type == "instance"
    of_import = newest.entity_type == "import"
    wanted = and_(Instance.id.is_not(None), *matching(query.matching(include_deleted=True)))
    return (
        select(
            newest.id,
            of_instance.label("of_instance"),
            func.max(newest.id).over(partition_by=by_action).label("newest"),
            func.count().over(partition_by=by_action).label("together"),
            func.row_number().over(partition_by=by_action, order_by=newest.id.desc()).label("place"),
            func.max(case((of_import, newest.entity_id))).over(partition_by=of_one_call).label("import_id"),
        )
        .outerjoin(Instance, and_(Instance.id == newest.entity_id, of_instance))
        .where(or_(of_import, wanted))
    )


def _change(rows: Sequence[Any]) -> RecentChange:
    event, _, count, import_id = rows[0]
    # A call may change an instance twice; it has its newest name.
    names = {one.entity_id: one.entity_name for one, *_ in reversed(rows)}
    instances = [{"id": one, "name": names[one]} for one in dict.fromkeys(one.entity_id for one, *_ in rows)]
    return RecentChange(event, ChangeGroup(count, instances, import_id) if count > 1 else None)
