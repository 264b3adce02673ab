"""Put a page of rows into the shape that all lists have."""

from collections.abc import Sequence
from typing import Any

from app.domain.references.listing import ListPage


def listing(items: Sequence[Any], query: ListPage, *, total: int | None, has_number: bool = True) -> dict[str, Any]:
    """Return `items, total, page, pages, limit`; without a total there are no pages to tell.

    A page that a cursor leads to has no number.
    """
    pages = None if total is None else -(-total // query.limit)
    page = query.page if has_number else None
    return {"items": items, "total": total, "page": page, "pages": pages, "limit": query.limit}
