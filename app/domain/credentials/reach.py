"""What lies within each binding of a credential: a place where none of its instances is any more is seen as such."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from sqlalchemy import ColumnElement, func, or_, select

from app.core.db import current_session
from app.domain.credentials.repository import list_endpoints
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint
from app.domain.references.usage import NAMED, UNUSED, Usage, UsingInstance
from app.models import Credential, Instance


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """One host, suffix, network or engine of the bindings, and how many instances lie there."""

    value: str
    instance_count: int


@dataclass(frozen=True, slots=True)
class EndpointUse:
    """One exact endpoint of the bindings, and how many instances are registered there."""

    endpoint: Endpoint
    instance_count: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The bindings in their order, and the instances that use the credential but lie within none of them."""

    hosts: Sequence[PlaceUse]
    suffixes: Sequence[PlaceUse]
    networks: Sequence[PlaceUse]
    engines: Sequence[PlaceUse]
    endpoints: Sequence[EndpointUse]
    outside: Usage


def reach_of(credential: Credential) -> Reach:
    """Count the instances within each binding, those in the recycle bin included, whatever TLS they have.

    The engines of the bindings narrow hosts, suffixes and networks.
    """
    using, rule = _count_using(credential.id), credential.bindings
    engines, whole = rule["engines"], Bindings(**rule)
    bound = list_endpoints([credential.id]).get(credential.id, [])
    exact = {one: using.get(one, 0) for one in (Endpoint(row.db_type, row.host_key, row.port) for row in bound)}
    outside = {one for one in using if one not in exact and not whole.allow(one)}

    def count(holds: Callable[[Endpoint], bool]) -> int:
        return sum(many for one, many in using.items() if holds(one))

    def places(kind: str) -> list[PlaceUse]:
        return [PlaceUse(one, count(Bindings(**{kind: [one]}, engines=engines).allow)) for one in rule[kind]]

    return Reach(
        hosts=places("hosts"),
        suffixes=places("suffixes"),
        networks=places("networks"),
        engines=[PlaceUse(one, count(partial(_is_of, one))) for one in engines],
        endpoints=[EndpointUse(*one) for one in exact.items()],
        outside=Usage(count(outside.__contains__), _first_at(outside, credential.id)) if outside else UNUSED,
    )


def _is_of(engine: str, endpoint: Endpoint) -> bool:
    return endpoint.db_type == engine


def _uses(credential_id: int) -> ColumnElement[bool]:
    return or_(*(column == credential_id for column in CredentialWriteService.kind.link or ()))


def _count_using(credential_id: int) -> Mapping[Endpoint, int]:
    """Return how many instances that use a credential are registered at each endpoint."""
    columns = (Instance.db_type, Instance.host_key, Instance.port)
    rows = current_session().execute(select(*columns, func.count()).where(_uses(credential_id)).group_by(*columns))
    return {Endpoint(*row[:3]): row[3] for row in rows}


def _first_at(endpoints: Collection[Endpoint], credential_id: int) -> Sequence[UsingInstance]:
    """Return the first instances by name that use a credential at one of the endpoints."""
    columns = (Instance.id, Instance.name, Instance.deleted_at, Instance.db_type, Instance.host_key, Instance.port)
    rows = current_session().execute(select(*columns).where(_uses(credential_id)).order_by(Instance.name))
    found = (row for row in rows if Endpoint(*row[3:]) in endpoints)
    return [UsingInstance(row.id, row.name, row.deleted_at is not None) for row in islice(found, NAMED)]
