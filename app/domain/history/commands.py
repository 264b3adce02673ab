"""What may come in about the audit trail."""

from typing import Annotated

from pydantic import Field

from app.core.fields import Boolean, Command, Id, Line, Moment, Prose
from app.domain.audit.repository import EventFilter
from app.domain.references.listing import ListPage

_Word = Annotated[Line, Field(min_length=1, max_length=50)]


class ListAuditEvents(ListPage):
    """Which events, and which page of them; the newest come first."""

    entity_type: _Word | None = Field(None, description="Only of this kind of thing.", examples=["instance"])
    entity_id: Id | None = Field(None, description="Only of the thing with this id.")
    actor_id: Id | None = Field(None, description="Only by this user.")
    action: _Word | None = Field(None, description="Only this action.", examples=["instance.update"])
    since: Moment | None = Field(None, description="Not before this time; with an offset.")
    until: Moment | None = Field(None, description="Before this time; with an offset.")
    count: Boolean = Field(True, description="false spares the total: total and pages are null.")
    cursor: Annotated[str, Field(pattern=r"^[0-9]{0,18}$")] | None = Field(
        None,
        description="Instead of a page: empty for the first, then `meta.next_cursor` of the answer before. Events that"
        " come meanwhile shift nothing.",
    )

    def which(self) -> EventFilter:
        """Return the filter."""
        return EventFilter(
            entity_type=self.entity_type,
            entity_id=self.entity_id,
            actor_id=self.actor_id,
            action=self.action,
            since=self.since,
            until=self.until,
        )


class RevertChange(Command):
    """How a change is undone."""

    reason: Annotated[Prose, Field(max_length=500)] | None = Field(None, examples=["wrong host"])
    force: Boolean = Field(False, description="Also where the fields have changed since.")
