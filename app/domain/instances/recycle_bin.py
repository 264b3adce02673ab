"""Into the recycle bin, out of it, and out of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.core.db import current_session, moment
from app.domain.audit import origin, trail
from app.domain.instances import repository
from app.domain.instances.changes import touch, trace
from app.domain.instances.commands import DeleteInstance, PurgeInstance, RestoreInstance
from app.domain.instances.errors import InstanceNotInBin
from app.domain.instances.record import record_of
from app.domain.instances.repository import Neighbour
from app.domain.writes.if_match import ANY_VERSION, IfMatch
from app.models import Instance


@dataclass(frozen=True, slots=True)
class SoftDeleted:
    """An instance in the recycle bin; `deleted_at` is the first deletion's."""

    instance_id: int
    deleted_at: datetime
    version: int
    deletion_mode: Literal["soft"] = "soft"


@dataclass(frozen=True, slots=True)
class Restored:
    """An instance outside the recycle bin; `restored` is false when it was there already."""

    instance: Instance
    restored: bool


class RecycleBin:
    """The recycle bin of the register. Flushes, never commits."""

    same_endpoint: Sequence[Neighbour] = ()

    def soft_delete(
        self,
        instance_id: int,
        *,
        operator_id: int | None,
        reason: str | None = None,
        if_match: IfMatch = ANY_VERSION,
    ) -> SoftDeleted:
        """Move an instance to the recycle bin; its history stays.

        Deleting one that is there already changes nothing and returns the first deletion.

        :raises InstanceNotFound: no instance has this id.
        :raises VersionChanged: it has another version than the caller has seen.
        :raises Invalid: the reason is too long.
        """
        reason = DeleteInstance.parse({"reason": reason}).reason
        instance = repository.get_for_update(instance_id, include_deleted=True)
        if_match.check(instance)
        if instance.deleted_at is None:
            instance.deleted_at = moment()
            instance.deleted_by_id = operator_id
            instance.delete_reason = reason or origin.current().reason
            touch(instance)
            change = {"field": "deleted_at", "before": None, "after": instance.deleted_at.isoformat()}
            trace("delete", instance, [change], operator_id, reason=reason)
        return SoftDeleted(instance.id, instance.deleted_at, instance.version)

    def restore(
        self,
        instance_id: int,
        *,
        operator_id: int | None,
        reason: str | None = None,
        if_match: IfMatch = ANY_VERSION,
    ) -> Restored:
        """Take an instance out of the recycle bin, as it was before.

        :raises InstanceNotFound: no instance has this id.
        :raises VersionChanged: it has another version than the caller has seen.
        :raises Invalid: the reason is too long.
        """
        reason = RestoreInstance.parse({"reason": reason}).reason
        instance = repository.get_for_update(instance_id, include_deleted=True)
        if_match.check(instance)
        if instance.deleted_at is None:
            return Restored(instance, restored=False)
        change = {"field": "deleted_at", "before": instance.deleted_at.isoformat(), "after": None}
        instance.deleted_at = instance.deleted_by_id = instance.deleted_by = instance.delete_reason = None
        touch(instance)
        self.same_endpoint = repository.find_neighbours(repository.identity_of(instance), of=instance_id).same_endpoint
        trace("restore", instance, [change], operator_id, reason=reason)
        return Restored(instance, restored=True)

    def purge(
        self,
        instance_id: int,
        *,
        operator_id: int | None,
        reason: str | None = None,
        if_match: IfMatch = ANY_VERSION,
    ) -> None:
        """Remove an instance that is in the recycle bin, for good; the audit trail keeps what it was.

        :raises InstanceNotFound: no instance has this id.
        :raises VersionChanged: it has another version than the caller has seen.
        :raises InstanceNotInBin: it is not in the recycle bin.
        :raises Invalid: the reason is too long.
        """
        reason = PurgeInstance.parse({"reason": reason}).reason
        instance = repository.get_for_update(instance_id, include_deleted=True)
        if_match.check(instance)
        if instance.deleted_at is None:
            raise InstanceNotInBin(params={"id": instance_id, "name": instance.name})
        current_session().delete(instance)
        trace("purge", instance, trail.difference(record_of(instance), {}), operator_id, reason=reason)
