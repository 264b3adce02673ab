"""How many instances there are, of which kind."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from app.core.db import current_session
from app.domain.instances.repository.fields import STATUS
from app.models import Instance


def count_by_kind() -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (db_type, status, count) of all instances, those in the recycle bin included, in one statement."""
    # By label: PostgreSQL takes the two CASEs, each with parameters of its own, for different expressions.
    counted = select(Instance.db_type, STATUS.label("status"), func.count()).group_by("db_type", "status")
    return current_session().execute(counted.order_by("db_type", "status")).all()
