"""What may come in about environments."""

from typing import Annotated

from pydantic import Field

from app.core.fields import Boolean, Command, FromDigits, Label

EnvironmentKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$")]


class CreateEnvironment(Command):
    """A new environment; lists show them by position."""

    key: EnvironmentKey = Field(examples=["production"])
    name: Annotated[Label, Field(min_length=1, max_length=100)] | None = None
    is_production: Boolean | None = Field(None, description="Default false.")
    position: Annotated[int, Field(ge=0, le=1000), FromDigits()] | None = Field(
        None, description="Absent or null: a new one comes behind all others, a known one keeps its own."
    )


class UpdateEnvironment(CreateEnvironment):
    """What an environment shall be; an absent optional field keeps its value, null sets the default."""


class PatchEnvironment(UpdateEnvironment):
    """What changes in an environment; an absent field keeps its value, null sets the default."""

    key: EnvironmentKey = Field(default_factory=str, examples=["production"])
