"""Pages of things that instances refer to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import current_session
from app.core.fields import INT64_MAX, Command, FromDigits, Line


class ListPage(Command):
    """Which page of a list."""

    page: Annotated[int, Field(ge=1, le=INT64_MAX), FromDigits()] = Field(
        1, description="Which page; one past the end has no items."
    )
    limit: Annotated[int, Field(ge=1, le=100), FromDigits()] = Field(20, description="Items on a page.")

    @property
    def offset(self) -> int:
        """Return how many rows come before the page, at most what the store can count."""
        return min((self.page - 1) * self.limit, INT64_MAX)


class ListReferences(ListPage):
    """Which of the things, and which page of them."""

    search: Annotated[Line, Field(max_length=200)] | None = Field(None, description="Part of the name.")


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and how many there are in all; `total` is None where nobody asked.

    `next_cursor` leads to the page behind; None at the end, and where pages are told by number.
    """

    items: Sequence[Any]
    total: int | None
    next_cursor: str | None = None


def list_page(
    query: ListReferences,
    *,
    search_in: Sequence[InstrumentedAttribute[Any]],
    order_by: Sequence[InstrumentedAttribute[Any]],
) -> Page:
    """Return one page of the table that the first column belongs to."""
    model = search_in[0].class_
    matches = []
    if query.search:
        matches.append(or_(*(column.icontains(query.search, autoescape=True) for column in search_in)))
    session = current_session()
    total = session.scalar(select(func.count()).select_from(model).where(*matches))
    rows = select(model).where(*matches).order_by(*order_by, model.id).offset(query.offset).limit(query.limit)
    return Page(session.scalars(rows).all(), total)
