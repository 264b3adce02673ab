"""What a check reads: an instance, the credential that logs in to it, and under which TLS that may go there."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from app.core.db import current_session
from app.domain.credentials.repository import is_bound, protection_in, tls_of
from app.domain.egress.protection import Protection
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.models import Credential, CredentialEndpoint, Instance


@dataclass(frozen=True, slots=True)
class ToConnect:
    """An instance with its credential; `bound` is what its exact endpoint is bound under, None where it is not."""

    instance: Instance
    credential: Credential | None
    bound: Protection | None


_ONE = (
    select(Instance, Credential, *tls_of(CredentialEndpoint))
    .select_from(Instance)
    .outerjoin(Credential, Credential.id == Instance.credential_id)
    .outerjoin(
        CredentialEndpoint,
        is_bound(CredentialEndpoint, Instance.credential_id, Instance.db_type, Instance.host_key, Instance.port),
    )
    .where(Instance.id == bindparam("instance_id"))
)


def get_to_connect(instance_id: int) -> ToConnect:
    """Return what a check of an instance needs, in one statement; nothing is locked.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin.
    """
    row = current_session().execute(_ONE, {"instance_id": instance_id}).one_or_none()
    if row is None:
        raise InstanceNotFound(params={"id": instance_id})
    instance: Instance = row[0]
    if instance.deleted_at is not None:
        raise InstanceInBin(params={"id": instance_id, "name": instance.name}, extra={"in_bin": True})
    return ToConnect(instance, row[1], protection_in(row[2:]))
