"""What a write has to say on PostgreSQL, where many write at once; SQLite has one writer at a time anyway.

A statement that waits for a row sees that row as it has become, and everything else as it was before the wait.
So whoever compares more than the row itself locks first, by a statement of its own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db.session import current_session
from app.core.db.types import Base

_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_AT_ONCE = 500  # rows of one INSERT, well below what either database takes

Selection = TypeVar("Selection", bound=Select[*tuple[Any, ...]])


def _dialect() -> str:
    return current_session().get_bind().dialect.name


def hold_lock(name: str) -> None:
    """Let nobody else hold the lock of this name until the open transaction ends."""
    if _dialect() == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        current_session().execute(select(func.pg_advisory_xact_lock(number)))


def lock_row(column: InstrumentedAttribute[Any], value: object) -> None:
    """Keep the row from being changed or removed by others until the open transaction ends."""
    if _dialect() == "postgresql":
        current_session().execute(select(column).where(column == value).with_for_update())


def lock_rows(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> None:
    """Lock several rows as `lock_row` does one, in the order of the values, so that two callers never block each other.

    A statement takes so many values at most as any database does; whoever has more calls again, in order.
    """
    if _dialect() == "postgresql":
        current_session().execute(select(column).where(column.in_(values)).order_by(column).with_for_update())


def keep_row(column: InstrumentedAttribute[Any], value: object) -> None:
    """Keep the row from being removed, so that it can be referred to."""
    if _dialect() == "postgresql":
        current_session().execute(kept(select(column).where(column == value)))


def kept(statement: Selection, *, of: type[Base] | None = None) -> Selection:
    """Let a SELECT keep its rows from being removed by others; with a join, `of` says which."""
    return statement.with_for_update(read=True, key_share=True, of=of)


def insert_if_absent(model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique constraint knows it; tells whether it was inserted."""
    statement = _INSERTS[_dialect()](model).values(**values).on_conflict_do_nothing().returning(literal(1))
    return current_session().execute(statement).first() is not None


def insert_all_absent(
    model: type[Base], rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> set[tuple[Any, ...]]:
    """Insert those rows that no unique constraint knows, and return their keys; a few hundred rows at a time."""
    table, inserted = model.__table__, set[tuple[Any, ...]]()
    for start in range(0, len(rows), _AT_ONCE):
        statement = _INSERTS[_dialect()](model).values(list(rows[start : start + _AT_ONCE])).on_conflict_do_nothing()
        found = current_session().execute(statement.returning(*(table.c[name] for name in key)))
        inserted |= {tuple(row) for row in found}
    return inserted
