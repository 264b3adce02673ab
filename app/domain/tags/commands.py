"""What may come in about tags."""

from typing import Annotated

from pydantic import Field

from app.core.fields import Boolean, Command, Label, Prose

TagName = Annotated[Label, Field(min_length=1, max_length=50)]


class CreateTag(Command):
    """A new tag."""

    name: TagName = Field(examples=["payments"])
    color: str | None = Field(None, pattern=r"^#[0-9a-fA-F]{6}$", examples=["#1677ff"])
    description: Prose | None = Field(None, max_length=500)


class DeleteTag(Command):
    """How a tag is deleted."""

    detach: Boolean = Field(False, description="Take the tag off all instances first.")


class UpdateTag(CreateTag):
    """What a tag shall be; an absent optional field keeps its value, null clears it."""


class PatchTag(UpdateTag):
    """What changes in a tag; an absent field keeps its value, null clears it."""

    name: TagName = Field(default_factory=str, examples=["payments"])
