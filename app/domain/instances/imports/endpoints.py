"""Which rows of an import get the endpoint that another instance, or another row, has: worth a second look."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.egress.endpoint import host_key
from app.domain.instances.bulk.outcome import Result
from app.domain.instances.repository import many
from app.domain.instances.repository.changing import ENDPOINT, TOLD_APART_BY

_MOST = 3  # others that are named of one row
Key = tuple[Any, ...]


def same_endpoints(results: Sequence[Result]) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """Return by index of the result who else has its endpoint: `{"id", "name"}`, without an id where a row makes it.

    Only results that give an endpoint are looked at: new instances, and those whose endpoint changes.
    """
    keys = {result.index: _key(result.draft.record) for result in results if result.draft and _is_placed(result)}
    others: dict[Key, dict[str, int | None]] = defaultdict(dict)
    touched = {result.id for result in results if result.index in keys}
    for instance_id, name, *values in many.find_at_hosts({key[1] for key in keys.values()}):
        if instance_id not in touched:
            others[tuple(values)][name] = instance_id
    for result in results:
        if result.index in keys:
            others[keys[result.index]][result.name or ""] = None if result.is_new else result.id
    names = {result.index: result.name for result in results}
    found = {index: list(_but(others[key], names[index])) for index, key in keys.items()}
    return {index: some for index, some in found.items() if some}


def _is_placed(result: Result) -> bool:
    if result.faults or result.status not in {"created", "updated"}:
        return False
    fields = {"db_type", "host", "port", *TOLD_APART_BY}
    return result.is_new or any(change["field"] in fields for change in result.changes)


def _key(record: Mapping[str, Any]) -> Key:
    address = {**record, "host_key": host_key(record["host"])}
    return tuple(address[name] for name in (*ENDPOINT, *TOLD_APART_BY))


def _but(others: Mapping[str, int | None], name: str | None) -> Iterator[Mapping[str, Any]]:
    rest = [{"id": one, "name": other} for other, one in others.items() if other != name]
    yield from rest[:_MOST]
