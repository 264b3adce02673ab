"""Every SELECT on credentials and on the endpoints they are bound to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.sql.elements import ColumnElement

from app.core.db import current_session, kept
from app.domain.egress.endpoint import Endpoint
from app.models import Credential, CredentialEndpoint


def find_with_endpoint(credential_id: int, endpoint: Endpoint) -> tuple[Credential, bool] | None:
    """Return the credential, which cannot be removed meanwhile, and whether this exact endpoint is allowed."""
    bound = endpoint_is_bound(Credential.id, endpoint.db_type, endpoint.host_key, endpoint.port)
    wanted = select(Credential, bound).where(Credential.id == credential_id)
    found = current_session().execute(kept(wanted, of=Credential)).one_or_none()
    return (found[0], bool(found[1])) if found else None


def endpoint_is_bound(credential_id: Any, db_type: Any, host_key: Any, port: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """Return the condition that a credential is bound to this exact endpoint; takes columns or values."""
    return exists().where(
        CredentialEndpoint.credential_id == credential_id,
        CredentialEndpoint.db_type == db_type,
        CredentialEndpoint.host_key == host_key,
        CredentialEndpoint.port == port,
    )


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


def iter_endpoints(credential_ids: Sequence[int]) -> Iterator[tuple[int, Endpoint]]:
    """Yield each endpoint that one of the credentials is bound to, with the id of the credential."""
    columns = (
        CredentialEndpoint.credential_id,
        CredentialEndpoint.db_type,
        CredentialEndpoint.host_key,
        CredentialEndpoint.port,
    )
    statement = select(*columns).where(CredentialEndpoint.credential_id.in_(credential_ids))
    for row in current_session().execute(statement):
        yield row[0], Endpoint(row[1], row[2], row[3])
