"""One SQL function that both databases spell differently: the value of a key of a flat JSON object, as text."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class json_text(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """Take a JSON column and a key; `true`, `false` and numbers come as JSON writes them, null and no key as null."""

    type = Text()
    inherit_cache = True


@compiles(json_text, "sqlite")
def _in_sqlite(element: json_text, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    column, key = (compiler.process(part, **options) for part in element.clauses)
    # Not `->>`: it reads a key with a quotation mark as a path, and tells true as 1.
    text = "CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(value AS TEXT) END"
    return f"(SELECT {text} FROM json_each({column}) WHERE key = {key})"  # noqa: S608 - compiled parts


@compiles(json_text, "postgresql")
def _in_postgresql(element: json_text, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    column, key = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} ->> CAST({key} AS TEXT))"
