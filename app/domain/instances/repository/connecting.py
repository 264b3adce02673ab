"""What a check reads: an instance, and the credential that logs in to it."""

from sqlalchemy import select

from app.core.db import current_session
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.models import Credential, Instance


def get_to_connect(instance_id: int) -> tuple[Instance, Credential | None]:
    """Return an instance and its credential, in one statement; nothing is locked.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin.
    """
    one = select(Instance, Credential).outerjoin(Credential, Credential.id == Instance.credential_id)
    row = current_session().execute(one.where(Instance.id == instance_id)).one_or_none()
    if row is None:
        raise InstanceNotFound(params={"id": instance_id})
    instance: Instance = row[0]
    if instance.deleted_at is not None:
        raise InstanceInBin(params={"id": instance_id, "name": instance.name}, extra={"in_bin": True})
    return instance, row[1]
