"""What may come in beside the fields of a write."""

from typing import Annotated

from pydantic import Field

from app.core.fields import Command, Line, Prose

Reason = Annotated[Prose, Field(max_length=500)]


class ChangeNote(Command):
    """Why a change is made, and the ticket that asked for it."""

    reason: Reason | None = Field(None, examples=["moved to the new storage"])
    ticket: Annotated[Line, Field(max_length=100)] | None = Field(None, examples=["CHG-1042"])
