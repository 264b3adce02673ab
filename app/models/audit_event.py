"""The audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.models.columns import BigId, Identified


class AuditEvent(Identified, Base):
    """One change. Names are copies, so that the event outlives what it speaks of.

    `changes` is a list of `{field, before, after}`; for a secret `{field, secret: true}` without values. Triggers
    refuse UPDATE and DELETE (`app.core.db.append_only`). A column that is added here has to join
    `app.domain.audit.chain` as well.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "entity_type", "entity_id", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "action", "id"),
    )

    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(50))
    entity_type: Mapped[str] = mapped_column(String(30))
    entity_id: Mapped[int | None] = mapped_column(BigId)
    entity_name: Mapped[str | None] = mapped_column(String(255))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(String(500))
    ticket: Mapped[str | None] = mapped_column(String(100))
    request_id: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(20))
    reverts_id: Mapped[int | None] = mapped_column(BigId)
