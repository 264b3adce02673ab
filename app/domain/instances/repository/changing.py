"""What a write reads: the instance that it changes, and whom the change would meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core.db import current_session, hold_lock, json_rows, keep_row, lock_row
from app.core.fields import is_storable
from app.domain.credentials.repository import is_bound, protection_in, tls_of
from app.domain.egress.protection import Protection
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.domain.instances.lookup import LOGINS, Logins
from app.models import Credential, CredentialEndpoint, Instance, InstanceExternalId, InstanceTag

_EVERYTHING = (
    joinedload(Instance.environment_row),
    joinedload(Instance.cluster),
    joinedload(Instance.credential),
    joinedload(Instance.admin_credential),
    joinedload(Instance.deleted_by),
    joinedload(Instance.tag_links).joinedload(InstanceTag.tag),
    joinedload(Instance.external_id_rows),
)

ENDPOINT = ("db_type", "host_key", "port")
TOLD_APART_BY = ("service_name", "sid", "instance_name")
_MOST_NEIGHBOURS = 20
# Made once: an alias copies fifty columns, which costs more than the statement it stands in.
_OTHER, _OWN = aliased(Instance), aliased(Instance)
_CANDIDATES = {name: (aliased(Credential), aliased(CredentialEndpoint)) for name in LOGINS}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another instance that a write meets: it has the same name, or the same endpoint."""

    id: int
    name: str
    in_bin: bool
    has_name: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who holds the name, and the first who (outside the bin) have the same endpoint."""

    name_holder: Neighbour | None
    same_endpoint: Sequence[Neighbour]

    @classmethod
    def among(cls, rows: Sequence[Sequence[Any]]) -> "Neighbours":
        """Sort out who is what; a holder of the name is an error, whatever its endpoint."""
        others = [Neighbour(row[0], row[1], bool(row[2]), bool(row[3])) for row in rows]
        holder = next((one for one in others if one.has_name), None)
        return cls(holder, [one for one in others if not one.has_name and not one.in_bin])


@dataclass(frozen=True, slots=True)
class ExternalIdHolder:
    """The instance that has an id of another system, in the recycle bin or not."""

    id: int
    name: str
    in_bin: bool
    system: str
    external_id: str


@dataclass(frozen=True, slots=True)
class ToChange:
    """An instance, the credentials that it will have, under which TLS they are bound there, whom it will meet."""

    instance: Instance
    logins: Logins
    bound: Mapping[str, Protection | None]
    neighbours: Neighbours


def get_for_update(instance_id: int, *, include_deleted: bool = False) -> Instance:
    """Return one instance with everything that a change compares, in one statement; nobody else changes it meanwhile.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin, and that was not asked for.
    """
    lock_row(Instance.id, instance_id)
    instance = current_session().execute(_complete(select(Instance), instance_id)).unique().scalar_one_or_none()
    return _present(instance, instance_id, include_deleted=include_deleted)


def find_whole(instance_id: int) -> Instance | None:
    """Return one instance with everything that its record holds, in the recycle bin or not; nothing is locked."""
    one = select(Instance).where(Instance.id == instance_id).options(*_EVERYTHING)
    return current_session().execute(one).unique().scalar_one_or_none()


def get_for_change(instance_id: int, given: Mapping[str, Any]) -> ToChange:
    """Return one instance and what the given values would meet, in one statement.

    `given` holds new values of `name`, `db_type`, `host_key`, `port`, `service_name`, `sid`, `instance_name`,
    `credential_id` and `admin_credential_id`; for those that are absent the instance's own count.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin.
    """

    def wanted(name: str) -> ColumnElement[Any]:
        column: ColumnElement[Any] = getattr(Instance, name)
        return literal(given[name], column.type) if name in given else column

    statement = select(Instance, _as_one_value(_neighbours(given, of=instance_id))).select_from(Instance)
    for name, (candidate, endpoint) in _CANDIDATES.items():
        bound = is_bound(endpoint, candidate.id, *(wanted(part) for part in ENDPOINT))
        statement = statement.outerjoin(candidate, candidate.id == wanted(f"{name}_id")).outerjoin(endpoint, bound)
        statement = statement.add_columns(candidate, *tls_of(endpoint))
    for credential_id in sorted({given[f"{name}_id"] for name in LOGINS if given.get(f"{name}_id") is not None}):
        keep_row(Credential.id, credential_id)
    lock_row(Instance.id, instance_id)
    row: Any = current_session().execute(_complete(statement, instance_id)).unique().one_or_none()
    instance = _present(row[0] if row else None, instance_id, include_deleted=False)
    parts = {name: row[2 + 4 * place : 6 + 4 * place] for place, name in enumerate(LOGINS)}
    logins = Logins(**{name: part[0] for name, part in parts.items()})
    bound_under = {name: protection_in(part[1:]) for name, part in parts.items()}
    return ToChange(instance, logins, bound_under, Neighbours.among(row[1]))


def _complete(statement: Select[*tuple[Any, ...]], instance_id: int) -> Select[*tuple[Any, ...]]:
    return statement.where(Instance.id == instance_id).options(*_EVERYTHING).execution_options(populate_existing=True)


def _present(instance: Instance | None, instance_id: int, *, include_deleted: bool) -> Instance:
    if instance is None:
        raise InstanceNotFound(params={"id": instance_id})
    if instance.deleted_at is not None and not include_deleted:
        raise InstanceInBin(params={"id": instance_id, "name": instance.name}, extra={"in_bin": True})
    return instance


def find_neighbours(given: Mapping[str, Any], *, of: int | None = None) -> Neighbours:
    """Return who has the given name or endpoint, in one statement; `of` is the instance that is asked about."""
    return Neighbours.among(current_session().execute(_neighbours(given, of=of)).all())


def _neighbours(given: Mapping[str, Any], *, of: int | None) -> Select[*tuple[Any, ...]]:
    """Select id, name, whether in the bin and whether it has the name; the holder of the name comes first.

    What is not given is the instance's own, or null where nobody is asked about.
    """

    def wanted(name: str) -> ColumnElement[Any]:
        column: ColumnElement[Any] = getattr(_OWN, name)
        if name in given or of is None:
            return literal(given.get(name), column.type)
        return select(column).where(_OWN.id == of).scalar_subquery()

    has_name = _OTHER.name == wanted("name")
    address = (getattr(_OTHER, name) == wanted(name) for name in ENDPOINT)
    names = (getattr(_OTHER, name).is_not_distinct_from(wanted(name)) for name in TOLD_APART_BY)
    return (
        select(_OTHER.id, _OTHER.name, _OTHER.deleted_at.is_not(None).label("in_bin"), has_name.label("has_name"))
        .where(or_(has_name, and_(*address, *names)), _OTHER.id != (of or 0))
        .order_by(has_name.desc(), _OTHER.id)
        .limit(_MOST_NEIGHBOURS)
    )


def _as_one_value(neighbours: Select[*tuple[Any, ...]]) -> ColumnElement[Any]:
    table = neighbours.subquery("neighbours")
    return select(json_rows(table.c.id, table.c.name, table.c.in_bin, table.c.has_name)).scalar_subquery()


def find_external_id_holder(but: int | None, wanted: Mapping[str, str]) -> ExternalIdHolder | None:
    """Return the first other instance that has one of the ids."""
    pairs = [
        and_(InstanceExternalId.system == system, InstanceExternalId.external_id == external_id)
        for system, external_id in wanted.items()
    ]
    if not pairs:
        return None
    statement = (
        select(
            Instance.id,
            Instance.name,
            Instance.deleted_at.is_not(None).label("in_bin"),
            InstanceExternalId.system,
            InstanceExternalId.external_id,
        )
        .join(InstanceExternalId, InstanceExternalId.instance_id == Instance.id)
        .where(or_(*pairs), Instance.id != (but or 0))
        .order_by(InstanceExternalId.system)
        .limit(1)
    )
    row = current_session().execute(statement).one_or_none()
    return ExternalIdHolder(row.id, row.name, bool(row.in_bin), row.system, row.external_id) if row else None


def identity_of(instance: Instance) -> dict[str, Any]:
    """Return what `find_neighbours` compares."""
    return {name: getattr(instance, name) for name in ("name", *ENDPOINT, *TOLD_APART_BY)}


def is_retired(instance_id: int) -> bool:
    """Tell whether an instance is retired; an unknown one is not."""
    return current_session().scalar(select(Instance.lifecycle).where(Instance.id == instance_id)) == "retired"


def id_of(name: str) -> int:
    """Return the id of the instance of this name, in the recycle bin or not.

    :raises InstanceNotFound: no instance has the name.
    """
    found = current_session().scalar(select(Instance.id).where(Instance.name == name)) if is_storable(name) else None
    if found is None:
        raise InstanceNotFound(params={"id": name})
    return found


def lock_name(name: str) -> None:
    """Let whoever holds the name keep it until the transaction ends, and nobody else look whether it is free.

    The row of a new instance cannot be locked by others before it is there, so the name is as well.
    """
    hold_lock(f"instance called {name}")
    lock_row(Instance.name, name)


def check_exists(instance_id: int) -> None:
    """Do nothing for the id of an instance, in the recycle bin or not.

    :raises InstanceNotFound: no instance has the id.
    """
    if current_session().scalar(select(Instance.id).where(Instance.id == instance_id)) is None:
        raise InstanceNotFound(params={"id": instance_id})
