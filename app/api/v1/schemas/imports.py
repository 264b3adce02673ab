"""What goes out about imports."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.v1.schemas.audit import Actor, Change
from app.api.v1.schemas.batches import BatchSummary
from app.api.v1.schemas.envelope import Body, FieldError, Listing


class RowFault(FieldError):
    """One thing wrong with one row."""

    value: str | None = Field(
        description="The name of which there is no thing, where that is wrong.", examples=["prod"]
    )


class SameEndpoint(Body):
    """What has the endpoint that a row gives; without an id where another row of the file makes it."""

    id: int | None
    name: str


class ImportRow(Body):
    """What became of one row of the file, or would."""

    row: int
    action: Literal["insert", "update", "unchanged", "error"]
    id: int | None
    name: str | None
    errors: list[RowFault]
    changes: list[Change]
    cells: dict[str, str] | None = Field(
        description="Of a row that is wrong, what its cells say by header, in the answer to the file alone.",
        examples=[{"port": "99999"}],
    )
    same_endpoint: list[SameEndpoint] = Field(
        description="Who else has the endpoint that the row gives, the first ones, as long as nothing is written."
    )
    binned_id: int | None = Field(
        description=(
            "The instance in the recycle bin that has the name of the row; once it is restored, the row updates it."
        )
    )


class ImportColumn(Body):
    """What a column of the file was taken for."""

    header: str = Field(examples=["Server"])
    field: str | None = Field(description="null where it is unknown or left out.", examples=["host"])
    left_out: bool = Field(description="Whether the mapping leaves it out.")
    samples: list[str] = Field(
        description="The first different values; none where it is left out or may hold secrets.",
        examples=[["db1.example.com"]],
    )


class ImportSummary(Body):
    """How many rows there are, and how many have which action."""

    rows: int
    insert: int
    update: int
    unchanged: int
    error: int


class Import(Body):
    """A file that was taken into the register. `id` is null where nothing was written."""

    id: int | None
    file_name: str
    at: datetime | None
    actor: Actor | None
    undone_at: datetime | None
    undone_by: Actor | None
    summary: ImportSummary
    columns: list[ImportColumn] | None = Field(
        description="Only in the answer to the file; a refusal of columns has them as `extra.columns`."
    )
    column_faults: list[FieldError] = Field(
        description="Why columns cannot be made out; only in a rehearsal that shall tell it, with `columns=tell`."
    )
    rows: list[ImportRow]


class ImportRecord(Body):
    """An import as a list shows it: without its rows."""

    id: int
    file_name: str = Field(examples=["inventory.xlsx"])
    at: datetime
    actor: Actor
    undone_at: datetime | None
    undone_by: Actor | None
    summary: ImportSummary


ImportList = Listing[ImportRecord]


class ImportData(Body):
    """One import."""

    import_: Import = Field(serialization_alias="import")


class UndoneData(Body):
    """An import that was undone, and how many instances that moved."""

    import_: Import = Field(serialization_alias="import")
    undo: BatchSummary
