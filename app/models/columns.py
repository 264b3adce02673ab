"""Columns that most tables have."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UtcDateTime, moment

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite gives a rowid to INTEGER only


def _now() -> datetime:
    return moment()


def _created_at(context: Any) -> datetime:  # noqa: ANN401 - SQLAlchemy's execution context
    moment: datetime = context.get_current_parameters()["created_at"]
    return moment


class Identified:
    """A surrogate key."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True, sort_order=-1)


class Versioned(Identified):
    """When the row was made and last changed by somebody, and how often: `version` starts at 1."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_created_at, sort_order=91)
    version: Mapped[int] = mapped_column(Integer, default=1, sort_order=92)
