"""Change the register of instances: create, update, recycle bin."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.core import clock
from app.core.db import current_session
from app.core.errors import Invalid
from app.domain.audit import trail
from app.domain.credentials.repository import find_with_endpoint
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.instances import repository
from app.domain.instances.assign import assign, plan, retired_faults
from app.domain.instances.binding import CredentialGate, NewBinding
from app.domain.instances.commands import (
    CreateInstance,
    DeleteInstance,
    RefersToOthers,
    RestoreInstance,
    UpdateInstance,
)
from app.domain.instances.conflicts import flush_or_name_holder, name_taken
from app.domain.instances.lookup import all_faults, look_up, unknown_credential
from app.domain.instances.record import record_of
from app.domain.instances.repository import Neighbour, Neighbours, ToChange
from app.models import Instance

Payload = CreateInstance | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SoftDeleted:
    """An instance in the recycle bin; `deleted_at` is the first deletion's."""

    instance_id: int
    deleted_at: datetime
    deletion_mode: Literal["soft"] = "soft"


@dataclass(frozen=True, slots=True)
class Restored:
    """An instance outside the recycle bin; `restored` is false when it was there already."""

    instance: Instance
    restored: bool


class InstanceWriteService:
    """Change the register of database instances.

    Flushes, never commits: whoever opened `core.db.transaction()` ends it. After a create, an update or a
    restore `same_endpoint` names the first other instances at the same endpoint, and `newly_bound` the endpoint
    that a credential was allowed for: both are worth a warning.

    :raises NoTransaction: a method is called outside of a transaction.
    """

    def __init__(self, *, gate: CredentialGate | None = None) -> None:
        self._gate = gate or CredentialGate()
        self.same_endpoint: Sequence[Neighbour] = ()
        self.newly_bound: NewBinding | None = None

    def create(self, payload: Payload, *, operator_id: int | None) -> Instance:
        """Register an instance.

        :raises Invalid: fields are missing or wrong, or name something that does not exist.
        :raises CredentialNotBound: the credential may not go to this endpoint.
        :raises InstanceNameTaken: another instance has the name; `InstanceNameTakenInBin` when it is in the bin.
        :raises ExternalIdTaken: another instance has this id in that system.
        """
        command = _parse(CreateInstance, payload, was_retired=lambda: False)
        endpoint = _endpoint_of(command)
        found = look_up(command)
        faults = [*found.faults, *retired_faults(command.given(), was_retired=False)]
        credential = bound = None
        if command.credential_id is not None:
            credential, bound = find_with_endpoint(command.credential_id, endpoint) or (None, None)
            if credential is None:
                faults.append(unknown_credential(command.credential_id))
        if faults:
            raise Invalid(faults)
        allowed = self._gate.check(credential, endpoint, bound=bool(bound), operator_id=operator_id)
        self._meet(repository.find_neighbours(_identity(command)))
        everything = {name: getattr(command, name) for name in type(command).model_fields}
        instance = Instance(tag_links=[], external_id_rows=[], deleted_by=None)
        assign(instance, plan(everything, found, credential, was_retired=False), found, credential)
        current_session().add(instance)
        flush_or_name_holder(instance)
        events, self.newly_bound = self._gate.bind(allowed), allowed
        self._trace("create", instance, trail.difference({}, record_of(instance)), operator_id, more=events)
        return instance

    def update(self, instance_id: int, payload: Payload, *, operator_id: int | None) -> Instance:
        """Change an instance; absent optional fields keep their value. What changes nothing writes nothing.

        :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
        :raises Invalid: as in `create`, and so are the other errors.
        """
        command = _parse(UpdateInstance, payload, was_retired=lambda: repository.is_retired(instance_id))
        given, found = command.given(), look_up(command)
        loaded = repository.get_for_change(instance_id, _identity(command))
        instance, credential = loaded.instance, loaded.credential
        was_retired = instance.lifecycle == "retired"
        faults = [*found.faults, *retired_faults(given, was_retired=was_retired)]
        if command.credential_id is not None and credential is None:
            faults.append(unknown_credential(command.credential_id))
        if faults:
            raise Invalid(faults)
        before = record_of(instance)
        planned = plan(given, found, credential, was_retired=was_retired)
        changes = trail.difference(before, {**before, **planned})
        if not changes:
            self.same_endpoint = loaded.neighbours.same_endpoint
            return instance
        # All checks stand before the first change of the row: a refused update leaves nothing to be flushed.
        allowed = self._check_credential(loaded, _endpoint_of(command), operator_id=operator_id)
        self._meet(loaded.neighbours)
        assign(instance, planned, found, credential)
        _touch(instance)
        flush_or_name_holder(instance)
        events, self.newly_bound = self._gate.bind(allowed), allowed
        self._trace("update", instance, changes, operator_id, more=events)
        return instance

    def _check_credential(self, loaded: ToChange, new: Endpoint, *, operator_id: int | None) -> NewBinding | None:
        """Ask the gate when the credential or the endpoint becomes another one."""
        instance, credential = loaded.instance, loaded.credential
        old = Endpoint(instance.db_type, instance.host_key, instance.port)
        if credential is None or (new == old and credential.id == instance.credential_id):
            return None
        return self._gate.check(credential, new, bound=loaded.endpoint_bound, operator_id=operator_id)

    def _meet(self, neighbours: Neighbours) -> None:
        """Refuse a taken name; keep in mind who has the same endpoint."""
        if neighbours.name_holder is not None:
            raise name_taken(neighbours.name_holder)
        self.same_endpoint = neighbours.same_endpoint

    def soft_delete(self, instance_id: int, *, operator_id: int | None, reason: str | None = None) -> SoftDeleted:
        """Move an instance to the recycle bin; its history stays.

        Deleting one that is there already changes nothing and returns the first deletion.

        :raises InstanceNotFound: no instance has this id.
        :raises Invalid: the reason is too long.
        """
        reason = DeleteInstance.parse({"reason": reason}).reason
        instance = repository.get_for_update(instance_id, include_deleted=True)
        if instance.deleted_at is None:
            instance.deleted_at = clock.now()
            instance.deleted_by_id = operator_id
            instance.delete_reason = reason
            _touch(instance)
            change = {"field": "deleted_at", "before": None, "after": instance.deleted_at.isoformat()}
            self._trace("delete", instance, [change], operator_id, reason=reason)
        return SoftDeleted(instance.id, instance.deleted_at)

    def restore(self, instance_id: int, *, operator_id: int | None, reason: str | None = None) -> Restored:
        """Take an instance out of the recycle bin, as it was before.

        :raises InstanceNotFound: no instance has this id.
        :raises Invalid: the reason is too long.
        """
        reason = RestoreInstance.parse({"reason": reason}).reason
        instance = repository.get_for_update(instance_id, include_deleted=True)
        if instance.deleted_at is None:
            return Restored(instance, restored=False)
        change = {"field": "deleted_at", "before": instance.deleted_at.isoformat(), "after": None}
        instance.deleted_at = instance.deleted_by_id = instance.deleted_by = instance.delete_reason = None
        _touch(instance)
        self.same_endpoint = repository.find_neighbours(repository.identity_of(instance), of=instance_id).same_endpoint
        self._trace("restore", instance, [change], operator_id, reason=reason)
        return Restored(instance, restored=True)

    @staticmethod
    def _trace(
        action: str,
        instance: Instance,
        changes: Sequence[Mapping[str, Any]],
        operator_id: int | None,
        *,
        reason: str | None = None,
        more: Sequence[trail.Event] = (),
    ) -> None:
        event = trail.Event(
            action=action,
            entity_type="instance",
            entity_id=instance.id,
            entity_name=instance.name,
            changes=changes,
            reason=reason,
        )
        current_session().flush()
        trail.record(*more, event, operator_id=operator_id)


def _parse(expected: type[CreateInstance], payload: Payload, *, was_retired: Callable[[], bool]) -> CreateInstance:
    """Validate; when fields are wrong, look at what is sound as well, so that all faults come together."""
    try:
        return expected.parse(payload)
    except Invalid as exc:
        wrong = {fault.path.partition(".")[0] for fault in exc.faults}
        sound = {name: payload[name] for name in expected.model_fields.keys() - wrong if name in payload}  # type: ignore[index]
        references = {name: sound[name] for name in RefersToOthers.model_fields if name in sound}
        faults = [*exc.faults, *retired_faults(sound, was_retired=was_retired())]
        raise Invalid(all_faults(faults, RefersToOthers.parse(references))) from None


def _identity(command: CreateInstance) -> dict[str, Any]:
    """Return what the command says about name, endpoint and credential, under the names of the columns."""
    given = command.given()
    names = ("name", "db_type", "port", "service_name", "sid", "instance_name", "credential_id")
    return {"host_key": host_key(command.host), **{name: given[name] for name in names if name in given}}


def _endpoint_of(command: CreateInstance) -> Endpoint:
    return Endpoint(command.db_type, host_key(command.host), command.port)


def _touch(instance: Instance) -> None:
    instance.version += 1
    instance.updated_at = clock.now()
