"""Credentials and the exact endpoints they are bound to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, LargeBinary, String, UniqueConstraint, false
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

    The TLS columns say how well the secret must be protected on its way there (`tls_ca_digest`: which authorities
    may vouch for the server, None for the system's). Triggers give the credential another version for each new
    endpoint and each one that changes.
    """

    __tablename__ = "credential_endpoints"
    __table_args__ = (UniqueConstraint("credential_id", "db_type", "host_key", "port"),)

    credential_id: Mapped[int] = mapped_column(BigId, ForeignKey("credentials.id", ondelete="CASCADE"))
    db_type: Mapped[str] = mapped_column(String(20))
    host_key: Mapped[str] = mapped_column(String(255))
    port: Mapped[int] = mapped_column(Integer)
    tls_mode: Mapped[str] = mapped_column(String(20), default="require", server_default="require")
    tls_ca_digest: Mapped[str | None] = mapped_column(String(64))
    tls_legacy: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)
