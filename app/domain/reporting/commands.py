"""What may be asked across the register."""

from typing import Annotated

from pydantic import Field

from app.core.fields import Command, FromDigits, Line


class SearchEverything(Command):
    """Which text to look for, and how much to show."""

    q: Annotated[Line, Field(min_length=1, max_length=200)] = Field(
        description="Part of a name, a host, a description and so on, in any case of letters."
    )
    limit: Annotated[int, Field(ge=1, le=50), FromDigits()] = Field(20, description="Items at most.")
