"""Database instances, their tags and the ids that other systems give them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, ExactJson, UtcDateTime
from app.models.cluster import Cluster
from app.models.columns import BigId, Identified, Versioned
from app.models.credential import Credential
from app.models.environment import Environment
from app.models.tag import Tag
from app.models.user import User

NAME_BEGINS, PART_ENDS = "\x1f", "\x1e"  # no field may hold them


def search_text(name: str, host: str, description: str | None) -> str:
    """Return what a search looks at: the three texts in lower case, each ended, the name with a mark before it.

    Folded here and not by the database, so that every database finds the same.
    """
    return NAME_BEGINS + PART_ENDS.join(part.lower() for part in (name, host, description or ""))


def _search_text(context: Any) -> str:  # noqa: ANN401 - SQLAlchemy's execution context
    given = context.get_current_parameters()
    return search_text(given["name"], given["host"], given.get("description"))


class InstanceTag(Base):
    """That an instance carries a tag.

    A class and not a bare secondary table: through one, SQLAlchemy nests the join, and SQLite then reads every
    link of every instance to show one.
    """

    __tablename__ = "instance_tags"

    instance_id: Mapped[int] = mapped_column(BigId, ForeignKey("instances.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(BigId, ForeignKey("tags.id"), primary_key=True, index=True)

    tag: Mapped[Tag] = relationship(lazy="raise")


class InstanceExternalId(Identified, Base):
    """What another system calls the instance; a system uses one id once."""

    __tablename__ = "instance_external_ids"
    __table_args__ = (UniqueConstraint("system", "external_id"), UniqueConstraint("instance_id", "system"))

    instance_id: Mapped[int] = mapped_column(BigId, ForeignKey("instances.id", ondelete="CASCADE"))
    system: Mapped[str] = mapped_column(String(50))
    external_id: Mapped[str] = mapped_column(String(200))


class Instance(Versioned, Base):
    """One database server endpoint. What nothing has collected yet is null, never zero."""

    __tablename__ = "instances"
    __table_args__ = (
        Index(None, "deleted_at", "created_at", "id"),
        Index(None, "deleted_at", "updated_at", "id"),
        Index("ix_instances_endpoint", "db_type", "host_key", "port"),
    )

    name: Mapped[str] = mapped_column(String(100), unique=True)
    db_type: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(String(255))
    host_key: Mapped[str] = mapped_column(String(255))
    port: Mapped[int] = mapped_column(Integer)
    database_name: Mapped[str | None] = mapped_column(String(64))
    service_name: Mapped[str | None] = mapped_column(String(128))
    sid: Mapped[str | None] = mapped_column(String(128))
    instance_name: Mapped[str | None] = mapped_column(String(128))
    description: Mapped[str | None] = mapped_column(String(500))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    environment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("environments.id"), index=True)
    owner: Mapped[str | None] = mapped_column(String(100))
    contact: Mapped[str | None] = mapped_column(String(100))
    location: Mapped[str | None] = mapped_column(String(100))
    criticality: Mapped[int | None] = mapped_column(Integer)
    lifecycle: Mapped[str] = mapped_column(String(20), default="active")
    endpoint_kind: Mapped[str] = mapped_column(String(20), default="server")
    platform: Mapped[str] = mapped_column(String(20), default="self_hosted")
    flavour: Mapped[str | None] = mapped_column(String(50))
    cluster_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("clusters.id"), index=True)
    credential_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("credentials.id"), index=True)
    admin_credential_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("credentials.id"), index=True)
    # None: `require`, and `verify-full` where there is a CA.
    tls_mode: Mapped[str | None] = mapped_column(String(20))
    tls_ca: Mapped[str | None] = mapped_column(Text)
    tls_client_cert: Mapped[str | None] = mapped_column(Text)
    # Sealed; its additional data are table, column and the seal id. The digest is that of the public half.
    tls_client_key_seal_id: Mapped[str | None] = mapped_column(String(32))
    tls_client_key_key_id: Mapped[str | None] = mapped_column(String(64))
    tls_client_key_blob: Mapped[bytes | None] = mapped_column(LargeBinary)
    tls_client_key_digest: Mapped[str | None] = mapped_column(String(64))
    tls_legacy: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    connect_timeout_ms: Mapped[int] = mapped_column(Integer, default=3_000, server_default="3000")
    statement_timeout_ms: Mapped[int] = mapped_column(Integer, default=5_000, server_default="5000")
    deadline_ms: Mapped[int] = mapped_column(Integer, default=15_000, server_default="15000")
    custom: Mapped[dict[str, Any] | None] = mapped_column(ExactJson(none_as_null=True))
    muted_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    main_version: Mapped[str | None] = mapped_column(String(50))
    database_version: Mapped[str | None] = mapped_column(String(255))
    detailed_version: Mapped[str | None] = mapped_column(String(500))
    active_db_count: Mapped[int | None] = mapped_column(Integer)
    active_account_count: Mapped[int | None] = mapped_column(Integer)
    last_sync_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_connected: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_outcome: Mapped[str | None] = mapped_column(String(10))
    last_cause: Mapped[str | None] = mapped_column(String(40))
    last_check_id: Mapped[int | None] = mapped_column(BigId)
    # Since when checks have ended with this outcome and this cause.
    outcome_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_network: Mapped[str | None] = mapped_column(String(255))
    # As the fingerprint has it; here because lists show and compare it.
    role: Mapped[str | None] = mapped_column(String(20))
    # Of the last check that logged in: `plaintext`, `legacy` (before TLS 1.2) or `current`.
    tls_state: Mapped[str | None] = mapped_column(String(10))
    tls_not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id"))
    delete_reason: Mapped[str | None] = mapped_column(String(500))
    search_text: Mapped[str] = mapped_column(Text, default=_search_text, server_default="")

    environment_row: Mapped[Environment | None] = relationship(lazy="raise")
    cluster: Mapped[Cluster | None] = relationship(lazy="raise")
    credential: Mapped[Credential | None] = relationship(lazy="raise", foreign_keys=[credential_id])
    admin_credential: Mapped[Credential | None] = relationship(lazy="raise", foreign_keys=[admin_credential_id])
    deleted_by: Mapped[User | None] = relationship(lazy="raise")
    tag_links: Mapped[list[InstanceTag]] = relationship(lazy="raise", cascade="all, delete-orphan")
    external_id_rows: Mapped[list[InstanceExternalId]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=InstanceExternalId.system
    )

    @property
    def last_success_at(self) -> datetime | None:
        """Return when the last check began that logged in: the same as `last_connected`."""
        return self.last_connected

    @property
    def status(self) -> str:
        """Return `active`, `inactive` or `deleted`."""
        if self.deleted_at is not None:
            return "deleted"
        return "active" if self.is_active else "inactive"

    @property
    def tags(self) -> list[Tag]:
        """Return the tags by name."""
        return sorted((link.tag for link in self.tag_links), key=lambda tag: tag.name)

    @property
    def environment(self) -> str | None:
        """Return the key of the environment."""
        return self.environment_row.key if self.environment_row else None

    @property
    def tls_client_key_set(self) -> bool:
        """Tell whether there is a client key."""
        return self.tls_client_key_digest is not None

    @property
    def external_ids(self) -> dict[str, str]:
        """Return the ids by system."""
        return {row.system: row.external_id for row in self.external_id_rows}
