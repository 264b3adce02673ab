"""The fields of an instance as answers show them: which columns each needs, and what is made of them.

Columns instead of mapped objects: reading a page takes half the time that way (benchmarks/http_cost.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, case, select
from sqlalchemy.orm import aliased

from app.core.db import json_rows
from app.models import Cluster, Credential, Environment, Instance, InstanceExternalId, InstanceTag, Tag, User

Shape = Callable[[RowMapping], Any]

STATUS = case((Instance.deleted_at.is_not(None), "deleted"), (Instance.is_active, "active"), else_="inactive")
ADMIN = aliased(Credential)
REFERRED: Mapping[Any, ColumnElement[bool]] = {
    Environment: Environment.id == Instance.environment_id,
    Cluster: Cluster.id == Instance.cluster_id,
    Credential: Credential.id == Instance.credential_id,
    ADMIN: ADMIN.id == Instance.admin_credential_id,
    User: User.id == Instance.deleted_by_id,
}
_TAGS = (
    select(json_rows(Tag.id, Tag.name, Tag.color))
    .select_from(InstanceTag)
    .join(Tag, Tag.id == InstanceTag.tag_id)
    .where(InstanceTag.instance_id == Instance.id)
    .scalar_subquery()
)
_EXTERNAL_IDS = (
    select(json_rows(InstanceExternalId.system, InstanceExternalId.external_id))
    .where(InstanceExternalId.instance_id == Instance.id)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its columns by label, the table that they need beside `instances`, the value that they make.

    Without a shape the value is that of the column under the field's own name.
    """

    columns: Mapping[str, Any]
    table: Any = None
    shape: Shape | None = None


def _tags(row: RowMapping) -> list[dict[str, Any]]:
    tags = [{"id": tag_id, "name": name, "color": color} for tag_id, name, color in row["tags"]]
    return sorted(tags, key=lambda tag: str(tag["name"]))


def _external_ids(row: RowMapping) -> dict[str, str]:
    return dict(sorted(row["external_ids"]))


def _nested(prefix: str, table: Any, **columns: Any) -> Field:  # noqa: ANN401 - a table or an alias, and columns
    """Show a thing that the instance refers to: `id` may be null, and then there is none."""

    def shape(row: RowMapping) -> dict[str, Any] | None:
        return None if row[f"{prefix}_id"] is None else {name: row[f"{prefix}_{name}"] for name in columns}

    return Field({f"{prefix}_{name}": column for name, column in columns.items()}, table, shape)


def _login(name: str, table: Any) -> Field:  # noqa: ANN401 - the table or an alias of it
    return _nested(name, table, id=getattr(Instance, f"{name}_id"), name=table.name, username=table.username)


def _plain(*names: str) -> dict[str, Field]:
    return {name: Field({name: getattr(Instance, name)}) for name in names}


_ITEM: Mapping[str, Field] = {
    **_plain("id", "name", "db_type", "host", "port", "description", "is_active", "deleted_at"),
    "status": Field({"status": STATUS}),
    **_plain("main_version", "active_db_count", "active_account_count", "last_sync_time"),
    "environment": Field({"environment": Environment.key}, Environment),
    **_plain("owner", "criticality", "lifecycle", "flavour"),
    **_plain("last_outcome", "last_cause", "last_attempt_at"),
    "last_success_at": Field({"last_success_at": Instance.last_connected}),
    **_plain("last_error_at"),
    "tags": Field({"tags": _TAGS}, shape=_tags),
}
FIELDS: Mapping[str, Field] = {
    **_ITEM,
    **_plain("database_name", "service_name", "sid", "instance_name", "credential_id"),
    "credential": _login("credential", Credential),
    **_plain("admin_credential_id"),
    "admin_credential": _login("admin_credential", ADMIN),
    **_plain("cluster_id"),
    "cluster": _nested("cluster", Cluster, id=Instance.cluster_id, name=Cluster.name, kind=Cluster.kind),
    **_plain("contact", "location", "endpoint_kind", "platform"),
    "external_ids": Field({"external_ids": _EXTERNAL_IDS}, shape=_external_ids),
    **_plain("tls_mode", "tls_ca", "tls_client_cert"),
    "tls_client_key_set": Field({"tls_client_key_set": Instance.tls_client_key_digest.is_not(None)}),
    **_plain("tls_legacy", "connect_timeout_ms", "statement_timeout_ms", "deadline_ms"),
    **_plain("custom", "muted_until", "database_version", "detailed_version", "last_connected"),
    **_plain("last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after"),
    **_plain("created_at", "updated_at", "version"),
    "deleted_by": _nested("deleted_by", User, id=Instance.deleted_by_id, username=User.username),
    **_plain("delete_reason"),
}
ITEM_FIELDS: tuple[str, ...] = tuple(_ITEM)
ALL_FIELDS: tuple[str, ...] = tuple(FIELDS)


@lru_cache(maxsize=100)
def selecting(names: Sequence[str], *more_tables: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401
    """Return the SELECT of these fields, joined with what they and the caller need."""
    columns = {label: column for name in names for label, column in FIELDS[name].columns.items()}
    tables = {FIELDS[name].table for name in names} | set(more_tables)
    statement = select(*(column.label(label) for label, column in columns.items())).select_from(Instance)
    for table, condition in REFERRED.items():
        if table in tables:
            statement = statement.outerjoin(table, condition)
    return statement


def shown(row: RowMapping, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of a row by name."""
    return {name: shape(row) if (shape := FIELDS[name].shape) else row[name] for name in names}
