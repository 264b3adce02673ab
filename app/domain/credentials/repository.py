"""Every SELECT on credentials and on the endpoints they are bound to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.core.db import current_session, kept
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.protection import Protection
from app.models import Credential, CredentialEndpoint


def find_with_endpoint(credential_id: int, endpoint: Endpoint) -> tuple[Credential, Protection | None] | None:
    """Return the credential, which cannot be removed meanwhile, and under which TLS this exact endpoint is allowed.

    None instead of the TLS: the endpoint is not one of its own.
    """
    bound = is_bound(CredentialEndpoint, Credential.id, endpoint.db_type, endpoint.host_key, endpoint.port)
    wanted = select(Credential, *tls_of(CredentialEndpoint)).outerjoin(CredentialEndpoint, bound)
    found = current_session().execute(kept(wanted.where(Credential.id == credential_id), of=Credential)).one_or_none()
    return (found[0], protection_in(found[1:])) if found else None


def is_bound(
    table: Any,  # noqa: ANN401 - the table of endpoints, or an alias of it
    credential_id: Any,  # noqa: ANN401 - like the others a column or a value
    db_type: Any,  # noqa: ANN401
    host_key: Any,  # noqa: ANN401
    port: Any,  # noqa: ANN401
) -> ColumnElement[bool]:
    """Return the condition that a row binds the credential to this exact endpoint; at most one does."""
    return and_(
        table.credential_id == credential_id,
        table.db_type == db_type,
        table.host_key == host_key,
        table.port == port,
    )


def tls_of(table: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    """Return the columns that `protection_in` reads."""
    return (table.tls_mode, table.tls_ca_digest, table.tls_legacy)


def protection_in(columns: Sequence[Any]) -> Protection | None:
    """Return the TLS under which a row allows a credential, None where an outer join found no row."""
    mode, digest, legacy = columns
    return None if mode is None else Protection(mode, digest, bool(legacy))


def list_endpoints(credential_ids: Sequence[int]) -> Mapping[int, Sequence[CredentialEndpoint]]:
    """Return the endpoints by credential."""
    rows = current_session().scalars(
        select(CredentialEndpoint)
        .where(CredentialEndpoint.credential_id.in_(credential_ids))
        .order_by(CredentialEndpoint.host_key, CredentialEndpoint.port, CredentialEndpoint.id)
    )
    endpoints: dict[int, list[CredentialEndpoint]] = defaultdict(list)
    for row in rows:
        endpoints[row.credential_id].append(row)
    return endpoints


def iter_endpoints(credential_ids: Sequence[int]) -> Iterator[tuple[int, Endpoint, Protection]]:
    """Yield each endpoint that one of the credentials is bound to, with the id of the credential, and the TLS."""
    columns = (
        CredentialEndpoint.credential_id,
        CredentialEndpoint.db_type,
        CredentialEndpoint.host_key,
        CredentialEndpoint.port,
        *tls_of(CredentialEndpoint),
    )
    statement = select(*columns).where(CredentialEndpoint.credential_id.in_(credential_ids))
    for row in current_session().execute(statement):
        yield row[0], Endpoint(row[1], row[2], row[3]), Protection(row[4], row[5], row[6])


def list_bound(credential_id: int, db_type: str) -> Mapping[Endpoint, Protection]:
    """Return the exact endpoints of one engine that the credential is bound to, and under which TLS."""
    table = CredentialEndpoint
    statement = select(table.host_key, table.port, *tls_of(table)).where(table.credential_id == credential_id)
    rows = current_session().execute(statement.where(table.db_type == db_type))
    return {Endpoint(db_type, row[0], row[1]): Protection(row[2], row[3], bool(row[4])) for row in rows}
