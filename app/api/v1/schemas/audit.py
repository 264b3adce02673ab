"""What goes out about changes."""

from datetime import datetime
from typing import Any

from pydantic import Field, computed_field

from app.api.v1.schemas.envelope import Body, Listing


class Actor(Body):
    """Who did it: a user, or a program (then without an id)."""

    id: int | None
    username: str = Field(examples=["admin"])


class Change(Body):
    """What one field was and became; of a secret only that it changed."""

    field: str = Field(examples=["port"])
    before: Any = Field(None, examples=[3306])
    after: Any = Field(None, examples=[3307])
    secret: bool = False


class AuditEvent(Body):
    """One change."""

    id: int
    at: datetime
    actor_id: int | None = Field(exclude=True)
    actor_name: str = Field(exclude=True)
    action: str = Field(examples=["instance.update"])
    entity_type: str = Field(examples=["instance"])
    entity_id: int | None = Field(examples=[1])
    entity_name: str | None = Field(examples=["orders-01"])
    changes: list[Change]
    reason: str | None
    ticket: str | None
    request_id: str | None
    source: str = Field(examples=["api"])
    reverts_id: int | None = Field(None, description="The event that this one undid.")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def actor(self) -> Actor:
        """Who did it."""
        return Actor(id=self.actor_id, username=self.actor_name)


AuditEventList = Listing[AuditEvent]


class AuditEventData(Body):
    """One event."""

    audit_event: AuditEvent


class RevertedData(Body):
    """The event of the change that undid another; null when there was nothing left to undo."""

    audit_event: AuditEvent | None


class NewestSeal(Body):
    """The end of the chain: note its hash elsewhere, and `muster audit verify --expect` looks for it."""

    number: int
    hash: str
    last_id: int = Field(description="The last event that is sealed.")
    sealed_at: datetime


class Verification(Body):
    """The last `muster audit verify --record`."""

    at: datetime
    sound: bool
    through_seal: int | None


class Chain(Body):
    """How far the audit trail is sealed, verified and kept."""

    sealed: NewestSeal | None = Field(description="null while nothing is sealed.")
    unsealed: int = Field(description="Events that wait for the next seal.")
    verified: Verification | None = Field(description="null while nobody has recorded one.")
    begins_at: datetime | None = Field(description="Older events were removed by retention; null while all are kept.")


class ChainData(Body):
    """The state of the chain."""

    chain: Chain
