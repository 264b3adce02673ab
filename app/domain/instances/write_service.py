"""Change the register of instances: create, update in part or as a whole; the recycle bin comes with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.core.db import current_session
from app.core.errors import FieldFault, Invalid
from app.core.fields import clip
from app.domain.audit import trail
from app.domain.credentials.endpoints import NewBinding
from app.domain.credentials.repository import find_with_endpoint
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.protection import Protection
from app.domain.instances import repository
from app.domain.instances.assign import assign, plan, retired_faults
from app.domain.instances.binding import CredentialGate
from app.domain.instances.changes import touch, trace
from app.domain.instances.commands import (
    CreateInstance,
    PatchInstance,
    RefersToOthers,
    UpdateInstance,
    UpsertInstance,
)
from app.domain.instances.conflicts import flush_or_name_holder, name_taken
from app.domain.instances.connection import ClientKey, Keys, key_faults
from app.domain.instances.lookup import LOGINS, Logins, all_faults, login_faults, look_up
from app.domain.instances.merging import merge
from app.domain.instances.record import destination_of, record_of
from app.domain.instances.recycle_bin import RecycleBin
from app.domain.instances.repository import Neighbours, ToChange
from app.domain.writes.if_match import ANY_VERSION, IfMatch
from app.models import Instance

Payload = CreateInstance | Mapping[str, Any]
C = TypeVar("C", bound=CreateInstance)


@dataclass(frozen=True, slots=True)
class Upserted:
    """An instance that is now what was asked for, and whether it is a new one."""

    instance: Instance
    created: bool


class InstanceWriteService(RecycleBin):
    """Change the register of database instances.

    Flushes, never commits: whoever opened `core.db.transaction()` ends it. After a create, an update or a
    restore `same_endpoint` names the first other instances at the same endpoint, and `newly_bound` the endpoints
    that credentials were allowed for: both are worth a warning. Client keys are sealed with `keys`.

    :raises NoTransaction: a method is called outside of a transaction.
    """

    def __init__(self, *, gate: CredentialGate | None = None, keys: Keys | None = None) -> None:
        self._gate = gate or CredentialGate()
        self._keys = keys
        self.newly_bound: Sequence[NewBinding] = ()

    def create(self, payload: Payload, *, operator_id: int | None) -> Instance:
        """Register an instance.

        :raises Invalid: fields are missing or wrong, or name something that does not exist.
        :raises CredentialNotBound: the credential may not go to this endpoint.
        :raises InstanceNameTaken: another instance has the name; `InstanceNameTakenInBin` when it is in the bin.
        :raises ExternalIdTaken: another instance has this id in that system.
        """
        command = _parse(CreateInstance, payload, was_retired=lambda: False)
        found = look_up(command)
        everything = {name: getattr(command, name) for name in type(command).model_fields}
        there = destination_of(everything)
        logins, bound = _find_logins(command, there.endpoint)
        faults = [*found.faults, *retired_faults(command.given(), was_retired=False), *login_faults(command, logins)]
        faults += key_faults(everything, None, None)
        if faults:
            raise Invalid(faults)
        allowed = self._gate.check_all(logins, there, bound=bound, operator_id=operator_id)
        self._meet(repository.find_neighbours(_identity(command)))
        instance = Instance(tag_links=[], external_id_rows=[], deleted_by=None)
        assign(instance, plan(everything, found, logins, was_retired=False), found, logins, keys=self._keys)
        current_session().add(instance)
        flush_or_name_holder(instance)
        events, self.newly_bound = self._gate.bind(allowed), allowed
        trace("create", instance, trail.difference({}, record_of(instance)), operator_id, more=events)
        return instance

    def update(
        self, instance_id: int, payload: Payload, *, operator_id: int | None, if_match: IfMatch = ANY_VERSION
    ) -> Instance:
        """Change an instance; absent optional fields keep their value. What changes nothing writes nothing.

        :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
        :raises VersionChanged: it has another version than the caller has seen.
        :raises Invalid: as in `create`, and so are the other errors.
        """
        command = _parse(UpdateInstance, payload, was_retired=lambda: repository.is_retired(instance_id))
        return self._change(instance_id, command, operator_id=operator_id, if_match=if_match)

    def patch(
        self, instance_id: int, payload: Payload, *, operator_id: int | None, if_match: IfMatch = ANY_VERSION
    ) -> Instance:
        """Change some fields of an instance; members of objects are merged, tags are added and taken off.

        :raises Invalid: as in `update`, and so are the other errors.
        """
        command = _parse(PatchInstance, payload, was_retired=lambda: repository.is_retired(instance_id))
        return self._change(instance_id, command, operator_id=operator_id, if_match=if_match)

    def upsert(
        self, name: str, payload: Payload, *, operator_id: int | None, if_match: IfMatch = ANY_VERSION
    ) -> Upserted:
        """Make the instance of this name what the payload says: register it, or change it.

        :raises VersionChanged: it has another version than the caller has seen; `NothingToMatch` where there is none.
        :raises InstanceNameTakenInBin: the name is held by an instance in the recycle bin.
        :raises Invalid: as in `update`, and so are the other errors.
        """
        command = _parse_named(name, payload)
        repository.lock_name(command.name)
        holder = repository.find_neighbours({"name": name}).name_holder
        if holder is None:
            if_match.check_absent(command.name)
            return Upserted(self.create(CreateInstance.parse(command.given()), operator_id=operator_id), created=True)
        if holder.in_bin:
            raise name_taken(holder)
        return Upserted(self._change(holder.id, command, operator_id=operator_id, if_match=if_match), created=False)

    def _change(
        self, instance_id: int, command: UpdateInstance, *, operator_id: int | None, if_match: IfMatch
    ) -> Instance:
        given, found = command.given(), look_up(command)
        loaded = repository.get_for_change(instance_id, _identity(command))
        instance, logins = loaded.instance, loaded.logins
        if_match.check(instance)
        was_retired = instance.lifecycle == "retired"
        faults = [*found.faults, *retired_faults(given, was_retired=was_retired), *login_faults(command, logins)]
        key = ClientKey.kept(instance.tls_client_key_digest)
        faults += key_faults(given, instance.tls_client_cert, key)
        if faults:
            raise Invalid(faults)
        if isinstance(command, PatchInstance):
            given, found = merge(command, instance, found)
        before = record_of(instance)
        planned = plan(given, found, logins, was_retired=was_retired)
        changes = trail.difference(before, {**before, **planned})
        if not changes:
            self.same_endpoint = loaded.neighbours.same_endpoint
            return instance
        # All checks stand before the first change of the row: a refused update leaves nothing to be flushed.
        allowed = self._check_credentials(loaded, before, {**before, **planned}, operator_id=operator_id)
        self._meet(loaded.neighbours)
        assign(instance, planned, found, logins, keys=self._keys)
        touch(instance)
        flush_or_name_holder(instance)
        events, self.newly_bound = self._gate.bind(allowed), allowed
        trace("update", instance, changes, operator_id, more=events)
        return instance

    def _check_credentials(
        self, loaded: ToChange, before: Mapping[str, Any], after: Mapping[str, Any], *, operator_id: int | None
    ) -> Sequence[NewBinding]:
        """Ask the gate for each credential that becomes another one, or for both when the endpoint or its TLS does."""
        there = destination_of(after)
        moves = there != destination_of(before)
        asked = [name for name in LOGINS if moves or after[name] != before[name]]
        return self._gate.check_all(loaded.logins, there, asked=asked, bound=loaded.bound, operator_id=operator_id)

    def _meet(self, neighbours: Neighbours) -> None:
        """Refuse a taken name; keep in mind who has the same endpoint."""
        if neighbours.name_holder is not None:
            raise name_taken(neighbours.name_holder)
        self.same_endpoint = neighbours.same_endpoint


def _parse(expected: type[C], payload: Payload, *, was_retired: Callable[[], bool]) -> C:
    """Validate; when fields are wrong, look at what is sound as well, so that all faults come together."""
    try:
        return expected.parse(payload)  # type: ignore[arg-type]  # a command of another kind is refused there
    except Invalid as exc:
        wrong = {fault.path.partition(".")[0] for fault in exc.faults}
        sound = {name: payload[name] for name in expected.model_fields.keys() - wrong if name in payload}  # type: ignore[index]
        references = {name: sound[name] for name in RefersToOthers.model_fields if name in sound}
        faults = [*exc.faults, *retired_faults(sound, was_retired=was_retired())]
        raise Invalid(all_faults(faults, RefersToOthers.parse(references))) from None


def _parse_named(name: str, payload: Payload) -> UpsertInstance:
    """Validate what shall have the name of the path; a body that says another one is a contradiction."""
    if isinstance(payload, Mapping):
        if payload.get("name", name) != name:
            raise Invalid([FieldFault("name", "differs_from_path", {"name": clip(name)})])
        payload = {**payload, "name": name}
    return _parse(UpsertInstance, payload, was_retired=lambda: False)


def _identity(command: CreateInstance) -> dict[str, Any]:
    """Return what the command says about name, endpoint and credential, under the names of the columns."""
    given = command.given()
    names = ("name", "db_type", "port", "service_name", "sid", "instance_name", *(f"{one}_id" for one in LOGINS))
    host = {"host_key": host_key(command.host)} if "host" in given else {}
    return {**host, **{name: given[name] for name in names if name in given}}


def _find_logins(command: CreateInstance, endpoint: Endpoint) -> tuple[Logins, Mapping[str, Protection | None]]:
    """Return the credentials of a new instance, and under which TLS each is bound to the exact endpoint."""
    wanted = {name: getattr(command, f"{name}_id") for name in LOGINS}
    found = {name: one and find_with_endpoint(one, endpoint) for name, one in wanted.items()}
    logins = Logins(**{name: one[0] for name, one in found.items() if one})
    return logins, {name: one[1] if one else None for name, one in found.items()}
