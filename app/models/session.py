"""Logins that live, and logins that failed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.models.columns import BigId, Identified


class UserSession(Base):
    """A login that lives on the server; the cookie holds the id, this table only its hash (SHA-256)."""

    __tablename__ = "sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LoginFailure(Identified, Base):
    """A login that failed, or that is being tried right now.

    The name is never kept, known or not, for people type passwords there: `name_key` is its fingerprint, which
    tells nothing without the key of the store.
    """

    __tablename__ = "login_failures"
    __table_args__ = (Index(None, "address", "at"), Index(None, "name_key", "at"))

    name_key: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
