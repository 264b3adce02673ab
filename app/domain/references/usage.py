"""Which instances use a tag, an environment, a cluster or a credential; those in the bin count as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, func, select, union
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


Link = Sequence[InstrumentedAttribute[Any]]  # the columns of instances that may hold the id
UNUSED = Usage()


def find_usage(link: Link | None, ids: Sequence[int], *, named: int = NAMED) -> Mapping[int, Usage]:
    """Return the usage by id, in one statement; unused ids are left out.

    `link` are the columns of instances that may hold the id; None means the table of tags. `named` bounds how many
    instances are named for each id.
    """
    using = _using(link, ids)
    numbered = select(
        using,
        func.count().over(partition_by=using.c.target).label("total"),
        func.row_number().over(partition_by=using.c.target, order_by=using.c.name).label("position"),
    )
    table = numbered.subquery()
    statement = select(table).where(table.c.position <= named).order_by(table.c.target, table.c.position)
    totals: dict[int, int] = {}
    users: dict[int, list[UsingInstance]] = {}
    for row in current_session().execute(statement):
        totals[row.target] = row.total
        users.setdefault(row.target, []).append(UsingInstance(row.id, row.name, bool(row.in_bin)))
    return {target: Usage(total, users[target]) for target, total in totals.items()}


def _using(link: Link | None, ids: Sequence[int]) -> Subquery:
    """Return target and instance, each pair once, however many columns of the instance hold the id."""
    columns = (Instance.id, Instance.name, Instance.deleted_at.is_not(None).label("in_bin"))
    if link is None:
        tagged = select(InstanceTag.tag_id.label("target"), *columns).where(InstanceTag.tag_id.in_(ids))
        return tagged.join(InstanceTag, InstanceTag.instance_id == Instance.id).subquery()
    each = [select(column.label("target"), *columns).where(column.in_(ids)) for column in link]
    return (each[0] if len(each) == 1 else union(*each)).subquery()
