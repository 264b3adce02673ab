"""What goes out about many changes at once."""

from typing import Literal

from pydantic import Field

from app.api.v1.schemas.envelope import Body, FieldError


class BatchResult(Body):
    """What an operation did to one instance; one that has a filter gives a result for each that it found."""

    index: int = Field(examples=[0], description="Which operation, from 0.")
    op: str = Field(examples=["create"])
    id: int | None = Field(examples=[1], description="null for a new one that was not written.")
    name: str | None = Field(examples=["orders-01"])
    status: Literal["created", "updated", "deleted", "restored", "unchanged", "error", "not_written"] = Field(
        description="not_written: it was sound, but others of the batch were not."
    )
    errors: list[FieldError]


class BatchSummary(Body):
    """How many results have which status."""

    created: int
    updated: int
    deleted: int
    restored: int
    unchanged: int
    error: int
    not_written: int


class BatchData(Body):
    """What became of a batch."""

    results: list[BatchResult]
    summary: BatchSummary
