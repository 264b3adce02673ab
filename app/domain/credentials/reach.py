"""What lies within each binding of a credential: a place where none of its instances is any more is seen as such."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.core.db import current_session
from app.domain.credentials.endpoints import bound_there
from app.domain.credentials.repository import list_endpoints
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.protection import Destination, Protection
from app.domain.references.usage import NAMED, UNUSED, Usage, UsingInstance
from app.models import Credential, Instance

_WHERE = (
    Instance.db_type,
    Instance.host_key,
    Instance.port,
    Instance.tls_mode,
    Instance.tls_ca,
    Instance.tls_legacy,
)


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
    """Count the instances within each binding as the guard of a check would, those in the recycle bin included.

    A binding holds those alone that have the TLS which it asks for. The engines narrow hosts, suffixes and networks.
    """
    using, rule = _count_using(credential.id), credential.bindings
    rows = list_endpoints([credential.id]).get(credential.id, [])
    bound = {one.endpoint: one.protection for one in map(bound_there, rows)}

    def count(holds: Callable[[Destination], bool]) -> int:
        return sum(many for one, many in using.items() if holds(one))

    def places(kind: str) -> list[PlaceUse]:
        return [PlaceUse(one, count(Bindings(**{kind: [one]}, engines=rule["engines"]).admit)) for one in rule[kind]]

    def is_exact(one: Destination) -> bool:
        return one.endpoint in bound and bound[one.endpoint].admits(one.protection)

    def engine_use(engine: str) -> PlaceUse:
        return PlaceUse(engine, count(lambda one: one.endpoint.db_type == engine))

    by_rule = Bindings(**rule)
    outside = {one for one in using if not is_exact(one) and not by_rule.admit(one)}
    exact = Counter[Endpoint]()
    for one, many in using.items():
        exact[one.endpoint] += many if is_exact(one) else 0
    return Reach(
        hosts=places("hosts"),
        suffixes=places("suffixes"),
        networks=places("networks"),
        engines=[engine_use(one) for one in rule["engines"]],
        endpoints=[EndpointUse(one, exact[one]) for one in bound],
        outside=Usage(count(outside.__contains__), _first_at(outside, credential.id)) if outside else UNUSED,
    )


def _uses(credential_id: int) -> ColumnElement[bool]:
    return or_(*(column == credential_id for column in CredentialWriteService.kind.link or ()))


def _count_using(credential_id: int) -> Counter[Destination]:
    """Return how many instances that use a credential there are at each endpoint under the same TLS."""
    rows = current_session().execute(select(*_WHERE, func.count()).where(_uses(credential_id)).group_by(*_WHERE))
    found = Counter[Destination]()
    for *where, many in rows:
        found[_destination(where)] += many
    return found


def _first_at(places: Collection[Destination], credential_id: int) -> Sequence[UsingInstance]:
    """Return the first instances by name that use a credential at one of the places."""
    columns = (Instance.id, Instance.name, Instance.deleted_at, *_WHERE)
    rows = current_session().execute(select(*columns).where(_uses(credential_id)).order_by(Instance.name))
    found = (row for row in rows if _destination(row[3:]) in places)
    return [UsingInstance(row.id, row.name, row.deleted_at is not None) for row in islice(found, NAMED)]


def _destination(where: Sequence[Any]) -> Destination:
    db_type, key, port, mode, ca, legacy = where
    return Destination(Endpoint(db_type, key, port), Protection.of(mode, ca, legacy=bool(legacy)))
