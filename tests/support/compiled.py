"""One memory of compiled SQL for all stores of a test process.

SQLAlchemy remembers what it has compiled for one engine at a time, and a test opens a store of its own: a third of
the time of a run went into compiling the same statements hundreds of times.
"""

from functools import partial
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from app.core.db import postgresql, sqlite


def share_compiled_sql() -> None:
    """Let all engines that the program makes in this process ask one memory, as those of one class compile alike."""
    compiled: dict[Any, Any] = {}
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__ = _is_of_the_same_class  # type: ignore[method-assign]
        dialect.__hash__ = _hash_of_the_class  # type: ignore[method-assign]
    for module in (postgresql, sqlite):
        module.create_engine = partial(create_engine, execution_options={"compiled_cache": compiled})


def _is_of_the_same_class(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def _hash_of_the_class(dialect: object) -> int:
    return hash(type(dialect))
