"""What lies within each binding of a credential: a place where none of its instances is any more is seen as such."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.core.db import current_session
from app.domain.credentials.repository import list_endpoints
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.references.usage import NAMED, Usage, UsingInstance
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

    The engines of the bindings narrow hosts, suffixes and networks. Reads every instance that uses the credential.
    """
    using = _list_using(credential.id)
    bound, rule = list_endpoints([credential.id]).get(credential.id, []), credential.bindings
    exact = [Endpoint(one.db_type, one.host_key, one.port) for one in bound]
    engines, whole = rule["engines"], Bindings(**rule)

    def count(holds: Callable[[Endpoint], bool]) -> int:
        return sum(holds(endpoint) for _, endpoint in using)

    def places(kind: str) -> list[PlaceUse]:
        return [PlaceUse(one, count(Bindings(**{kind: [one]}, engines=engines).allow)) for one in rule[kind]]

    return Reach(
        hosts=places("hosts"),
        suffixes=places("suffixes"),
        networks=places("networks"),
        engines=[PlaceUse(one, sum(end.db_type == one for _, end in using)) for one in engines],
        endpoints=[EndpointUse(one, count(one.__eq__)) for one in exact],
        outside=_usage([one for one, endpoint in using if endpoint not in exact and not whole.allow(endpoint)]),
    )


def _usage(instances: Sequence[UsingInstance]) -> Usage:
    return Usage(len(instances), instances[:NAMED])


def _list_using(credential_id: int) -> list[tuple[UsingInstance, Endpoint]]:
    """Return what uses a credential, for its own login or an administrator's, by name, and where it is."""
    columns = (Instance.id, Instance.name, Instance.deleted_at, Instance.db_type, Instance.host, Instance.port)
    uses = or_(Instance.credential_id == credential_id, Instance.admin_credential_id == credential_id)
    rows = current_session().execute(select(*columns).where(uses).order_by(Instance.name))
    return [
        (
            UsingInstance(row.id, row.name, row.deleted_at is not None),
            Endpoint(row.db_type, host_key(row.host), row.port),
        )
        for row in rows
    ]
