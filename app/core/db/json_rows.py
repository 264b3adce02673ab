"""One SQL function that both databases spell differently: many rows as one JSON array."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class json_rows(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """Aggregate rows into a JSON array of arrays, in no particular order; no rows give an empty array."""

    type = JSON()
    inherit_cache = True


@compiles(json_rows, "sqlite")
def _in_sqlite(element: json_rows, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(json_rows, "postgresql")
def _in_postgresql(element: json_rows, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f"coalesce(json_agg(json_build_array({compiler.process(element.clauses, **options)})), '[]')"
