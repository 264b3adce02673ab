"""Undo one change of the audit trail, by a change of its own that goes through the service of its kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.core.crypto import KeyRing
from app.core.db import same_json
from app.core.errors import Denied
from app.domain.access.permissions import Action, may
from app.domain.audit import origin, repository, trail
from app.domain.clusters.write_service import ClusterWriteService
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.environments.write_service import EnvironmentWriteService
from app.domain.history import instances, references
from app.domain.history.commands import RevertChange
from app.domain.history.errors import ChangedSince, NotRevertible
from app.domain.history.target import Target
from app.domain.references.write_service import ReferenceWriteService
from app.domain.tags.write_service import TagWriteService
from app.models import AuditEvent

_ACTIONS: Mapping[str, Action] = {
    "instance.update": "update",
    "instance.delete": "update",
    "instance.restore": "delete",
    "tag.update": "update",
    "environment.update": "update",
    "cluster.update": "update",
    "credential.update": "credentials",
    "credential.bind": "credentials",
}


_SERVICES: Mapping[str, type[ReferenceWriteService[Any]]] = {
    "tag": TagWriteService,
    "environment": EnvironmentWriteService,
    "cluster": ClusterWriteService,
}


class RevertService:
    """Undo one change. Flushes, never commits.

    What is undone are exactly the fields of the change; all rules of the kind hold, and so do its errors.
    """

    def __init__(self, *, keys: Callable[[], KeyRing]) -> None:
        self._keys = keys

    def revert(self, event_id: int, command: RevertChange, *, operator_id: int | None) -> AuditEvent | None:
        """Undo the change of one event and return the event of that; None when there was nothing left to undo.

        :raises AuditEventNotFound: no event has the id.
        :raises NotRevertible: it tells of a creation, a removal, a secret, or of no change of a thing at all.
        :raises Denied: the operator may not change this kind of thing.
        :raises ChangedSince: fields have changed since, and `force` was not given.
        :raises NotFound: the thing is gone, or is in the recycle bin.
        :raises Invalid: what the fields referred to is gone.
        """
        event = repository.get_event(event_id)
        needed = _ACTIONS.get(event.action)
        if needed is None or any(change.get("secret") for change in event.changes):
            raise NotRevertible(params={"id": event_id, "action": event.action})
        _check_may(needed)
        target = self._target(event)
        wanted = _wanted(event, target, force=command.force)
        if not wanted:
            return None
        where = origin.current()
        with origin.acting_from(replace(where, reason=command.reason or where.reason, reverts_id=event_id)):
            target.write(wanted, operator_id)
        return repository.find_revert_of(event_id, entity_type=event.entity_type)

    def _target(self, event: AuditEvent) -> Target:
        entity_id = event.entity_id or 0
        if event.entity_type == "instance":
            return instances.target(event, entity_id)
        if event.entity_type == "credential":
            return references.credential_target(CredentialWriteService(keys=self._keys()), entity_id, event.changes)
        return references.target(_SERVICES[event.entity_type](), entity_id, event.changes)


def _check_may(needed: Action) -> None:
    """Hold the caller's role against the kind; a program at the machine itself may do anything."""
    actor = origin.current().actor
    if actor.id is not None and not may(actor.role, needed):
        raise Denied(params={"action": needed, "role": actor.role}, extra={"action": needed})


def _wanted(event: AuditEvent, target: Target, *, force: bool) -> dict[str, Any]:
    """Return the fields that are not what they were before the change, with what they were."""
    changed_since, wanted = [], {}
    for change in target.changes:
        name, current = change["field"], trail.plain(target.now.get(change["field"]))
        if same_json(current, change["before"]):
            continue
        wanted[name] = change["before"]
        if not same_json(current, change["after"]):
            changed_since.append({"field": name, "before": change["before"], "after": change["after"], "now": current})
    if changed_since and not force:
        fields = ", ".join(str(one["field"]) for one in changed_since)
        raise ChangedSince(params={"id": event.id, "fields": fields}, extra={"fields": changed_since})
    return wanted
