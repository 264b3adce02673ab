"""The cursor of a list: where a page ended, as an opaque text that fits one order and one filter.

Nothing in it is secret, and one that somebody made up shows nothing that its filter would not show: so its
check sum needs no key. It tells a mistake (a cut text, another filter) from a place in this list.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import blake2s
from typing import Any

from app.core.errors import FieldFault, Invalid
from app.core.fields import INT64_MAX
from app.domain.instances.listing import ListInstances
from app.domain.instances.repository.ordering import SORTS

_SUM_BYTES = 8


def cursor_at(query: ListInstances, value: Any, instance_id: int) -> str:  # noqa: ANN401 - of the sort's kind
    """Return the cursor of the page that begins behind the row with this sort value and this id."""
    place = json.dumps([value.isoformat() if isinstance(value, datetime) else value, instance_id], ensure_ascii=False)
    return urlsafe_b64encode(_sum(query, place) + place.encode()).decode().rstrip("=")


def place_of(query: ListInstances) -> tuple[Any, int] | None:
    """Return the sort value and the id that the cursor of the query holds; None at the beginning.

    :raises Invalid: it is no cursor of this list in this order.
    """
    if not query.cursor:
        return None
    try:
        raw = urlsafe_b64decode(query.cursor + "=" * (-len(query.cursor) % 4))
        place = raw[_SUM_BYTES:].decode()
        value, instance_id = json.loads(place)
        moment = SORTS[query.sort].kind is datetime and value is not None
        value = datetime.fromisoformat(value) if moment else value
    except (ValueError, TypeError, RecursionError):
        raise _unfit() from None
    if raw[:_SUM_BYTES] != _sum(query, place) or not _fits(query, value) or not _fits_int(instance_id):
        raise _unfit()
    return value, instance_id


def _sum(query: ListInstances, place: str) -> bytes:
    of = json.dumps([query.sort, query.descending, query.filter_given(), place], sort_keys=True)
    return blake2s(of.encode(), digest_size=_SUM_BYTES).digest()


def _fits(query: ListInstances, value: object) -> bool:
    by = SORTS[query.sort]
    if value is None:
        return by.is_nullable
    if isinstance(value, datetime):
        return by.kind is datetime and value.tzinfo is not None
    return _fits_int(value) if by.kind is int else type(value) is by.kind


def _fits_int(value: object) -> bool:
    return type(value) is int and abs(value) <= INT64_MAX


def _unfit() -> Invalid:
    return Invalid([FieldFault("cursor", "invalid_cursor")])
