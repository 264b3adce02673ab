"""What answers show: rows as plain mappings, each with its tags, in one statement.

Columns instead of mapped objects: reading a page takes half the time that way (benchmarks/http_cost.py).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, case, func, or_, select

from app.core.db import current_session, json_rows
from app.domain.instances.commands import ListInstances
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.domain.references.listing import Page
from app.models import Cluster, Credential, Environment, Instance, InstanceExternalId, InstanceTag, Tag, User

_STATUS = case((Instance.deleted_at.is_not(None), "deleted"), (Instance.is_active, "active"), else_="inactive")
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
_ITEM = (
    Instance.id,
    Instance.name,
    Instance.db_type,
    Instance.host,
    Instance.port,
    Instance.description,
    Instance.is_active,
    Instance.deleted_at,
    _STATUS.label("status"),
    Instance.main_version,
    Instance.active_db_count,
    Instance.active_account_count,
    Instance.last_sync_time,
    Environment.key.label("environment"),
    Instance.owner,
    Instance.criticality,
    Instance.lifecycle,
    Instance.flavour,
    _TAGS.label("tags"),
)
_MORE = (
    Instance.database_name,
    Instance.service_name,
    Instance.sid,
    Instance.instance_name,
    Instance.contact,
    Instance.location,
    Instance.endpoint_kind,
    Instance.platform,
    Instance.custom,
    Instance.muted_until,
    Instance.database_version,
    Instance.detailed_version,
    Instance.last_connected,
    Instance.created_at,
    Instance.updated_at,
    Instance.version,
    Instance.credential_id,
    Credential.name.label("credential_name"),
    Credential.username.label("credential_username"),
    Instance.cluster_id,
    Cluster.name.label("cluster_name"),
    Cluster.kind.label("cluster_kind"),
    Instance.deleted_by_id,
    User.username.label("deleted_by_username"),
    Instance.delete_reason,
    _EXTERNAL_IDS.label("external_ids"),
)
_ONE = (
    select(*_ITEM, *_MORE)
    .outerjoin(Environment, Environment.id == Instance.environment_id)
    .outerjoin(Credential, Credential.id == Instance.credential_id)
    .outerjoin(Cluster, Cluster.id == Instance.cluster_id)
    .outerjoin(User, User.id == Instance.deleted_by_id)
    .where(Instance.id == bindparam("instance_id"))
)
_PAGE = select(*_ITEM).outerjoin(Environment, Environment.id == Instance.environment_id)


def get_detail(instance_id: int, *, include_deleted: bool) -> Mapping[str, Any]:
    """Return everything about one instance, under the names of the API, in one statement.

    :raises InstanceNotFound: no instance has the id.
    :raises InstanceInBin: it is in the recycle bin, and that was not asked for.
    """
    row = current_session().execute(_ONE, {"instance_id": instance_id}).mappings().one_or_none()
    if row is None:
        raise InstanceNotFound(params={"id": instance_id})
    if row["deleted_at"] is not None and not include_deleted:
        raise InstanceInBin(params={"id": instance_id, "name": row["name"]}, extra={"in_bin": True})
    return {
        **_with_tags(row),
        "external_ids": dict(sorted(row["external_ids"])),
        "credential": _nested(row, "credential", row["credential_id"], "name", "username"),
        "cluster": _nested(row, "cluster", row["cluster_id"], "name", "kind"),
        "deleted_by": _nested(row, "deleted_by", row["deleted_by_id"], "username"),
    }


def _nested(row: RowMapping, prefix: str, row_id: int | None, *names: str) -> dict[str, Any] | None:
    return None if row_id is None else {"id": row_id, **{name: row[f"{prefix}_{name}"] for name in names}}


def _with_tags(row: RowMapping) -> dict[str, Any]:
    tags = [{"id": tag_id, "name": name, "color": color} for tag_id, name, color in row["tags"]]
    return {**row, "tags": sorted(tags, key=lambda tag: str(tag["name"]))}


def list_page(query: ListInstances) -> Page:
    """Return one page of rows, each with its tags, and the total unless it was spared."""
    session = current_session()
    matches = _matches(query)
    total = session.scalar(select(func.count()).select_from(Instance).where(*matches)) if query.count else None
    page = _ordered(_PAGE.where(*matches), query).offset(query.offset).limit(query.limit)
    rows = session.execute(page).mappings()
    return Page([_with_tags(row) for row in rows], total)


def _matches(query: ListInstances) -> list[ColumnElement[bool]]:
    matches: list[ColumnElement[bool]] = []
    if query.status == "deleted":
        matches.append(Instance.deleted_at.is_not(None))
    elif not query.include_deleted or query.status:
        matches.append(Instance.deleted_at.is_(None))
    if query.status in {"active", "inactive"}:
        matches.append(Instance.is_active.is_(query.status == "active"))
    if query.db_type:
        matches.append(Instance.db_type == query.db_type)
    if query.search:
        columns = (Instance.name, Instance.host, Instance.description)
        matches.append(or_(*(column.icontains(query.search, autoescape=True) for column in columns)))
    for name in set(query.tags):
        carrying = select(InstanceTag.instance_id).join(Tag, Tag.id == InstanceTag.tag_id)
        matches.append(Instance.id.in_(carrying.where(Tag.name == name)))
    return matches


def _ordered(statement: Select[*tuple[Any, ...]], query: ListInstances) -> Select[*tuple[Any, ...]]:
    column = _STATUS if query.sort == "status" else getattr(Instance, query.sort)
    if query.descending:
        return statement.order_by(column.desc(), Instance.id.desc())
    return statement.order_by(column, Instance.id)
