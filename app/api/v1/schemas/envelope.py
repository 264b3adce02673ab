"""The two envelopes as the document describes them."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

D = TypeVar("D")


class Body(BaseModel):
    """What goes out; bodies may gain fields."""

    model_config = ConfigDict(from_attributes=True, hide_input_in_errors=True)


class Notice(Body):
    """Something to look at; the call worked all the same."""

    code: str
    message: str
    instances: list["Neighbour"] = []


class Neighbour(Body):
    """Another instance."""

    id: int
    name: str


class Would(Body):
    """A change that was not made."""

    action: str = Field(examples=["update"])
    entity_type: str = Field(examples=["instance"])
    entity_id: int | None = Field(description="null for what would be new.")
    entity_name: str | None = Field(examples=["orders-01"])
    changes: list[dict[str, Any]] = Field(examples=[[{"field": "port", "before": 3306, "after": 3307}]])
    reason: str | None
    ticket: str | None


class DryRun(Body):
    """What a write would do: the thing before and after, as a read shows it, and all changes of all things."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    changes: list[Would]


class Meta(Body):
    """What belongs to the answer and not to the data."""

    warnings: list[Notice] = []
    as_of: datetime | None = Field(None, description="The moment that is shown, where one was asked for.")
    next_cursor: str | None = Field(
        None, description="With a cursor: what leads to the next page; null at the end of the list."
    )
    dry_run: DryRun | None = Field(None, description="Only with dry_run=true.")


class Success(Body, Generic[D]):
    """A call that worked."""

    success: Literal[True]
    error: Literal[False]
    message: str = Field(examples=["…"], description="For people; Chinese or English.")
    timestamp: datetime
    data: D
    meta: Meta | None = None


class NoData(Body):
    """A call that has nothing to tell but that it worked."""

    success: Literal[True]
    error: Literal[False]
    message: str = Field(examples=["…"], description="For people; Chinese or English.")
    timestamp: datetime
    data: None
    meta: Meta | None = None


class FieldError(Body):
    """One thing wrong with one field."""

    field: str = Field(examples=["port"])
    code: str = Field(examples=["out_of_range"])
    message: str


class Context(Body):
    """Which request the error answers."""

    request_id: str
    path: str
    method: str


class Error(Body):
    """A call that failed. `extra.fields` names the fields of a validation error."""

    success: Literal[False]
    error: Literal[True]
    error_id: str
    category: str
    severity: Literal["low", "medium", "high"]
    message_code: str = Field(examples=["VALIDATION_ERROR"])
    message: str
    timestamp: datetime
    recoverable: bool
    suggestions: list[str]
    context: Context
    extra: dict[str, Any] | None = None


class Listing(Body, Generic[D]):
    """One page of a list."""

    items: list[D]
    total: int | None = Field(examples=[1], description="null where it was not counted.")
    page: int | None = Field(examples=[1], description="null where a cursor led to the page.")
    pages: int | None = Field(examples=[1], description="null where the total was not counted.")
    limit: int = Field(examples=[20])
