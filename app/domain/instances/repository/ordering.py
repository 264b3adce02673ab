"""The order of lists, the same on every database: texts by code point, null last, ties by id."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, literal, tuple_

from app.core.db import UtcDateTime, by_code_point
from app.domain.instances.listing import ListInstances
from app.domain.instances.repository.fields import ADMIN, STATUS
from app.models import Cluster, Credential, Environment, Instance, User


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is sorted by; `kind` is the Python type of its values, `table` what must be joined."""

    expression: ColumnElement[Any]
    kind: type
    is_nullable: bool
    table: Any = None


def _sort(column: Any, *, table: Any = None) -> Sort:  # noqa: ANN401 - a mapped column; a table or an alias
    nullable = table is not None or bool(column.nullable)
    if isinstance(column.type, String):
        return Sort(by_code_point(column), str, nullable, table)
    kind: type = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    return Sort(column, kind, nullable, table)


_COLUMNS = (
    "id", "name", "db_type", "host", "port", "created_at", "updated_at", "database_name", "service_name", "sid",
    "instance_name", "description", "is_active", "owner", "contact", "location", "criticality", "lifecycle",
    "endpoint_kind", "platform", "flavour", "cluster_id", "credential_id", "main_version", "database_version",
    "detailed_version", "active_db_count", "active_account_count", "last_sync_time", "last_connected", "muted_until",
    "deleted_at", "delete_reason", "version", "last_outcome", "last_cause", "last_attempt_at", "last_error_at",
    "admin_credential_id", "tls_mode", "tls_legacy", "connect_timeout_ms", "statement_timeout_ms", "deadline_ms",
    "last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after",
)  # fmt: skip
SORTS: Mapping[str, Sort] = {
    **{name: _sort(getattr(Instance, name)) for name in _COLUMNS},
    "last_success_at": _sort(Instance.last_connected),
    "status": Sort(by_code_point(STATUS), str, is_nullable=False),
    "environment": _sort(Environment.key, table=Environment),
    "cluster": _sort(Cluster.name, table=Cluster),
    "credential": _sort(Credential.name, table=Credential),
    "admin_credential": _sort(ADMIN.name, table=ADMIN),
    "deleted_by": _sort(User.username, table=User),
}


def order_of(query: ListInstances) -> list[ColumnElement[Any]]:
    """Return what `ORDER BY` takes."""
    by = SORTS[query.sort]
    first = by.expression.desc() if query.descending else by.expression.asc()
    if by.is_nullable:
        first = first.nulls_last()
    return [first, Instance.id.desc() if query.descending else Instance.id.asc()]


def after(query: ListInstances, value: Any, instance_id: int) -> ColumnElement[bool]:  # noqa: ANN401 - of the sort's kind
    """Return what holds for the rows behind the one that has this value and this id.

    Behind one that has a value come, after these, those that are `unknown`.
    """
    by = SORTS[query.sort]
    if value is None:
        return and_(
            by.expression.is_(None), Instance.id < instance_id if query.descending else Instance.id > instance_id
        )
    here, there = tuple_(by.expression, Instance.id), tuple_(literal(value, by.expression.type), literal(instance_id))
    return here < there if query.descending else here > there


def unknown(query: ListInstances) -> ColumnElement[bool] | None:
    """Return what holds for the rows that come last because the sort value is null; None where it never is.

    A condition of its own: in one that also names a place, neither database would begin to read at that place.
    """
    by = SORTS[query.sort]
    return by.expression.is_(None) if by.is_nullable else None
