"""Undo changes of instances: of fields, and the ways into the recycle bin and out of it."""

from collections.abc import Mapping
from typing import Any

from app.domain.history.target import Target
from app.domain.instances import repository
from app.domain.instances.record import record_of
from app.domain.instances.write_service import InstanceWriteService
from app.models import AuditEvent

_REQUIRED = ("name", "db_type", "host", "port")
_BY_ID = {name: f"{name}_id" for name in ("credential", "admin_credential", "cluster")}


def target(event: AuditEvent, instance_id: int) -> Target:
    """Return an instance.

    :raises InstanceNotFound: it is gone; `InstanceInBin` when a field is to be undone and it is in the recycle bin.
    """
    moves = event.action != "instance.update"
    instance = repository.get_for_update(instance_id, include_deleted=moves)
    service = InstanceWriteService()

    def move(wanted: Mapping[str, Any], operator_id: int | None) -> None:
        if wanted["deleted_at"] is None:
            service.restore(instance_id, operator_id=operator_id)
        elif instance.deleted_at is None:
            service.soft_delete(instance_id, operator_id=operator_id)

    def write(wanted: Mapping[str, Any], operator_id: int | None) -> None:
        required = {name: now[name] for name in _REQUIRED}
        service.update(instance_id, {**required, **_as_command(wanted)}, operator_id=operator_id)

    if moves:
        now: Mapping[str, Any] = {"deleted_at": instance.deleted_at}
        return Target(now, [change for change in event.changes if change["field"] == "deleted_at"], move)
    now = record_of(instance)
    return Target(now, event.changes, write)


def _as_command(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Turn fields of the record into fields of the command: a reference is kept with its name, and sent by its id."""
    given = {name: value for name, value in wanted.items() if name not in _BY_ID}
    references = {_BY_ID[name]: value and value["id"] for name, value in wanted.items() if name in _BY_ID}
    return {**given, **references}
