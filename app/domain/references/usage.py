"""Which instances use a tag, an environment, a cluster or a credential; those in the bin count as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import current_session
from app.models import Instance, InstanceTag

# Instances that an answer names; the count is always exact.
NAMED = 20  # in what is told about a thing
NAMED_AT_REFUSAL = 100  # where it cannot be removed because of them


@dataclass(frozen=True, slots=True)
class UsingInstance:
    """One instance that uses the thing."""

    id: int
    name: str
    in_bin: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How many instances use the thing, and the first of them by name."""

    count: int = 0
    instances: Sequence[UsingInstance] = ()


Link = InstrumentedAttribute[Any]
UNUSED = Usage()


def find_usage(link: Link | None, ids: Sequence[int], *, named: int = NAMED) -> Mapping[int, Usage]:
    """Return the usage by id, in one statement; unused ids are left out.

    `link` is the column of instances that holds the id; None means the table of tags. `named` bounds how many
    instances are named for each id.
    """
    target = InstanceTag.tag_id if link is None else link
    numbered = select(
        target.label("target"),
        Instance.id,
        Instance.name,
        Instance.deleted_at.is_not(None).label("in_bin"),
        func.count().over(partition_by=target).label("total"),
        func.row_number().over(partition_by=target, order_by=Instance.name).label("position"),
    ).where(target.in_(ids))
    if link is None:
        numbered = numbered.join(InstanceTag, InstanceTag.instance_id == Instance.id)
    table = numbered.subquery()
    statement = select(table).where(table.c.position <= named).order_by(table.c.target, table.c.position)
    totals: dict[int, int] = {}
    users: dict[int, list[UsingInstance]] = {}
    for row in current_session().execute(statement):
        totals[row.target] = row.total
        users.setdefault(row.target, []).append(UsingInstance(row.id, row.name, bool(row.in_bin)))
    return {target: Usage(total, users[target]) for target, total in totals.items()}
