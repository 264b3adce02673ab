"""What writes of many instances read and lock, in chunks: the number of statements grows with the chunks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from app.core.db import current_session, lock_rows
from app.core.fields import is_storable
from app.domain.instances.connection import ClientKey
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.record import SCALARS
from app.domain.instances.repository.changing import ENDPOINT, TOLD_APART_BY, ExternalIdHolder, Neighbour
from app.domain.instances.repository.fields import selecting, shown
from app.domain.instances.repository.matching import matching
from app.models import Instance, InstanceExternalId

T = TypeVar("T")
CHUNK = 500  # values of one IN, well below what any database takes
_REFERENCES = ("cluster", "credential", "admin_credential")
_FIELDS = ("id", *SCALARS, "environment", *_REFERENCES, "tags", "external_ids", "version", "deleted_at")


def chunks(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """Split into lists that one statement takes."""
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def find_holders(names: Iterable[str]) -> list[Neighbour]:
    """Return the instances that have one of the names, in the recycle bin or not."""
    columns = (Instance.id, Instance.name, Instance.deleted_at.is_not(None))
    rows = (
        row
        for some in chunks(filter(is_storable, names))
        for row in current_session().execute(select(*columns).where(Instance.name.in_(some)))
    )
    return [Neighbour(row[0], row[1], bool(row[2]), has_name=True) for row in rows]


def find_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of the instances that have these ids, in the recycle bin or not."""
    return {
        row[0]: row[1]
        for some in chunks(sorted(ids))
        for row in current_session().execute(select(Instance.id, Instance.name).where(Instance.id.in_(some)))
    }


def find_at_hosts(host_keys: Iterable[str]) -> list[Sequence[Any]]:
    """Return id, name, `ENDPOINT` and `TOLD_APART_BY` of what is registered at these hosts, but not in the bin."""
    columns = [getattr(Instance, name) for name in ("id", "name", *ENDPOINT, *TOLD_APART_BY)]
    return [
        tuple(row)
        for some in chunks(sorted(host_keys))
        for row in current_session().execute(
            select(*columns).where(Instance.host_key.in_(some), Instance.deleted_at.is_(None)).order_by(Instance.id)
        )
    ]


def find_external_id_holders(pairs: Iterable[tuple[str, str]]) -> list[ExternalIdHolder]:
    """Return the instances that have one of the ids, each a pair of system and id."""
    by_system: dict[str, set[str]] = defaultdict(set)
    for system, external_id in pairs:
        by_system[system].add(external_id)
    columns = (Instance.id, Instance.name, Instance.deleted_at.is_not(None))
    statement = select(*columns, InstanceExternalId.system, InstanceExternalId.external_id).join(
        InstanceExternalId, InstanceExternalId.instance_id == Instance.id
    )
    return [
        ExternalIdHolder(row[0], row[1], bool(row[2]), row[3], row[4])
        for system, wanted in by_system.items()
        for some in chunks(sorted(wanted))
        for row in current_session().execute(
            statement.where(InstanceExternalId.system == system, InstanceExternalId.external_id.in_(some))
        )
    ]


def lock(ids: Collection[int]) -> None:
    """Lock the instances where rows are locked, always in the same order, so that two batches never block each other.

    A statement of its own: one that also reads would show tags as they were before it waited for the lock.
    """
    for some in chunks(sorted(ids)):
        lock_rows(Instance.id, some)


def list_records(ids: Collection[int]) -> Iterator[dict[str, Any]]:
    """Yield each instance as the audit trail keeps it, with `id`, `version`, `deleted_at` and `tag_ids` by name."""
    statement = selecting(_FIELDS).add_columns(Instance.tls_client_key_digest)
    for some in chunks(sorted(ids)):
        for row in current_session().execute(statement.where(Instance.id.in_(some))).mappings():
            found = shown(row, _FIELDS)
            tags = found.pop("tags")
            yield {
                **found,
                **{name: _reference(found[name]) for name in _REFERENCES},
                "tls_client_key": ClientKey.kept(row["tls_client_key_digest"]),
                "tag_names": [tag["name"] for tag in tags],
                "tag_ids": {tag["name"]: tag["id"] for tag in tags},
            }


def _reference(shown_thing: dict[str, Any] | None) -> dict[str, Any] | None:
    return shown_thing and {"id": shown_thing["id"], "name": shown_thing["name"]}


def list_ids(wanted: InstanceFilter, *, most: int) -> Sequence[int]:
    """Return the ids of the first instances that match, by id."""
    statement = select(Instance.id).where(*matching(wanted)).order_by(Instance.id).limit(most)
    return current_session().scalars(statement).all()


def find_states(ids: Collection[int]) -> dict[int, tuple[int, bool]]:
    """Return the version of each of these instances, and whether it is in the recycle bin."""
    columns = (Instance.id, Instance.version, Instance.deleted_at.is_not(None))
    return {
        row[0]: (row[1], bool(row[2]))
        for some in chunks(sorted(ids))
        for row in current_session().execute(select(*columns).where(Instance.id.in_(some)))
    }
