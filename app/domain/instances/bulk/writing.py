"""Write what the planner planned: a few statements, each for many rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from app.core.db import current_session, moment, outside
from app.domain.audit import trail
from app.domain.egress.endpoint import host_key
from app.domain.instances.bulk.planner import Planned, Planner
from app.domain.instances.bulk.register import Draft
from app.domain.instances.conflicts import external_id_taken, name_taken
from app.domain.instances.connection import Keys, sealed_key
from app.domain.instances.forgetting import FORGOTTEN, has_moved
from app.domain.instances.lookup import LOGINS
from app.domain.instances.record import SCALARS
from app.domain.instances.repository import many
from app.models import Instance, InstanceExternalId, InstanceTag, search_text

Rows = Sequence[Mapping[str, Any]]
# No name that anybody may give holds it, so a parked name meets no other.
_PARKED = "~"


class BulkWriter:
    """Writes the drafts of a planner and records their events. Flushes, never commits."""

    def __init__(self, planner: Planner, *, keys: Keys | None = None) -> None:
        self._planner = planner
        self._keys = keys
        self._register = planner.register

    def write(self) -> None:
        """Write everything that differs from the store.

        :raises InstanceNameTaken: another writer has taken a name since we looked; so with `InstanceNameTakenInBin`.
        :raises ExternalIdTaken: or an external id.
        """
        drafts = list(self._register.dirty())
        if not drafts:
            return
        try:
            self._write_rows(drafts)
        except IntegrityError:
            _name_holder(drafts)
            raise
        for draft in drafts:
            self._register.mark_written(draft)
        planned, self._planner.planned = self._planner.planned, []
        bindings = self._planner.gate.bind_all([binding for one in planned for binding in one.bindings])
        current_session().flush()
        trail.record(*bindings, *map(_event, planned), operator_id=self._planner.operator_id)

    def _write_rows(self, drafts: Sequence[Draft]) -> None:
        old = [draft for draft in drafts if draft.stored is not None]
        new = [draft for draft in drafts if draft.stored is None]
        _park_names(old, {draft.name for draft in drafts})
        _change(old, [self._columns(draft) for draft in old])
        _drop_external_ids(old)
        _add(new, [self._columns(draft) for draft in new])
        self._write_tags(drafts)
        _add_external_ids(drafts)

    def _columns(self, draft: Draft) -> dict[str, Any]:
        record, now, references = draft.record, moment(), self._planner.references
        environment = record["environment"]
        columns: dict[str, Any] = {
            **{name: record[name] for name in SCALARS},
            "host_key": host_key(record["host"]),
            "search_text": search_text(record["name"], record["host"], record["description"]),
            **{f"{name}_id": record[name]["id"] if record[name] else None for name in ("cluster", *LOGINS)},
            "deleted_at": draft.deleted_at,
            "deleted_by_id": self._planner.operator_id if draft.deleted_at else None,
            "delete_reason": draft.delete_reason,
            "updated_at": now,
            "version": draft.version,
        }
        if draft.stored is None or environment != draft.stored["environment"]:
            columns["environment_id"] = references.environments[environment].id if environment else None
        if draft.stored is None or record["tls_client_key"] != draft.stored["tls_client_key"]:
            columns |= sealed_key(record["tls_client_key"], self._keys)
        if draft.stored is not None and has_moved(draft.stored, record):
            columns |= FORGOTTEN
        return columns

    def _write_tags(self, drafts: Sequence[Draft]) -> None:
        gone, come = [], []
        ids = {**self._register.tag_ids, **{name: tag.id for name, tag in self._planner.references.tags.items()}}
        for draft in drafts:
            before, after = set((draft.stored or {}).get("tag_names", ())), set(draft.record["tag_names"])
            gone += [{"of": draft.id, "tag": ids[name]} for name in before - after]
            come += [{"instance_id": draft.id, "tag_id": ids[name]} for name in after - before]
        links = _table(InstanceTag)
        condition = (links.c.instance_id == bindparam("of"), links.c.tag_id == bindparam("tag"))
        _run(delete(links).where(*condition), gone)
        _run(insert(links), come)


def _event(planned: Planned) -> trail.Event:
    return trail.Event(
        action=planned.action,
        entity_type="instance",
        entity_id=planned.draft.id or 0,
        entity_name=planned.name,
        changes=planned.changes,
        reason=planned.reason,
    )


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


def _run(statement: Any, rows: Rows) -> None:  # noqa: ANN401 - any DML
    if rows:
        current_session().connection().execute(statement, rows)


def _park_names(old: Sequence[Draft], wanted: Iterable[str]) -> None:
    """Move names out of the way that an instance of this batch leaves and another takes."""
    taken = set(wanted)
    parked = [
        {"of": draft.id, "parked": f"{_PARKED}{draft.id}"}
        for draft in old
        if draft.stored and draft.stored["name"] != draft.name and draft.stored["name"] in taken
    ]
    table = _table(Instance)
    _run(update(table).where(table.c.id == bindparam("of")).values(name=bindparam("parked")), parked)


def _change(old: Sequence[Draft], columns: Sequence[Mapping[str, Any]]) -> None:
    """Set all columns that any of these instances changes; those with the same columns together."""
    table = _table(Instance)
    by_shape: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for draft, values in zip(old, columns, strict=True):
        by_shape.setdefault(tuple(values), []).append({"of": draft.id, **values})
    for names, rows in by_shape.items():
        named = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        statement = update(table).where(table.c.id == bindparam("of")).values(named)
        _run(statement, [{"of": row["of"], **{f"new_{name}": row[name] for name in names}} for row in rows])


def _add(new: Sequence[Draft], columns: Sequence[Mapping[str, Any]]) -> None:
    _run(insert(_table(Instance)), [{**values, "created_at": values["updated_at"]} for values in columns])
    ids = {holder.name: holder.id for holder in many.find_holders([draft.name for draft in new])}
    for draft in new:
        draft.id = ids[draft.name]


def _drop_external_ids(old: Sequence[Draft]) -> None:
    gone = [
        {"of": draft.id, "in_system": system}
        for draft in old
        for system, external_id in (draft.stored or {})["external_ids"].items()
        if draft.record["external_ids"].get(system) != external_id
    ]
    table = _table(InstanceExternalId)
    condition = (table.c.instance_id == bindparam("of"), table.c.system == bindparam("in_system"))
    _run(delete(table).where(*condition), gone)


def _add_external_ids(drafts: Sequence[Draft]) -> None:
    come = [
        {"instance_id": draft.id, "system": system, "external_id": external_id}
        for draft in drafts
        for system, external_id in draft.record["external_ids"].items()
        if (draft.stored or {}).get("external_ids", {}).get(system) != external_id
    ]
    _run(insert(_table(InstanceExternalId)), come)


def _name_holder(drafts: Sequence[Draft]) -> None:
    """Say who has taken a name or an id since we looked; return when nobody has."""
    own = {draft.id for draft in drafts if draft.id is not None}
    names = {draft.name for draft in drafts if draft.stored is None or draft.stored["name"] != draft.name}
    pairs = {pair for draft in drafts for pair in draft.record["external_ids"].items()}
    with outside():
        owners = [one for one in many.find_external_id_holders(pairs) if one.id not in own]
        holders = [one for one in many.find_holders(names) if one.id not in own]
    if owners:
        raise external_id_taken(owners[0]) from None
    if holders:
        raise name_taken(holders[0]) from None
