"""What a test process compiles once, or not before somebody asks for it.

SQLAlchemy remembers what it has compiled for one engine at a time, and werkzeug compiles two functions for each route
of an application that build its address. Many tests open a store and an application of their own, and would compile the
same things hundreds of times.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule

from app.core.db import postgresql, sqlite


def share_compiled_sql() -> None:
    """Let all engines that the program makes in this process ask one memory, as those of one class compile alike."""
    compiled: dict[Any, Any] = {}
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__ = _is_of_the_same_class
        dialect.__hash__ = _hash_of_the_class
    for module in (postgresql, sqlite):
        module.create_engine = partial(create_engine, execution_options={"compiled_cache": compiled})


def _is_of_the_same_class(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def _hash_of_the_class(dialect: object) -> int:
    return hash(type(dialect))


def compile_addresses_late() -> None:
    """Let a route compile what builds its address at the first call of it; few tests build one."""
    compile_builder = Rule._compile_builder

    def late(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_builder(rule, append_unknown))
            return made[0](rule, **values)

        return build

    Rule._compile_builder = late
