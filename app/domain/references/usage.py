"""Which instances use a tag, an environment, a cluster or a credential; those in the bin count as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import current_session
from app.models import Instance, InstanceTag

_NAMED = 20  # instances that an answer names; the count is always exact


@dataclass(frozen=True, slots=True)
class User:
    """One instance that uses the thing."""

    id: int
    name: str
    in_bin: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How many instances use the thing, and the first of them by name."""

    count: int = 0
    instances: Sequence[User] = ()


Link = InstrumentedAttribute[Any]
UNUSED = Usage()


def find_usage(link: Link | None, ids: Sequence[int]) -> Mapping[int, Usage]:
    """Return the usage by id, in one statement; unused ids are left out.

    `link` is the column of instances that holds the id; None means the table of tags.
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
    rows = current_session().execute(
        select(table).where(table.c.position <= _NAMED).order_by(table.c.target, table.c.position)
    )
    usage: dict[int, Usage] = {}
    for row in rows:
        known = usage.get(row.target, UNUSED)
        usage[row.target] = Usage(row.total, (*known.instances, User(row.id, row.name, bool(row.in_bin))))
    return usage
