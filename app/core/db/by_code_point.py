"""One SQL expression that both databases spell differently: a text that sorts by code point, in any locale."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class by_code_point(FunctionElement[Any]):  # noqa: N801 - reads as the SQL that it is
    """Take a text column; UTF-8 compared byte by byte is in the order of code points."""

    type = Text()
    inherit_cache = True


@compiles(by_code_point, "sqlite")
def _in_sqlite(element: by_code_point, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    text: str = compiler.process(element.clauses, **options)
    return text


@compiles(by_code_point, "postgresql")
def _in_postgresql(element: by_code_point, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'
