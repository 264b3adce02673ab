"""Look at the store from outside of the session under test, and fill it without HTTP."""

from typing import Any

from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from app.core.db import Database, current_session, transaction
from app.domain.instances.write_service import InstanceWriteService
from app.models import AuditEvent
from tests.support.api import an_instance


def stored(database: Database, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what another connection sees: only what is committed. `values` stand for each `?` of the statement."""
    names = [f"value_{number}" for number in range(len(values))]
    for name in names:
        sql = sql.replace("?", f":{name}", 1)
    engine = create_engine(database.engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), dict(zip(names, values, strict=True)))]


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return the committed content of the tables that a write of an instance touches."""
    tables = ("instances", "instance_tags", "instance_external_ids", "credential_endpoints", "audit_events")
    return {table: stored(database, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def registered(operator_id: int | None = None, **fields: Any) -> int:
    """Register an instance in a transaction of its own and return its id."""
    with transaction():
        return InstanceWriteService().create(an_instance(**fields), operator_id=operator_id).id


def events(entity_type: str | None = None) -> list[AuditEvent]:
    """Return the audit events of the open session, the oldest first."""
    statement = select(AuditEvent).order_by(AuditEvent.id)
    if entity_type is not None:
        statement = statement.where(AuditEvent.entity_type == entity_type)
    return list(current_session().scalars(statement))
