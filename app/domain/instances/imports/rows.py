"""From the rows of a file to the steps of a batch: which instance each means, and what it shall be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import FieldFault
from app.core.fields import Misfit
from app.domain.instances.bulk.step import Step, read_data
from app.domain.instances.repository import many
from app.domain.instances.sheets.cells import to_member, to_time, to_value
from app.domain.instances.sheets.columns import Place
from app.domain.instances.sheets.sheet import Row, Sheet

_NAMED = ("credential", "admin_credential", "cluster")
_OBJECTS = ("custom", "external_ids")
_TIMES = frozenset({"muted_until"})
_NO_DATA = frozenset({"id", "deleted_at", *_NAMED})


@dataclass(slots=True)
class Entry:
    """One row as fields: `values` by field, `members` of objects that are set one by one."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[FieldFault] = field(default_factory=list)

    @property
    def name(self) -> str | None:
        """Return the name that the row says."""
        name = self.values.get("name")
        return name if isinstance(name, str) else None


def entries_of(sheet: Sheet, places: Mapping[str, Place], *, clear: bool, utc_offset: str | None = None) -> list[Entry]:
    """Read all rows; a cell that is empty says nothing, or with `clear` that the field shall be empty.

    Times that have no offset have `utc_offset`; without it they stay as they are, for the command to refuse.
    """
    entries = [_entry(row, places, typed=sheet.typed, clear=clear) for row in sheet.rows]
    for entry in entries:
        for name in _TIMES & entry.values.keys():
            entry.values[name] = to_time(entry.values[name], utc_offset)
    _tell_twins(entries, "name")
    return entries


def _entry(row: Row, places: Mapping[str, Place], *, typed: bool, clear: bool) -> Entry:
    entry, seen = Entry(row.number), set[str]()
    for header, place in places.items():
        if header not in row.cells:
            continue
        if place.path in seen:
            entry.faults.append(FieldFault(place.path, "column_twice", {"field": place.path}))
        seen.add(place.path)
        cell = row.cells[header]
        if cell is None and not (clear or typed):
            continue
        if place.member is not None:
            entry.members.setdefault(place.column.field, {})[place.member] = to_member(cell)
        else:
            entry.values[place.column.field] = _value(cell, place, typed=typed)
    return entry


def _value(cell: Any, place: Place, *, typed: bool) -> Any:  # noqa: ANN401 - a cell holds anything
    if cell is None or (typed and not (isinstance(cell, str) and place.column.kind != "text")):
        return cell
    return to_value(cell, place.column)


def _tell_twins(entries: Sequence[Entry], path: str) -> None:
    """Name the other row where two mean the same instance."""
    first: dict[Any, int] = {}
    for entry in entries:
        value = entry.values.get(path)
        if not isinstance(value, str | int):
            continue
        if first.setdefault(str(value), entry.number) != entry.number:
            entry.faults.append(FieldFault(path, "row_twice", {"row": first[str(value)]}))


def steps_of(entries: Sequence[Entry], environments: Mapping[str, str], *, by_id: bool) -> list[Step]:
    """Return the steps, in the order of the rows: an update where the instance is known, else a create.

    `environments` are keys by the names that people give them. Unless it goes `by_id`, names tell which instances
    are meant, and an id that is another's is a mistake.
    """
    if by_id:
        _tell_twins(entries, "id")
    else:
        _compare_ids(entries)
    names = {entry.name for entry in entries if entry.name is not None and entry.values.get("id") is None}
    known = {holder.name for holder in many.find_holders(sorted(names)) if not holder.in_bin}
    return [_step(index, entry, known, environments) for index, entry in enumerate(entries)]


def _compare_ids(entries: Sequence[Entry]) -> None:
    """Take the ids out of the entries; one of an instance with another name may be any number that people count by."""
    ids = {entry.number: _target(entry) for entry in entries}
    names = many.find_names({one for one in ids.values() if one is not None})
    for entry in entries:
        entry.values.pop("id", None)
        holder = names.get(ids[entry.number] or 0, entry.name)
        if entry.name is not None and holder != entry.name:
            entry.faults.append(FieldFault("id", "id_of_another", {"id": ids[entry.number], "name": holder}))


def _step(index: int, entry: Entry, known: set[str], environments: Mapping[str, str]) -> Step:
    target, name = _target(entry), entry.name
    is_known = target is not None or name in known
    step = Step(index, "update" if is_known else "create", id=target, name=name if target is None else None)
    data = {field_name: value for field_name, value in entry.values.items() if field_name not in _NO_DATA}
    if isinstance(data.get("environment"), str):
        data["environment"] = environments.get(data["environment"], data["environment"])
    step.named = _named(entry, data)
    step.replaced = frozenset(_OBJECTS) & data.keys()
    for object_name, members in entry.members.items():
        _set_members(data, object_name, members, merge=is_known and object_name not in step.replaced)
    step.faults = [*(_prefixed(fault) for fault in entry.faults), *read_data(step, data)]
    if target is None and name is None and "name" not in data:
        step.faults.append(FieldFault("data.name", "required"))
    return _without_twins(step)


def _target(entry: Entry) -> int | None:
    value = entry.values.get("id")
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if value is not None and not (text.isascii() and text.isdigit() and 0 < len(text) <= len(str(2**63)) - 1):
        entry.faults.append(FieldFault("id", "wrong_type", {"expected": "integer"}))
        return None
    return int(text) if text else None


def _named(entry: Entry, data: dict[str, Any]) -> dict[str, str]:
    """Return what is referred to by name; an empty name clears the reference."""
    named = {}
    for kind in _NAMED:
        if kind not in entry.values:
            continue
        value = entry.values[kind]
        if value is None:
            data.setdefault(f"{kind}_id", None)
        elif isinstance(value, str):
            named[kind] = value
        else:
            entry.faults.append(FieldFault(kind, "wrong_type", {"expected": "string"}))
    return named


def _set_members(data: dict[str, Any], name: str, members: Mapping[str, Any], *, merge: bool) -> None:
    base = data.get(name)
    if isinstance(base, Misfit):
        return
    kept = members if merge else {key: value for key, value in members.items() if value is not None}
    data[name] = {**(base if isinstance(base, Mapping) else {}), **kept}


def _prefixed(fault: FieldFault) -> FieldFault:
    return FieldFault(f"data.{fault.path}", fault.code, fault.params)


def _without_twins(step: Step) -> Step:
    found = {(fault.path, fault.code): fault for fault in reversed(step.faults)}
    step.faults = list(reversed(found.values()))
    return step
