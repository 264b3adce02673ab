"""What a write reads: the instance that it changes, and whom the change would meet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core.db import current_session
from app.domain.credentials.repository import endpoint_is_bound
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.models import Credential, Instance, InstanceTag

_EVERYTHING = (
    joinedload(Instance.environment_row),
    joinedload(Instance.cluster),
    joinedload(Instance.credential),
    joinedload(Instance.deleted_by),
    joinedload(Instance.tag_links).joinedload(InstanceTag.tag),
    joinedload(Instance.external_id_rows),
)

ENDPOINT = ("db_type", "host_key", "port")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another instance that a write meets: it has the same name, or the same endpoint."""

    id: int
    name: str
    in_bin: bool
    has_name: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who holds the name, and who (outside the bin) has the same endpoint."""

    name_holder: Neighbour | None
    same_endpoint: Sequence[Neighbour]

    @classmethod
    def among(cls, others: Sequence[Neighbour]) -> "Neighbours":
        """Sort out who is what; a holder of the name is an error, whatever its endpoint."""
        holder = next((one for one in others if one.has_name), None)
        return cls(holder, [one for one in others if not one.has_name and not one.in_bin])


@dataclass(frozen=True, slots=True)
class ToChange:
    """An instance, the credential that it will have, whether its endpoint is bound there, whom it will meet."""

    instance: Instance
    credential: Credential | None
    endpoint_bound: bool
    neighbours: Neighbours


def get_for_update(instance_id: int, *, include_deleted: bool = False) -> Instance:
    """Return one instance with everything that a change compares, in one statement, locked where rows are locked.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin, and that was not asked for.
    """
    instance = current_session().execute(_for_update(select(Instance), instance_id)).unique().scalar_one_or_none()
    return _present(instance, instance_id, include_deleted=include_deleted)


def get_for_change(instance_id: int, given: Mapping[str, Any]) -> ToChange:
    """Return one instance and what the given values would meet, in one statement.

    `given` holds new values of `name`, `db_type`, `host_key`, `port`, `service_name`, `sid`, `instance_name`
    and `credential_id`; for those that are absent the instance's own count.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin.
    """

    def wanted(name: str) -> ColumnElement[Any]:
        column: ColumnElement[Any] = getattr(Instance, name)
        return literal(given[name], column.type) if name in given else column

    other, candidate = aliased(Instance), aliased(Credential)
    same_name = other.name == wanted("name")
    meets = or_(same_name, _same_endpoint(other, wanted))
    statement = (
        select(
            Instance,
            candidate,
            endpoint_is_bound(candidate.id, *(wanted(name) for name in ENDPOINT)),
            other.id,
            other.name,
            other.deleted_at,
            same_name,
        )
        .select_from(Instance)
        .outerjoin(candidate, candidate.id == wanted("credential_id"))
        .outerjoin(other, meets & (other.id != Instance.id))
        .order_by(other.id)
    )
    rows: Sequence[Any] = current_session().execute(_for_update(statement, instance_id)).unique().all()
    instance = _present(rows[0][0] if rows else None, instance_id, include_deleted=False)
    others = [Neighbour(row[3], row[4], row[5] is not None, bool(row[6])) for row in rows if row[3] is not None]
    return ToChange(instance, rows[0][1], bool(rows[0][2]), Neighbours.among(others))


def _for_update(statement: Select[*tuple[Any, ...]], instance_id: int) -> Select[*tuple[Any, ...]]:
    return statement.where(Instance.id == instance_id).with_for_update(of=Instance).options(*_EVERYTHING)


def _present(instance: Instance | None, instance_id: int, *, include_deleted: bool) -> Instance:
    if instance is None:
        raise InstanceNotFound(params={"id": instance_id})
    if instance.deleted_at is not None and not include_deleted:
        raise InstanceInBin(params={"id": instance_id, "name": instance.name}, extra={"in_bin": True})
    return instance


def find_neighbours(given: Mapping[str, Any]) -> Neighbours:
    """Return the instances that have the given name or the given endpoint, in one statement."""

    def wanted(name: str) -> ColumnElement[Any]:
        return literal(given.get(name), getattr(Instance, name).type)

    same_name = Instance.name == wanted("name")
    rows = current_session().execute(
        select(Instance.id, Instance.name, Instance.deleted_at, same_name)
        .where(or_(same_name, _same_endpoint(Instance, wanted)))
        .order_by(Instance.id)
    )
    return Neighbours.among([Neighbour(row[0], row[1], row[2] is not None, bool(row[3])) for row in rows])


def _same_endpoint(instances: type[Instance], wanted: Callable[[str], ColumnElement[Any]]) -> ColumnElement[bool]:
    """Return the condition that an instance has the wanted address and is told apart by the same names."""
    address = (getattr(instances, name) == wanted(name) for name in ENDPOINT)
    names = (
        getattr(instances, name).is_not_distinct_from(wanted(name)) for name in ("service_name", "sid", "instance_name")
    )
    return and_(*address, *names)


def check_exists(instance_id: int) -> None:
    """Do nothing for the id of an instance, in the recycle bin or not.

    :raises InstanceNotFound: no instance has the id.
    """
    if current_session().scalar(select(Instance.id).where(Instance.id == instance_id)) is None:
        raise InstanceNotFound(params={"id": instance_id})
