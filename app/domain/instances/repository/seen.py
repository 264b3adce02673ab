"""Filters of instances by what checks have seen and noted outside of the instance itself, as conditions in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, null, select
from sqlalchemy.orm import aliased

from app.models import TRIED_AT_MOST, AuditEvent, Fingerprint, Instance, LoginSuspension

Condition = ColumnElement[bool]
CHANGE_OF_ROLE = "instance.change_role"


def _one_of(ids: Select[Any], *, wanted: bool = True) -> Condition:
    return Instance.id.in_(ids) if wanted else Instance.id.not_in(ids)


def role_changed_since(moment: datetime) -> Condition:
    """Find the instances of which the trail tells a change of role."""
    changed = and_(AuditEvent.action == CHANGE_OF_ROLE, AuditEvent.at >= moment)
    return _one_of(select(AuditEvent.entity_id).where(changed, AuditEvent.entity_id.is_not(None)))


def identity_pending(wanted: bool) -> Condition:
    """Find the instances at which another server answers than the accepted one."""
    return _one_of(select(Fingerprint.instance_id).where(Fingerprint.pending.is_not(null())), wanted=wanted)


def same_node(wanted: bool) -> Condition:
    """Find the instances, outside of the recycle bin, whose server answers at another one as well.

    Looks at the few nodes first that have several fingerprints at all.
    """
    other, owner = aliased(Fingerprint), aliased(Instance)
    several = select(Fingerprint.node).where(Fingerprint.node.is_not(None))
    several = several.group_by(Fingerprint.node).having(func.count() > 1)
    live = select(other.node).join(owner, owner.id == other.instance_id)
    # Not by the index that begins with deleted_at: SQLite would look at every instance.
    live = live.where(other.node.in_(several), func.coalesce(owner.deleted_at, null()).is_(None))
    shared = live.group_by(other.node).having(func.count() > 1)
    return _one_of(select(Fingerprint.instance_id).where(Fingerprint.node.in_(shared)), wanted=wanted)


def login_suspended(wanted: bool) -> Condition:
    """Find instances by the few logins that are suspended."""
    login, there = LoginSuspension, aliased(Instance)
    names = ("credential_id", "db_type", "host_key", "port")
    # Not by the key of the logins: SQLite would look one up for every instance.
    same = and_(*(getattr(there, name) == func.coalesce(getattr(login, name), null()) for name in names))
    suspended = select(there.id).join(login, same).where(login.refusals >= TRIED_AT_MOST)
    return _one_of(suspended, wanted=wanted)
