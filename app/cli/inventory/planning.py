"""Compare files with the register: what to create, to restore, to change and to delete."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.cli.client.api import Api
from app.cli.client.errors import CallRefused
from app.cli.differences import FieldChange
from app.cli.inventory.bound_endpoints import merged
from app.cli.inventory.entries import Entry
from app.cli.inventory.kinds import KINDS, REFERENCES, Kind, Record, Thing
from app.cli.inventory.loading import FilesInvalid, Inventory, kinds_in
from app.cli.inventory.register import Register, is_deleted
from app.cli.yaml_files import FileFault
from app.core.db import same_json

_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is to become another; `version` is the one that the plan has seen."""

    action: str
    kind: Kind
    name: str
    fields: Sequence[FieldChange] = ()
    record: Record = field(default_factory=dict)
    id: int | None = None
    version: int | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes, in an order in which they can be carried out.

    `unlisted` counts by section what is in the register and not in the files, and stays.
    """

    changes: Sequence[Change]
    unchanged: int
    unlisted: Mapping[str, int]
    notes: Sequence[str] = ()

    def count(self, *actions: str) -> int:
        """Return how many changes there are of these actions."""
        return sum(change.action in actions for change in self.changes)


def make_plan(inventory: Inventory, register: Register, *, prune: bool) -> Plan:
    """Compare; with `prune`, things that a section of the files does not name are deleted.

    :raises FilesInvalid: files are wrong, or name things that will not be there; with every fault of every file.
    """
    unknown = _unknown_references(inventory, register, prune=prune) if inventory.is_whole else ()
    if inventory.faults or unknown:
        raise FilesInvalid([*inventory.faults, *unknown])
    changes: list[Change] = []
    deletions: list[Change] = []
    unchanged, unlisted = 0, {}
    for kind in kinds_in(inventory):
        wanted, known = inventory.things[kind.section], register.things[kind.section]
        found = [_compare(entry, known.get(name)) for name, entry in sorted(wanted.items())]
        changes += [change for change in found if change is not None]
        unchanged += found.count(None)
        gone = [thing for name, thing in sorted(known.items()) if name not in wanted and not is_deleted(thing)]
        if prune:
            deletions[:0] = [_deletion(kind, thing) for thing in gone]
        elif gone:
            unlisted[kind.section] = len(gone)
    return Plan([*changes, *deletions], unchanged, unlisted)


def _unknown_references(inventory: Inventory, register: Register, *, prune: bool) -> Sequence[FileFault]:
    there = {kind.section: set(inventory.things.get(kind.section, ())) for kind in KINDS}
    for section in there:
        if not prune or section not in inventory.things:
            there[section] |= register.things[section].keys()
    faults: list[FileFault] = []
    for entry in inventory.instances:
        for field_name, section in REFERENCES.items():
            for path, name in _names(entry.record[field_name], field_name):
                if name not in there[section]:
                    said = f"{field_name}: There is no {section.removesuffix('s')} {name}, here or in the register."
                    faults.append(entry.fault(said, *path))
    return faults


def _names(value: Any, field_name: str) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401 - a name, several or none
    if isinstance(value, list):
        yield from (((field_name,), name) for name in value)
    elif value is not None:
        yield (field_name,), value


def _compare(entry: Entry, thing: Thing | None) -> Change | None:
    if thing is None:
        changes = [
            FieldChange(name, None, value) for name, value in flat(entry.record) if not _is_default(entry, name, value)
        ]
        has_secret = entry.kind.name == "credential" or entry.secret is not None
        secrets = [_secret_of(entry)] if has_secret else []
        return Change("create", entry.kind, entry.name, [*changes, *secrets], entry.record, entry=entry)
    before = entry.kind.from_api(thing)
    record = _with_known_endpoints(entry.record, before)
    fields = differences(before, record)
    if not fields and not is_deleted(thing):
        return None
    action = "restore" if is_deleted(thing) else "update"
    return Change(action, entry.kind, entry.name, fields, record, thing["id"], thing["version"], entry)


def _is_default(entry: Entry, name: str, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return name == entry.kind.key or value is None or value == (entry.kind.defaults or {}).get(name)


def _with_known_endpoints(record: Record, before: Record) -> Record:
    """Keep the endpoints that a credential has: assignments add them, so a file adds too and takes none off."""
    if "bindings" not in record:
        return record
    endpoints = merged(before["bindings"]["endpoints"], record["bindings"]["endpoints"])
    return {**record, "bindings": {**record["bindings"], "endpoints": endpoints}}


def _deletion(kind: Kind, thing: Thing) -> Change:
    return Change("delete", kind, thing[kind.key], id=thing["id"], version=thing["version"])


def flat(record: Record) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a record, members of objects one by one; what is empty is None."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{member}", one) for member, one in flat(value))
        else:
            yield name, None if value == [] else value


def differences(before: Record, after: Record) -> list[FieldChange]:
    """Return what differs in the fields that a file decides, members of objects one by one."""
    old = dict(flat({name: value for name, value in before.items() if name in after}))
    new = dict(flat(after))
    return [
        FieldChange(name, old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if not same_json(old.get(name), new.get(name))
    ]


def with_secrets(plan: Plan, inventory: Inventory, register: Register, api: Api) -> Plan:
    """Add the secrets that differ: nobody can read one, but a rehearsed write tells whether it would change.

    Where the secret that a file refers to is not here, or the caller may not set it, a note says so.
    """
    changes, notes, unchanged = list(plan.changes), list[str](), plan.unchanged
    for kind in KINDS:
        for name, entry in inventory.things.get(kind.section, {}).items():
            thing = register.things[kind.section].get(name)
            if thing is None or entry.secret is None or is_deleted(thing):
                continue
            secret = entry.secret.resolve()
            if secret is None:
                notes.append(f"{_called(entry)} was not compared: {entry.secret} is not there.")
            elif _differs(api, thing, entry, secret, notes):
                unchanged -= _add_secret(changes, entry, thing)
    return replace(plan, changes=changes, unchanged=unchanged, notes=notes)


def _secret_of(entry: Entry) -> FieldChange:
    return FieldChange(entry.kind.secret or "", secret=True)


def _called(entry: Entry) -> str:
    what = "password" if entry.kind.secret == "password" else "client key"  # noqa: S105 - the name of a field
    return f"The {what} of the {entry.kind.name} {entry.name}"


def _differs(api: Api, thing: Thing, entry: Entry, secret: str, notes: list[str]) -> bool:
    field = entry.kind.secret or ""
    # A key alone would be held against the certificate that is there.
    beside = {name: entry.record[name] for name in ("tls_client_cert",) if name in entry.record}
    try:
        answer = api.write("PATCH", f"{entry.kind.path}/{thing['id']}", {field: secret, **beside}, dry_run=True)
    except CallRefused as exc:
        if exc.status != _FORBIDDEN:
            raise
        notes.append(f"{_called(entry)} was not compared: {exc.summary}.")
        return False
    events = answer.meta["dry_run"]["changes"]
    return any(change["field"] == field for event in events for change in event["changes"])


def _add_secret(changes: list[Change], entry: Entry, thing: Thing) -> int:
    """Put the secret into the change of its thing; returns how many unchanged things that makes changed."""
    for position, change in enumerate(changes):
        if change.entry is entry:
            changes[position] = replace(change, fields=[*change.fields, _secret_of(entry)])
            return 0
    known = _with_known_endpoints(entry.record, entry.kind.from_api(thing))
    new = Change("update", entry.kind, entry.name, [_secret_of(entry)], known, thing["id"], thing["version"], entry)
    order = {kind.section: number for number, kind in enumerate(KINDS)}
    behind = (
        position
        for position, change in enumerate(changes)
        if change.action == "delete" or order[change.kind.section] > order[entry.kind.section]
    )
    changes.insert(next(behind, len(changes)), new)
    return 1
