"""The exact endpoints that a credential is bound to, each with the TLS under which it was allowed there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, update

from app.core.db import current_session, insert_all_absent, insert_if_absent, moment
from app.domain.audit import trail
from app.domain.credentials import repository
from app.domain.credentials.commands import EndpointBinding
from app.domain.credentials.errors import CredentialBoundUnderTls, CredentialNotBound
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.protection import FLOOR, Destination, Protection
from app.models import Credential, CredentialEndpoint

_KEY = ("credential_id", "db_type", "host_key", "port")


@dataclass(frozen=True, slots=True)
class NewBinding:
    """An endpoint that has to be added to a credential's bindings, or bound anew: `replaces` is what holds there."""

    credential: Credential
    destination: Destination
    replaces: Protection | None = None


def endpoint_text(endpoint: Endpoint) -> str:
    """Return an endpoint as people read it: `postgresql db1.example.com:5432`."""
    host = f"[{endpoint.host_key}]" if ":" in endpoint.host_key else endpoint.host_key
    return f"{endpoint.db_type} {host}:{endpoint.port}"


def binding_text(bound: Destination) -> str:
    """Return a binding as people read it: the endpoint, and the TLS where it is not the usual one."""
    return f"{endpoint_text(bound.endpoint)} {bound.protection}".rstrip()


def is_allowed_by_rule(credential: Credential, destination: Destination) -> bool:
    """Tell whether hosts, suffixes or networks let the credential go there, under TLS no weaker than `FLOOR`."""
    return Bindings(**credential.bindings).admit(destination)


def refusal(credential: Credential, destination: Destination, bound: Protection | None) -> CredentialNotBound:
    """Return why a credential may not go there; `bound`: what holds at the exact endpoint, which is not enough."""
    name, there, extra = credential.name, endpoint_text(destination.endpoint), {"credential_id": credential.id}
    if bound is None and Bindings(**credential.bindings).allow(destination.endpoint):
        bound = FLOOR
    if bound is None:
        return CredentialNotBound(params={"name": name, "endpoint": there}, extra=extra)
    tls, tls_there = _protection_text(bound), _protection_text(destination.protection)
    return CredentialBoundUnderTls(
        params={"name": name, "endpoint": there, "tls": tls, "tls_there": tls_there}, extra=extra
    )


def _protection_text(protection: Protection) -> str:
    return str(protection) or f"tls={protection.mode}"


def texts_of(rows: Iterable[CredentialEndpoint]) -> list[str]:
    """Return bindings as the audit trail keeps them."""
    return [binding_text(bound_there(one)) for one in rows]


def bound_there(row: CredentialEndpoint) -> Destination:
    """Return the exact endpoint of a row, and the TLS under which it is allowed."""
    return Destination(Endpoint(row.db_type, row.host_key, row.port), _known(row))


def _known(row: CredentialEndpoint) -> Protection:
    return Protection(row.tls_mode, row.tls_ca_digest, row.tls_legacy)


def replace_endpoints(credential_id: int, wanted: Sequence[EndpointBinding]) -> None:
    """Bind a credential to these endpoints alone; one that says nothing of TLS keeps what it has."""
    session = current_session()
    missing: dict[tuple[str, str, int], EndpointBinding] = {
        (one.db_type, host_key(one.host), one.port): one for one in wanted
    }
    for known in repository.list_endpoints([credential_id]).get(credential_id, []):
        one = missing.pop((known.db_type, known.host_key, known.port), None)
        if one is None:
            session.delete(known)
        elif _protection(one, _known(known)) != _known(known):
            _set(known, _protection(one, _known(known)))
    session.add_all(
        CredentialEndpoint(**_row(credential_id, Destination(Endpoint(*key), _protection(one, Protection()))))
        for key, one in sorted(missing.items(), key=lambda item: item[0])
    )
    session.flush()


def _protection(given: EndpointBinding, known: Protection) -> Protection:
    mode = given.tls_mode or known.mode
    digest = given.tls_ca_digest if "tls_ca_digest" in given.model_fields_set else known.ca_digest
    return Protection(mode, digest, known.legacy if given.tls_legacy is None else given.tls_legacy)


def _set(row: CredentialEndpoint, protection: Protection) -> None:
    for name, value in _tls(protection).items():
        setattr(row, name, value)
    row.bound_at = moment()


def bind_endpoint(new: NewBinding) -> trail.Event | None:
    """Allow a credential for one exact endpoint, and return the event to record; None when another was faster.

    The caller has checked that the operator may.
    """
    inserted = insert_if_absent(CredentialEndpoint, _row(new.credential.id, new.destination))
    return _bound(new) if inserted or _bind_anew(new) else None


def bind_endpoints(new: Sequence[NewBinding]) -> list[trail.Event]:
    """Allow credentials for endpoints, a few hundred in a statement, and return the events, as `bind_endpoint` does."""
    first = {_key(one): one for one in reversed(new)}
    rows = [_row(one.credential.id, one.destination) for one in first.values()]
    inserted = insert_all_absent(CredentialEndpoint, rows, key=_KEY)
    return [_bound(one) for one in new if (first[_key(one)] is one and _key(one) in inserted) or _bind_anew(one)]


def _key(new: NewBinding) -> tuple[Any, ...]:
    endpoint = new.destination.endpoint
    return (new.credential.id, endpoint.db_type, endpoint.host_key, endpoint.port)


def _bind_anew(new: NewBinding) -> bool:
    """Give a binding that is there already the new protection; tells whether that is another one."""
    table = CredentialEndpoint
    known = [getattr(table, name) == value for name, value in zip(_KEY, _key(new), strict=True)]
    tls = _tls(new.destination.protection)
    differs = or_(*(getattr(table, name).is_distinct_from(value) for name, value in tls.items()))
    statement = update(table).where(*known, differs).values(**tls, bound_at=moment())
    result: Any = current_session().execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount)


def _tls(protection: Protection) -> dict[str, Any]:
    return {
        "tls_mode": protection.mode,
        "tls_ca_digest": protection.ca_digest,
        "tls_legacy": protection.legacy,
    }


def _row(credential_id: int, bound: Destination) -> dict[str, Any]:
    return {
        "credential_id": credential_id,
        "db_type": bound.endpoint.db_type,
        "host_key": bound.endpoint.host_key,
        "port": bound.endpoint.port,
        "bound_at": moment(),
        **_tls(bound.protection),
    }


def _bound(new: NewBinding) -> trail.Event:
    before = new.replaces and binding_text(Destination(new.destination.endpoint, new.replaces))
    change = {"field": "endpoints", "before": before, "after": binding_text(new.destination)}
    return trail.Event(
        action="bind",
        entity_type="credential",
        entity_id=new.credential.id,
        entity_name=new.credential.name,
        changes=[change],
    )
