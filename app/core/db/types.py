"""The declarative base and the column types that models share."""

import json
from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """The base of all models; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_PLAIN = frozenset({str, int, bool, type(None), datetime})


def same_json(x: object, y: object) -> bool:
    """Tell whether two values are written alike; in Python `True`, `1` and `1.0` are equal, in JSON they are three."""
    if type(x) in _PLAIN and (y is None or x is None or type(x) is type(y)):
        return x == y
    return json.dumps(x, sort_keys=True, default=str) == json.dumps(y, sort_keys=True, default=str)


class ExactJson(JSON):
    """JSON that is written whenever `same_json` sees a change."""

    def compare_values(self, x: object, y: object) -> bool:
        """Tell whether the two are the same JSON."""
        return same_json(x, y)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: goes in with any offset, comes out in UTC. SQLite itself keeps no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC.

        :raises ValueError: the moment has no offset.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, with its offset."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
