"""What wants attention: each list by a filter of instances, its count, and the first few of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import UtcDateTime, current_session
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.repository import CHANGE_OF_ROLE, matching
from app.domain.reporting.commands import ReadOverview
from app.domain.reporting.overview.counts import Counts
from app.domain.reporting.overview.failures import FailureGroup, members
from app.models import AuditEvent, Instance

SHOWN_MOST = 5
EXPIRES_WITHIN = timedelta(days=30)
STALE_AFTER = timedelta(days=7)
ROLES_CHANGED_WITHIN = timedelta(days=1)
_RARE = 100  # times as many instances there are in all
# In the order of the ids SQLite would read all instances to find a few; so it looks for those first, and sorts them.
_UNSORTED = func.coalesce(Instance.id, null())
_NO_MOMENT = cast(null(), UtcDateTime)
_ROLE_CHANGED_AT = (
    select(func.max(AuditEvent.at, type_=UtcDateTime))
    .where(
        AuditEvent.entity_type == "instance",
        AuditEvent.entity_id == Instance.id,
        AuditEvent.action == CHANGE_OF_ROLE,
    )
    .correlate(Instance)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class _List:
    """One list: its filter at a moment, the moment that each item shows, and whether the latest comes first.

    `is_plain`: columns of the instance itself tell it, so that it is counted with everything else.
    """

    filter: Callable[[datetime], Mapping[str, Any]]
    at: Any = None
    descending: bool = False
    is_plain: bool = True

    def in_order(self, rising: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Return what is sorted by moment and id in the order of the list."""
        return rising[::-1] if self.descending else rising


_LISTS: Mapping[str, _List] = {
    "never_checked": _List(lambda _: {"checked": False}),
    "no_credential": _List(lambda _: {"has_credential": False}),
    "plaintext": _List(lambda _: {"tls_state": "plaintext"}),
    "legacy_tls": _List(lambda _: {"tls_state": "legacy"}),
    "certificates_expiring": _List(
        lambda now: {"tls_not_after_until": (now + EXPIRES_WITHIN).isoformat()}, at=Instance.tls_not_after
    ),
    "stale": _List(lambda now: {"last_attempt_until": (now - STALE_AFTER).isoformat()}, at=Instance.last_attempt_at),
    "roles_changed": _List(
        lambda now: {"role_changed_since": (now - ROLES_CHANGED_WITHIN).isoformat()},
        at=_ROLE_CHANGED_AT,
        descending=True,
        is_plain=False,
    ),
    "identity_pending": _List(lambda _: {"identity_pending": True}, is_plain=False),
    "same_node": _List(lambda _: {"same_node": True}, is_plain=False),
    "login_suspended": _List(lambda _: {"login_suspended": True}, is_plain=False),
}


@dataclass(frozen=True, slots=True)
class Attention:
    """One list: how many instances the filter finds, and the first few as `{id, name, at}`."""

    count: int
    instances: Sequence[Mapping[str, Any]]
    filter: Mapping[str, Any]


def plain_conditions(now: datetime) -> Mapping[str, Sequence[ColumnElement[bool]]]:
    """Return the lists that are counted while everything is, by name, as conditions."""
    plain = {name: one.filter(now) for name, one in _LISTS.items() if one.is_plain}
    return {name: matching(InstanceFilter.parse(given)) for name, given in plain.items()}


def look(
    query: ReadOverview, now: datetime, counts: Counts, groups: Sequence[FailureGroup]
) -> tuple[Mapping[str, Attention], Sequence[Sequence[Mapping[str, Any]]]]:
    """Return all lists by name, and the first few instances of each group of failures; in one statement.

    Of the plain conditions `counts` tells how many hold them. What nobody holds is not looked for.
    """
    filters = {name: query.as_filter(**one.filter(now)) for name, one in _LISTS.items()}
    parts = [_first_listed(name, filters[name], counts) for name in _LISTS if counts.held.get(name) != 0]
    parts += [_first(str(number), members(query, one), _UNSORTED) for number, one in enumerate(groups)]
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    rows = current_session().execute(
        select(found.c.kind, found.c.total, found.c.at, Instance.id, Instance.name)
        .join(Instance, Instance.id == found.c.id)
        .order_by(found.c.kind, found.c.at, found.c.id)
    )
    shown: dict[str, list[Mapping[str, Any]]] = {}
    totals: dict[str, int] = dict(counts.held)
    for row in rows:
        shown.setdefault(row.kind, []).append({"id": row.id, "name": row.name, "at": row.at})
        totals.setdefault(row.kind, row.total)
    lists = {
        name: Attention(totals.get(name, 0), one.in_order(shown.get(name, [])), filters[name])
        for name, one in _LISTS.items()
    }
    return lists, [shown.get(str(number), []) for number in range(len(groups))]


def _first_listed(name: str, given: Mapping[str, Any], counts: Counts) -> Select[*tuple[Any, ...]]:
    one, held = _LISTS[name], matching(InstanceFilter.parse(given))
    if one.at is not None:
        return _first(name, held, one.at.desc() if one.descending else one.at.asc(), one)
    is_rare = one.is_plain and counts.held[name] * _RARE < counts.total
    return _first(name, held, _UNSORTED if is_rare else Instance.id, one)


def _first(
    kind: str,
    held: Sequence[ColumnElement[bool]],
    order: ColumnElement[Any] | InstrumentedAttribute[int],
    one: _List | None = None,
) -> Select[*tuple[Any, ...]]:
    """Return the first few of what holds, and how many there are in all where nobody counts them otherwise."""
    at = _NO_MOMENT if one is None or one.at is None else one.at
    total = literal(0) if one is None or one.is_plain else func.count().over()
    columns = (literal(kind).label("kind"), Instance.id, type_coerce(at, UtcDateTime).label("at"), total.label("total"))
    return select(*columns).where(*held).order_by(order, Instance.id).limit(SHOWN_MOST)
