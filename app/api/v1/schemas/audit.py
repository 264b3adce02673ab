"""What goes out about changes."""

from datetime import datetime
from typing import Any

from pydantic import Field, computed_field

from app.api.v1.schemas.envelope import Body, Listing


class Actor(Body):
    """Who did it: a user, or a program (then without an id)."""

    id: int | None
    username: str


class Change(Body):
    """What one field was and became; of a secret only that it changed."""

    field: str
    before: Any = None
    after: Any = None
    secret: bool = False


class AuditEvent(Body):
    """One change."""

    id: int
    at: datetime
    actor_id: int | None = Field(exclude=True)
    actor_name: str = Field(exclude=True)
    action: str = Field(examples=["instance.update"])
    entity_type: str
    entity_id: int | None
    entity_name: str | None
    changes: list[Change]
    reason: str | None
    ticket: str | None
    request_id: str | None
    source: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def actor(self) -> Actor:
        """Who did it."""
        return Actor(id=self.actor_id, username=self.actor_name)


AuditEventList = Listing[AuditEvent]
