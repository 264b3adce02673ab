"""What each filter of instances means in SQL, as one table: name of the filter, condition for its value."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, null, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.core import clock
from app.core.db import json_text
from app.domain.egress.endpoint import host_key
from app.domain.instances.filter import NONE, InstanceFilter
from app.domain.instances.repository import imported, seen
from app.domain.instances.repository.searching import NO_SEARCH, searched
from app.models import Cluster, Credential, Environment, Instance, InstanceExternalId, InstanceTag, Tag, User

Condition = ColumnElement[bool]
Column = InstrumentedAttribute[Any]


def matching(wanted: InstanceFilter) -> list[Condition]:
    """Return the conditions on `Instance` that a filter means; all of them must hold.

    A search asks the store what its index knows, so it needs the session of an open transaction or snapshot.
    """
    given = ((name, getattr(wanted, name)) for name in FILTERS if name in wanted.model_fields_set)
    conditions = [FILTERS[name](value) for name, value in given]
    found = searched(wanted.search) if wanted.search else NO_SEARCH
    return [*found.conditions, *_in_bin(wanted, has_few=found.has_few), *_status(wanted), *conditions]


def _in_bin(wanted: InstanceFilter, *, has_few: bool) -> list[Condition]:
    # SQLite would rather walk the index that begins with deleted_at than look up the few rows of a search.
    deleted_at = func.coalesce(Instance.deleted_at, null()) if has_few else Instance.deleted_at
    if wanted.status == "deleted":
        return [deleted_at.is_not(None)]
    return [deleted_at.is_(None)] if wanted.status or not wanted.include_deleted else []


def _status(wanted: InstanceFilter) -> list[Condition]:
    is_told_by_activity = wanted.status in {"active", "inactive"}
    return [Instance.is_active.is_(wanted.status == "active")] if is_told_by_activity else []


def _any_of(column: Column) -> Callable[[Sequence[Any]], Condition]:
    def condition(values: Sequence[Any]) -> Condition:
        some = [value for value in values if value != NONE]
        has_one = column.in_(some) if some else false()
        return or_(has_one, column.is_(None)) if NONE in values else has_one

    return condition


def _any_referred(column: Column, title: Column) -> Callable[[Sequence[str]], Condition]:
    """Compare the names of the things that the column refers to."""

    def condition(names: Sequence[str]) -> Condition:
        referred = select(title.class_.id).where(title.in_([name for name in names if name != NONE]))
        return or_(column.in_(referred), column.is_(None)) if NONE in names else column.in_(referred)

    return condition


def _is(column: Column) -> Callable[[bool], Condition]:
    return lambda wanted: column.is_(true() if wanted else false())


def _is_known(column: Column) -> Callable[[bool], Condition]:
    return lambda wanted: column.is_not(None) if wanted else column.is_(None)


def _at_least(column: Column) -> Callable[[Any], Condition]:
    return lambda least: column >= least


def _at_most(column: Column) -> Callable[[Any], Condition]:
    return lambda most: column <= most


def _since(column: Column) -> Callable[[datetime], Condition]:
    return lambda moment: column >= moment


def _until(column: Column) -> Callable[[datetime], Condition]:
    return lambda moment: column < moment


def _host(hosts: Sequence[str]) -> Condition:
    return Instance.host_key.in_([host_key(host) for host in hosts])


def _is_production(wanted: bool) -> Condition:
    productive = Instance.environment_id.in_(select(Environment.id).where(Environment.is_production.is_(true())))
    return productive if wanted else or_(Instance.environment_id.is_(None), not_(productive))


def _muted(wanted: bool) -> Condition:
    now = clock.now()
    return Instance.muted_until > now if wanted else or_(Instance.muted_until.is_(None), Instance.muted_until <= now)


def _carrying(*names: str) -> Condition:
    links = select(InstanceTag.instance_id).join(Tag, Tag.id == InstanceTag.tag_id)
    return Instance.id.in_(links.where(Tag.name.in_(names)))


def _all_tags(names: Sequence[str]) -> Condition:
    return and_(*(_carrying(name) for name in dict.fromkeys(names)))


def _any_tags(names: Sequence[str]) -> Condition:
    carries = _carrying(*(name for name in names if name != NONE))
    return or_(carries, Instance.id.not_in(select(InstanceTag.instance_id))) if NONE in names else carries


def _no_tags(names: Sequence[str]) -> Condition:
    return not_(_carrying(*names))


def _external_id(pairs: Sequence[str]) -> Condition:
    return or_(*(_has_external_id(*pair.split(":", 1)) for pair in pairs))


def _has_external_id(system: str, external_id: str) -> Condition:
    known = select(InstanceExternalId.instance_id).where(InstanceExternalId.system == system)
    if not external_id:
        return Instance.id.not_in(known)
    return Instance.id.in_(known.where(InstanceExternalId.external_id == external_id))


def _custom(pairs: Sequence[str]) -> Condition:
    return and_(*(_has_custom(*pair.split(":", 1)) for pair in pairs))


def _has_custom(key: str, value: str) -> Condition:
    found = json_text(Instance.custom, key)
    return found == value if value else or_(found.is_(None), found == "")


FILTERS: Mapping[str, Callable[[Any], Condition]] = {
    **{
        name: _any_of(getattr(Instance, name))
        for name in (
            "id", "name", "db_type", "port", "database_name", "service_name", "sid", "instance_name", "description",
            "owner", "contact", "location", "criticality", "lifecycle", "endpoint_kind", "platform", "flavour",
            "cluster_id", "credential_id", "admin_credential_id", "tls_mode", "connect_timeout_ms",
            "statement_timeout_ms", "deadline_ms", "main_version", "database_version", "detailed_version", "version",
            "delete_reason",
        )
    },
    "import_id": imported.written_by,
    "host": _host,
    "is_active": _is(Instance.is_active),
    "environment": _any_referred(Instance.environment_id, Environment.key),
    "is_production": _is_production,
    "criticality_max": _at_most(Instance.criticality),
    "cluster": _any_referred(Instance.cluster_id, Cluster.name),
    "credential": _any_referred(Instance.credential_id, Credential.name),
    "has_credential": _is_known(Instance.credential_id),
    "admin_credential": _any_referred(Instance.admin_credential_id, Credential.name),
    "has_admin_credential": _is_known(Instance.admin_credential_id),
    "has_tls_ca": _is_known(Instance.tls_ca),
    "has_tls_client_cert": _is_known(Instance.tls_client_cert),
    "tls_client_key_set": _is_known(Instance.tls_client_key_digest),
    "tls_legacy": _is(Instance.tls_legacy),
    "external_id": _external_id,
    "custom": _custom,
    "tags": _all_tags,
    "any_tags": _any_tags,
    "not_tags": _no_tags,
    "muted": _muted,
    "muted_until_since": _since(Instance.muted_until),
    "muted_until_until": _until(Instance.muted_until),
    "active_db_count_min": _at_least(Instance.active_db_count),
    "active_db_count_max": _at_most(Instance.active_db_count),
    "active_account_count_min": _at_least(Instance.active_account_count),
    "active_account_count_max": _at_most(Instance.active_account_count),
    "connected": _is_known(Instance.last_connected),
    "last_connected_since": _since(Instance.last_connected),
    "last_connected_until": _until(Instance.last_connected),
    "outcome": _any_of(Instance.last_outcome),
    "cause": _any_of(Instance.last_cause),
    "checked": _is_known(Instance.last_attempt_at),
    "last_attempt_since": _since(Instance.last_attempt_at),
    "last_attempt_until": _until(Instance.last_attempt_at),
    "last_success_since": _since(Instance.last_connected),
    "last_success_until": _until(Instance.last_connected),
    "last_error_since": _since(Instance.last_error_at),
    "last_error_until": _until(Instance.last_error_at),
    "outcome_since_since": _since(Instance.outcome_since),
    "outcome_since_until": _until(Instance.outcome_since),
    "network": _any_of(Instance.last_network),
    "tls_state": _any_of(Instance.tls_state),
    "tls_not_after_since": _since(Instance.tls_not_after),
    "tls_not_after_until": _until(Instance.tls_not_after),
    "role": _any_of(Instance.role),
    "role_changed_since": seen.role_changed_since,
    "identity_pending": seen.identity_pending,
    "same_node": seen.same_node,
    "login_suspended": seen.login_suspended,
    "synced": _is_known(Instance.last_sync_time),
    "last_sync_since": _since(Instance.last_sync_time),
    "last_sync_until": _until(Instance.last_sync_time),
    "created_since": _since(Instance.created_at),
    "created_until": _until(Instance.created_at),
    "updated_since": _since(Instance.updated_at),
    "updated_until": _until(Instance.updated_at),
    "deleted_since": _since(Instance.deleted_at),
    "deleted_until": _until(Instance.deleted_at),
    "deleted_by": _any_referred(Instance.deleted_by_id, User.username),
}  # fmt: skip
