"""The seals over the audit trail."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.models.columns import BigId


class AuditSeal(Base):
    """One batch of events, sealed; what each column is made of stands in `app.domain.audit.chain`.

    `digests` is a list of `[event id, SHA-256]`; `until` is the newest moment of an event in it.
    """

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    previous: Mapped[str] = mapped_column(String(64))
    last_id: Mapped[int] = mapped_column(BigId)
    digests: Mapped[list[tuple[int, str]]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hash: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))
