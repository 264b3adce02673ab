"""What may be asked across the register."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.fields import Command, FromDigits, Line
from app.domain.instances.filter import InstanceFilter, Texts, TextsOrNone


class SearchEverything(Command):
    """Which text to look for, and how much to show."""

    q: Annotated[Line, Field(min_length=1, max_length=200)] = Field(
        description="Part of a name, a host, a description and so on, in any case of letters."
    )
    limit: Annotated[int, Field(ge=1, le=50), FromDigits()] = Field(20, description="Items at most.")


class ReadOverview(Command):
    """Of which instances; everything that the overview tells is about these alone."""

    status: Literal["active", "inactive"] | None = Field(None, description="Only these.")
    environment: TextsOrNone | None = Field(
        None, description="Keys of environments. Any of these; repeatable; empty for none."
    )
    owner: TextsOrNone | None = Field(None, description="Any of these; repeatable; empty for none.")
    tags: Texts | None = Field(None, description="Repeatable; all must match.")

    def as_filter(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - values of filters
        """Return the filter of instances that says the same, narrowed by more of its fields, as plain JSON values."""
        return {**self.given(), **more}

    def matching(self, **more: Any) -> InstanceFilter:  # noqa: ANN401
        """Return what `as_filter` does as a filter."""
        return InstanceFilter.parse(self.as_filter(**more))
