"""Tables that only grow: how their triggers are lifted, and how far their ids are settled.

The triggers themselves are made by the migrations. Nothing but `lifted` gets past them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import DDL, Executable, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.db.session import current_session, snapshot, transaction

_SQLITE_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")


@contextmanager
def lifted(*tables: str) -> Iterator[None]:
    """Let rows of `tables` be removed inside, in the open transaction alone.

    Nobody else ever sees a trigger missing: SQLite has one writer, and on PostgreSQL other writers of these tables
    wait until the transaction ends. An error inside must end the transaction, which puts everything back.
    """
    session = current_session()
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    restore = [statement for table in tables for statement in (_drop if on_sqlite else _disable)(session, table)]
    yield
    session.flush()
    for statement in restore:
        session.execute(statement)


def _drop(session: Session, table: str) -> list[Executable]:
    triggers = session.execute(_SQLITE_TRIGGERS, {"table": table}).all()
    for trigger in triggers:
        session.execute(_naming("DROP TRIGGER %(name)s", trigger.name))
    return [text(trigger.sql) for trigger in triggers]


def _disable(session: Session, table: str) -> list[Executable]:
    session.execute(_naming("ALTER TABLE %(name)s DISABLE TRIGGER USER", table))
    return [_naming("ALTER TABLE %(name)s ENABLE TRIGGER USER", table)]


def _naming(statement: str, name: str) -> Executable:
    """Return a statement with the name of something of ours in it, where no parameter can stand."""
    return DDL(statement, context={"name": name})  # type: ignore[no-untyped-call]


def settled_id(column: InstrumentedAttribute[int], *, wait_ms: int) -> int:
    """Return the highest id up to which no row can appear any more; opens its own transaction.

    SQLite has one writer, so ids appear in their order. On PostgreSQL a lower id may be committed after a higher one:
    for a moment writers are kept out, at most `wait_ms` for those that are writing now, and then nobody holds an id
    that is not committed (the lock of INSERT is taken before its id is drawn).

    :raises Unavailable: writers did not end within `wait_ms`; try again later.
    """
    newest = select(func.coalesce(func.max(column), 0))
    with snapshot() as session:
        if session.get_bind().dialect.name == "sqlite":
            return session.scalar(newest) or 0
    with transaction() as session:
        session.execute(select(func.set_config("lock_timeout", f"{wait_ms}ms", True)))
        session.execute(_naming("LOCK TABLE %(name)s IN SHARE MODE", column.class_.__tablename__))
        return session.scalar(newest) or 0
