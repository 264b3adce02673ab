"""Credentials and the exact endpoints they are bound to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.models.columns import BigId, Identified, Versioned


class Credential(Versioned, Base):
    """A login; `password_blob` is sealed, its additional data are table, column and `seal_id`.

    `bindings` holds `hosts`, `suffixes`, `networks` and `engines`, each a list of text.
    """

    __tablename__ = "credentials"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    username: Mapped[str] = mapped_column(String(128))
    description: Mapped[str | None] = mapped_column(String(500))
    seal_id: Mapped[str] = mapped_column(String(32))
    password_key_id: Mapped[str] = mapped_column(String(64))
    password_blob: Mapped[bytes] = mapped_column(LargeBinary)
    bindings: Mapped[dict[str, Any]] = mapped_column(JSON)


class CredentialEndpoint(Identified, Base):
    """An endpoint that somebody with the right allowed a credential for; `host_key` is normalized.

    A trigger gives the credential another version for each new one.
    """

    __tablename__ = "credential_endpoints"
    __table_args__ = (UniqueConstraint("credential_id", "db_type", "host_key", "port"),)

    credential_id: Mapped[int] = mapped_column(BigId, ForeignKey("credentials.id", ondelete="CASCADE"))
    db_type: Mapped[str] = mapped_column(String(20))
    host_key: Mapped[str] = mapped_column(String(255))
    port: Mapped[int] = mapped_column(Integer)
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)
