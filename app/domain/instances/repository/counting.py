"""How many instances there are, of which kind."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from app.core.db import current_session
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.repository.fields import STATUS
from app.models import Instance


def count_matching(wanted: InstanceFilter, matches: Sequence[ColumnElement[bool]]) -> int:
    """Return how many instances a filter finds; `matches` is what it means in SQL. In one statement.

    Where it asks for nothing but what is not in the recycle bin, it is all rows without those that are: SQLite counts
    all rows of a table by its pages, any others one by one.
    """
    connection, counted = current_session().connection(), select(func.count()).select_from(Instance)
    given = wanted.model_fields_set & InstanceFilter.model_fields.keys()
    if connection.dialect.name != "sqlite" or wanted.include_deleted or given - {"include_deleted"}:
        return connection.scalar(counted.where(*matches)) or 0
    binned = counted.where(Instance.deleted_at.is_not(None)).scalar_subquery()
    return connection.scalar(select(counted.scalar_subquery() - binned)) or 0


def count_by_kind() -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (db_type, status, count) of all instances, those in the recycle bin included, in one statement."""
    # By label: PostgreSQL takes the two CASEs, each with parameters of its own, for different expressions.
    counted = select(Instance.db_type, STATUS.label("status"), func.count()).group_by("db_type", "status")
    return current_session().execute(counted.order_by("db_type", "status")).all()
