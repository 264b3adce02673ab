"""Checks of endpoints, their steps, and what they remember: who the server is, and which logins it refuses."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.models.columns import BigId, Identified

TRIED_AT_MOST = 2  # times in a row that a login is refused before it is suspended
_PENDING = text("pending IS NOT NULL")
_RUNNING = text("status = 'running'")


class Check(Identified, Base):
    """One check; `instance_id` is null for an endpoint that is not registered.

    Actor, login name and endpoint are copied: a check tells what was true when it ran. `credential_id` is no
    reference, so that an old check keeps no credential. `holds_login`: while it runs, no other unattended check may
    try the same credential on the same server.
    """

    __tablename__ = "checks"
    __table_args__ = (
        Index(None, "instance_id", "id"),
        Index("ix_checks_running", "deadline_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    instance_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("instances.id", ondelete="CASCADE"))
    db_type: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(String(255))
    host_key: Mapped[str] = mapped_column(String(255))
    port: Mapped[int] = mapped_column(Integer)
    credential_id: Mapped[int | None] = mapped_column(BigId)
    username: Mapped[str | None] = mapped_column(String(128))
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(10))
    attended: Mapped[bool] = mapped_column(Boolean)
    holds_login: Mapped[bool] = mapped_column(Boolean, default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10), default="running")
    outcome: Mapped[str | None] = mapped_column(String(10))
    cause: Mapped[str | None] = mapped_column(String(40))
    took_ms: Mapped[int | None] = mapped_column(Integer)
    address: Mapped[str | None] = mapped_column(String(64))
    server: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    tls: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    privileges: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))


class CheckStep(Base):
    """One step of a check that is over; `position` counts from 1."""

    __tablename__ = "check_steps"

    check_id: Mapped[int] = mapped_column(BigId, ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(10))
    took_ms: Mapped[int] = mapped_column(Integer)
    cause: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class LoginSuspension(Base):
    """How often a server has refused a credential in a row.

    `login_key` stands for the name and the password that were refused (a keyed fingerprint): with other ones the
    count begins anew.
    """

    __tablename__ = "login_suspensions"

    credential_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("credentials.id", ondelete="CASCADE"), primary_key=True
    )
    db_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    host_key: Mapped[str] = mapped_column(String(255), primary_key=True)
    port: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    login_key: Mapped[str] = mapped_column(String(64))
    refusals: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Fingerprint(Base):
    """Which server answers for an instance; `pending` is another one that answered and that nobody has accepted."""

    __tablename__ = "fingerprints"
    __table_args__ = (
        Index("ix_fingerprints_pending", "instance_id", sqlite_where=_PENDING, postgresql_where=_PENDING),
    )

    instance_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("instances.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lineage: Mapped[str | None] = mapped_column(String(255), index=True)
    node: Mapped[str | None] = mapped_column(String(255), index=True)
    strength: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role: Mapped[str | None] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pending: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
