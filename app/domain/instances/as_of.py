"""An instance as it was at a moment: today's record, from which every later change is undone.

From the present backwards, so that it works as far back as the trail goes and costs as much as has changed since.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.core import clock
from app.core.errors import FieldFault, Invalid
from app.domain.audit import repository as audit
from app.domain.instances import repository
from app.domain.instances.commands import DEFAULTS
from app.domain.instances.errors import BeforeTheTrail, InstanceInBin, InstanceNotFound, NotYetRegistered
from app.domain.instances.record import SCALARS, record_of
from app.models import AuditEvent, Instance

# The names that a record copies change with the thing that bears them, and no event of the instance tells so.
_NAMES = {"tag.update": "name", "environment.update": "key", "cluster.update": "name", "credential.update": "name"}
_PLACES = {"cluster": ("cluster",), "credential": ("credential", "admin_credential")}
_MOVES = ("instance.create", "instance.delete", "instance.restore")
Record = dict[str, Any]


def get_as_of(instance_id: int, moment: datetime, *, include_deleted: bool) -> Mapping[str, Any]:
    """Return an instance as it was, also one that is in the recycle bin or purged by now, in a fixed number of reads.

    The names are those of the detail. What no trail keeps (what was collected, versions, colours) is None.

    :raises Invalid: the moment is still to come.
    :raises InstanceNotFound: no instance has ever had the id, as far as the trail goes.
    :raises NotYetRegistered: it was registered later.
    :raises BeforeTheTrail: the trail does not go back that far.
    :raises InstanceInBin: it was in the recycle bin, and that was not asked for.
    """
    if moment > clock.now():
        raise Invalid([FieldFault("as_of", "in_the_future")])
    instance = repository.find_whole(instance_id)
    events = audit.list_changes_since("instance", instance_id, moment, renaming=list(_NAMES))
    own = [event for event in events if event.entity_type == "instance"]
    _check_reach(instance_id, moment, instance, own)
    state = _now(instance)
    for event in events:
        if event.at > moment:
            _undo(event, state)
    if "name" not in state:
        raise InstanceNotFound(params={"id": instance_id})
    life = _life(instance, own, moment)
    if life["deleted_at"] is not None and not include_deleted:
        raise InstanceInBin(params={"id": instance_id, "name": state["name"]}, extra={"in_bin": True})
    return {"id": instance_id, **_shown(state), **life, "status": _status(state, life)}


def _check_reach(instance_id: int, moment: datetime, instance: Instance | None, own: Sequence[AuditEvent]) -> None:
    created = next((event for event in own if event.action == "instance.create"), None)
    born = created.at if created is not None else instance.created_at if instance is not None else None
    if born is not None and moment < born:
        raise NotYetRegistered(params={"id": instance_id, "at": born.isoformat()}, extra={"registered_at": born})
    begins = audit.find_beginning()
    if begins is not None and moment < begins:
        raise BeforeTheTrail(params={"at": begins.isoformat()}, extra={"trail_begins_at": begins})


def _now(instance: Instance | None) -> Record:
    return record_of(instance) if instance is not None else {}


def _undo(event: AuditEvent, state: Record) -> None:
    if event.entity_type == "instance":
        state.update({change["field"]: change.get("before") for change in event.changes})
        return
    for change in event.changes:
        if change["field"] == _NAMES[event.action]:
            _undo_name(event, state, old=change["before"], new=change["after"])


def _undo_name(event: AuditEvent, state: Record, *, old: str, new: str) -> None:
    if event.entity_type == "tag":
        state["tag_names"] = sorted(old if name == new else name for name in state.get("tag_names") or ())
    elif event.entity_type == "environment":
        state["environment"] = old if state.get("environment") == new else state.get("environment")
    else:
        for place in _PLACES[event.entity_type]:
            bearer = state.get(place)
            if bearer and bearer["id"] == event.entity_id:
                state[place] = {**bearer, "name": old}


def _life(instance: Instance | None, own: Sequence[AuditEvent], moment: datetime) -> Record:
    """Tell when it was registered and, where it was in the recycle bin, since when, by whom and why."""
    created = next((event.at for event in own if event.action == "instance.create"), None)
    life: Record = dict.fromkeys(("deleted_at", "deleted_by", "delete_reason"))
    life["created_at"] = instance.created_at if instance is not None else created
    last = next((event for event in own if event.action in _MOVES and event.at <= moment), None)
    if last is not None and last.action == "instance.delete":
        by = {"id": last.actor_id, "username": last.actor_name}
        return {**life, "deleted_at": last.at, "deleted_by": by, "delete_reason": last.reason}
    if last is None and instance is not None and instance.deleted_at is not None and instance.deleted_at <= moment:
        who = instance.deleted_by
        life.update(deleted_at=instance.deleted_at, delete_reason=instance.delete_reason)
        life["deleted_by"] = {"id": who.id, "username": who.username} if who is not None else None
    return life


def _status(state: Record, life: Record) -> str:
    if life["deleted_at"] is not None:
        return "deleted"
    return "active" if state.get("is_active", DEFAULTS["is_active"]) else "inactive"


def _shown(state: Record) -> Record:
    references = {name: state.get(name) for name in ("credential", "admin_credential", "cluster")}
    return {
        **{name: state.get(name, DEFAULTS.get(name)) for name in SCALARS},
        **references,
        **{f"{name}_id": value and value["id"] for name, value in references.items()},
        "environment": state.get("environment"),
        "external_ids": state.get("external_ids") or {},
        "tags": [{"name": name} for name in state.get("tag_names") or ()],
    }
