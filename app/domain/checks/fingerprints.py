"""Which server answers for an instance: kept, compared with what answers now, accepted when it is another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, false, select

from app.core.db import current_session
from app.domain.audit import trail
from app.domain.instances import repository as instances
from app.engines.facts import IdentityFact, ServerFact
from app.models import Fingerprint, Instance

_SAME_START = timedelta(seconds=2)  # the start is told as "up for so many seconds", by some engines in whole ones
_TEXT_MOST = 255
_MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """The identity of a server at one moment."""

    lineage: str | None
    node: str | None
    strength: str
    started_at: datetime | None
    role: str | None
    at: datetime

    @classmethod
    def of(cls, server: ServerFact, identity: IdentityFact, at: datetime) -> "Seen":
        """Return what an engine has found; a role that it could not tell is none."""
        role = None if server.role == "unknown" else server.role
        lineage, node = _bounded(identity.lineage), _bounded(identity.node)
        return cls(lineage, node, identity.strength, identity.started_at, role, at)

    def as_json(self) -> dict[str, Any]:
        """Return it as the store keeps what nobody has accepted yet."""
        started = self.started_at.isoformat() if self.started_at else None
        return {
            "lineage": self.lineage,
            "node": self.node,
            "strength": self.strength,
            "started_at": started,
            "role": self.role,
            "since": self.at.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Seen":
        """Read what `as_json` wrote."""
        started = datetime.fromisoformat(kept["started_at"]) if kept["started_at"] else None
        at = datetime.fromisoformat(kept["since"])
        return cls(kept["lineage"], kept["node"], kept["strength"], started, kept["role"], at)


def _bounded(text: str | None) -> str | None:
    """Return a text that is equal for equal ones and fits."""
    return text if text is None or len(text) <= _TEXT_MOST else f"sha256:{sha256(text.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Noted:
    """Whether another server answers that somebody has to accept first, and what to record."""

    is_unaccepted: bool = False
    events: Sequence[trail.Event] = ()


def note(instance: Instance, known: Fingerprint | None, seen: Seen) -> Noted:
    """Compare what answers now with what is known, and keep it in the open transaction.

    Behind a writer, a reader or a proxy another server may answer at any time: that is a change of roles. What an
    engine cannot tell any more, because a right is gone, is no change, and a restart is none either.
    """
    if known is None:
        current_session().add(_assigned(Fingerprint(instance_id=instance.id, since=seen.at), seen))
        instance.role = seen.role
        return Noted()
    is_another = _is_another(known, seen)
    if is_another and instance.endpoint_kind == "server":
        return Noted(is_unaccepted=True, events=_keep_pending(instance, known, seen))
    before = _record(known)
    instance.role = _assigned(known, seen).role
    if is_another:
        known.since = seen.at
    has_changed = is_another or _differs(before["role"], known.role)
    return Noted(events=[_event("change_role", instance, before, _record(known))] if has_changed else [])


def accept(instance_id: int, *, operator_id: int | None) -> None:
    """Take the server that answers now for the right one; where there is no other one nothing changes.

    :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
    """
    instance = instances.get_for_update(instance_id)
    known = current_session().get(Fingerprint, instance_id)
    if known is None or known.pending is None:
        return
    before, seen = _record(known), Seen.from_json(known.pending)
    _assigned(known, seen).since = seen.at
    instance.role = known.role
    current_session().flush()
    trail.record(_event("accept_identity", instance, before, _record(known)), operator_id=operator_id)


def _differs(old: str | None, new: str | None) -> bool:
    return old is not None and new is not None and old != new


def _is_another(known: Fingerprint | Seen, seen: Seen) -> bool:
    """Tell whether two identities belong to two servers, as far as they say.

    A server without a name of its own (PostgreSQL) is named by when it started. A copy of the same lineage that started
    later cannot be told from a restart; one that started earlier is another server.
    """
    if _differs(known.lineage, seen.lineage):
        return True
    before, now = (_start_in(one.lineage or seen.lineage, one.node) for one in (known, seen))
    if before is not None and now is not None:
        return now < before
    return _differs(known.node, seen.node)


def _start_in(lineage: str | None, node: str | None) -> datetime | None:
    """Return the start by which a node is named, None where it has a name of its own."""
    family, _, start = (node or "").rpartition("/")
    if lineage is None or family != lineage:
        return None
    try:
        return datetime.fromisoformat(start).replace(tzinfo=UTC)
    except ValueError:
        return None


def _assigned(row: Fingerprint, seen: Seen) -> Fingerprint:
    """Keep what is seen; what it does not say stays only where it is the same server, or two would become one."""
    if _is_another(row, seen):
        row.lineage, row.node, row.role = seen.lineage, seen.node, seen.role
    else:
        row.lineage, row.node = seen.lineage or row.lineage, seen.node or row.node
        row.role = seen.role or row.role
    row.strength, row.started_at, row.seen_at, row.pending = seen.strength, seen.started_at, seen.at, None
    return row


def _record(row: Fingerprint) -> dict[str, Any]:
    return {"lineage": row.lineage, "node": row.node, "role": row.role}


def _keep_pending(instance: Instance, known: Fingerprint, seen: Seen) -> Sequence[trail.Event]:
    known.seen_at = seen.at
    earlier = Seen.from_json(known.pending) if known.pending else None
    if earlier is not None and not _is_another(earlier, seen):
        return ()
    known.pending = seen.as_json()
    after = {"lineage": seen.lineage, "node": seen.node, "role": known.role}
    return [_event("change_identity", instance, _record(known), after)]


def _event(action: str, instance: Instance, before: Mapping[str, Any], after: Mapping[str, Any]) -> trail.Event:
    changes = trail.difference(before, after)
    return trail.Event(
        action=action, entity_type="instance", entity_id=instance.id, entity_name=instance.name, changes=changes
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """The fingerprint of an instance, None before the first check that saw one, and who shares it."""

    known: Fingerprint | None
    same_node: Sequence[Mapping[str, Any]] = ()
    same_lineage: Sequence[Mapping[str, Any]] = ()


def get_shown(instance_id: int) -> Shown:
    """Return the fingerprint of an instance and the other instances, outside the recycle bin, that share it.

    :raises InstanceNotFound: no instance has the id.
    """
    instances.check_exists(instance_id)
    known = current_session().get(Fingerprint, instance_id)
    if known is None:
        return Shown(None)
    lineage = Fingerprint.lineage == known.lineage
    return Shown(known, _others(known, _is_same_node(known)), _others(known, lineage) if known.lineage else ())


def _is_same_node(known: Fingerprint) -> ColumnElement[bool]:
    """Compare nodes; where the engine has no name for one, the same lineage and start are one server."""
    if known.node is not None:
        return Fingerprint.node == known.node
    if known.lineage is None or known.started_at is None:
        return false()
    start = known.started_at
    return and_(
        Fingerprint.node.is_(None),
        Fingerprint.lineage == known.lineage,
        Fingerprint.started_at.between(start - _SAME_START, start + _SAME_START),
    )


def _others(known: Fingerprint, shares: ColumnElement[bool]) -> Sequence[Mapping[str, Any]]:
    found = (
        select(Instance.id, Instance.name)
        .join(Fingerprint, Fingerprint.instance_id == Instance.id)
        .where(shares, Instance.id != known.instance_id, Instance.deleted_at.is_(None))
        .order_by(Instance.name)
        .limit(_MOST_NAMED)
    )
    return [dict(row) for row in current_session().execute(found).mappings()]
