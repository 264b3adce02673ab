"""What answers show: rows as plain mappings, each with its tags, in one statement."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from app.core.db import current_session
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.listing import ListInstances
from app.domain.instances.repository.fields import ALL_FIELDS, ITEM_FIELDS, STATUS, selecting, shown
from app.domain.instances.repository.matching import matching
from app.domain.references.listing import Page
from app.models import Instance

_ONE = selecting(ALL_FIELDS).where(Instance.id == bindparam("instance_id"))


def get_detail(instance_id: int, *, include_deleted: bool) -> Mapping[str, Any]:
    """Return everything about one instance, under the names of the API, in one statement.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin, and that was not asked for.
    """
    row = current_session().execute(_ONE, {"instance_id": instance_id}).mappings().one_or_none()
    if row is None:
        raise InstanceNotFound(params={"id": instance_id})
    if row["deleted_at"] is not None and not include_deleted:
        raise InstanceInBin(params={"id": instance_id, "name": row["name"]}, extra={"in_bin": True})
    return shown(row, ALL_FIELDS)


def list_page(query: ListInstances) -> Page:
    """Return one page of rows, each with its tags, and the total unless it was spared."""
    session = current_session()
    matches = matching(query)
    total = session.scalar(select(func.count()).select_from(Instance).where(*matches)) if query.count else None
    page = _ordered(selecting(ITEM_FIELDS).where(*matches), query).offset(query.offset).limit(query.limit)
    rows = session.execute(page).mappings()
    return Page([shown(row, ITEM_FIELDS) for row in rows], total)


def _ordered(statement: Select[*tuple[Any, ...]], query: ListInstances) -> Select[*tuple[Any, ...]]:
    column = STATUS if query.sort == "status" else getattr(Instance, query.sort)
    if query.descending:
        return statement.order_by(column.desc(), Instance.id.desc())
    return statement.order_by(column, Instance.id)


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
        rows = current_session().execute(statement, {"after": last_id}).mappings().all()
        yield from (shown(row, names) for row in rows)
        last_id = rows[-1]["id"] if len(rows) == batch_size else None
