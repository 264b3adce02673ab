"""Names and ids that another instance has: the look before a write may have come too early."""

from sqlalchemy.exc import IntegrityError

from app.core.db import current_session, outside
from app.domain.instances import repository
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken, InstanceNameTakenInBin
from app.domain.instances.repository import ExternalIdHolder, Neighbour
from app.models import Instance


def name_taken(holder: Neighbour) -> InstanceNameTaken | InstanceNameTakenInBin:
    """Return the error that names who has the name, and whether it is in the recycle bin."""
    error = InstanceNameTakenInBin if holder.in_bin else InstanceNameTaken
    return error(
        params={"name": holder.name, "id": holder.id}, extra={"holder": {"id": holder.id, "in_bin": holder.in_bin}}
    )


def external_id_taken(holder: ExternalIdHolder) -> ExternalIdTaken:
    """Return the error that names who has the id in that system."""
    return ExternalIdTaken(
        params={"system": holder.system, "external_id": holder.external_id, "holder": holder.name},
        extra={"holder": {"id": holder.id, "in_bin": holder.in_bin}},
    )


def flush_or_name_holder(instance: Instance) -> None:
    """Write the instance; when the store finds a name or an external id taken, say who has it.

    :raises InstanceNameTaken: or `InstanceNameTakenInBin`: another writer has taken the name since we looked.
    :raises ExternalIdTaken: another instance has this id in that system.
    """
    instance_id, name, wanted = instance.id, instance.name, instance.external_ids
    try:
        current_session().flush()
    except IntegrityError:
        with outside():
            other = repository.find_external_id_holder(instance_id, wanted)
            holder = repository.find_neighbours({"name": name}).name_holder
        if other is not None:
            raise external_id_taken(other) from None
        if holder is None:
            raise
        raise name_taken(holder) from None
