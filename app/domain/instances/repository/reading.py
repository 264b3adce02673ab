"""What answers show: rows as plain mappings, each with its tags, in one statement.

Statements go to the connection and not to the session: nothing here is a mapped object, and the session's own work
costs as much as a statement (benchmarks/http_cost.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam

from app.core.db import current_session
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.listing import ListInstances
from app.domain.instances.repository.counting import count_matching
from app.domain.instances.repository.cursor import cursor_at, place_of
from app.domain.instances.repository.fields import ALL_FIELDS, ITEM_FIELDS, selecting, shown
from app.domain.instances.repository.matching import matching
from app.domain.instances.repository.ordering import SORTS, after, order_of, unknown
from app.domain.references.listing import Page
from app.models import Instance

_SORTED_BY = "sorted_by"
_ONE = selecting(ALL_FIELDS).where(Instance.id == bindparam("instance_id"))


def get_detail(instance_id: int, *, include_deleted: bool) -> Mapping[str, Any]:
    """Return everything about one instance, under the names of the API, in one statement.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin, and that was not asked for.
    """
    row = current_session().connection().execute(_ONE, {"instance_id": instance_id}).mappings().one_or_none()
    if row is None:
        raise InstanceNotFound(params={"id": instance_id})
    if row["deleted_at"] is not None and not include_deleted:
        raise InstanceInBin(params={"id": instance_id, "name": row["name"]}, extra={"in_bin": True})
    return shown(row, ALL_FIELDS)


def list_page(query: ListInstances) -> Page:
    """Return one page of rows with the wanted fields, the total unless it was spared, the cursor where one is used.

    :raises Invalid: the cursor is of no list in this order with this filter.
    """
    names, matches = _wanted(query), matching(query)
    total = count_matching(query, matches) if query.is_counted else None
    rows = _read(query, _in_order(query, names).where(*matches))
    items = [shown(row, names) for row in rows[: query.limit]]
    return Page(items, total, _next_cursor(query, rows))


def _wanted(query: ListInstances) -> tuple[str, ...]:
    return ITEM_FIELDS if query.fields is None else tuple(dict.fromkeys(("id", *query.fields)))


def _in_order(query: ListInstances, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    by = SORTS[query.sort]
    statement = selecting(names, *((by.table,) if by.table else ()))
    if query.cursor is not None:
        statement = statement.add_columns(by.expression.label(_SORTED_BY))
    return statement.order_by(*order_of(query))


def _read(query: ListInstances, statement: Select[*tuple[Any, ...]]) -> Sequence[RowMapping]:
    """Return the rows of the page, with a cursor one more, which tells whether there is another page."""
    connection = current_session().connection()
    if query.cursor is None:
        return connection.execute(statement.offset(query.offset).limit(query.limit)).mappings().all()
    wanted, place, last = query.limit + 1, place_of(query), unknown(query)
    if place is None:
        return connection.execute(statement.limit(wanted)).mappings().all()
    rows = list(connection.execute(statement.where(after(query, *place)).limit(wanted)).mappings())
    if len(rows) < wanted and last is not None and place[0] is not None:
        rows += connection.execute(statement.where(last).limit(wanted - len(rows))).mappings()
    return rows


def _next_cursor(query: ListInstances, rows: Sequence[RowMapping]) -> str | None:
    """Return where the next page begins; one row more than a page was read to know whether there is one."""
    if query.cursor is None or len(rows) <= query.limit:
        return None
    last = rows[query.limit - 1]
    return cursor_at(query, last[_SORTED_BY], last["id"])


def iter_items(
    wanted: InstanceFilter, fields: Sequence[str] = ALL_FIELDS, *, batch_size: int = 500
) -> Iterator[dict[str, Any]]:
    """Yield all rows that match, by id, with these fields (names of the API); holds one batch at a time.

    To be used up while the transaction or the snapshot is open: in one snapshot it shows one moment.
    """
    names = tuple(fields)
    statement = selecting((*names, *(("id",) if "id" not in names else ()))).where(*matching(wanted))
    statement = statement.where(Instance.id > bindparam("after")).order_by(Instance.id).limit(batch_size)
    last_id: int | None = 0
    while last_id is not None:
        rows = current_session().connection().execute(statement, {"after": last_id}).mappings().all()
        yield from (shown(row, names) for row in rows)
        last_id = rows[-1]["id"] if len(rows) == batch_size else None
