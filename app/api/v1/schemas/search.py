"""What goes out about a search."""

from typing import Literal

from pydantic import Field

from app.api.v1.schemas.envelope import Body


class SearchItem(Body):
    """One thing that was found."""

    type: Literal["instance", "cluster", "credential", "environment", "tag"]
    id: int
    name: str = Field(examples=["orders-01"], description="Of an environment: its key.")
    detail: str | None = Field(
        examples=["postgresql db1.example.com:5432"],
        description="The endpoint, the kind of cluster, the user name, the name of the environment, the description.",
    )
    matched_field: str = Field(examples=["name"], description="The first field that holds the text.")


class SearchData(Body):
    """What was found: exact names first, then names that begin so, names that hold the text, other fields.

    These are the best matches and no page of a list: there is no total and no next page. Look further in the list of
    each kind with its `search`.
    """

    items: list[SearchItem]
    limit: int = Field(examples=[20])
