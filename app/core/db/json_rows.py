"""One SQL function that both databases spell differently: many rows as one JSON array."""

from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class _Rows(TypeDecorator[tuple[tuple[Any, ...], ...]]):
    """The array as tuples: rows that hold it can then be told apart, which joined loading needs."""

    impl = JSON
    cache_ok = True
    hashable = True

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[tuple[Any, ...], ...]:  # noqa: ANN401 - JSON
        """Freeze the array."""
        del dialect
        return tuple(tuple(row) for row in value)


class json_rows(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """Aggregate rows into a JSON array of arrays, in no particular order; no rows give an empty array."""

    type = _Rows()
    inherit_cache = True


@compiles(json_rows, "sqlite")
def _in_sqlite(element: json_rows, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(json_rows, "postgresql")
def _in_postgresql(element: json_rows, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f"coalesce(json_agg(json_build_array({compiler.process(element.clauses, **options)})), '[]')"
