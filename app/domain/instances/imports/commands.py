"""What may come in about imports."""

from typing import Annotated, Literal

from pydantic import Field

from app.core.fields import Boolean, Command, Line, Upload
from app.domain.instances.bulk.commands import MOST_OPERATIONS

_Header = Annotated[Line, Field(max_length=200)]
_RowNumber = Annotated[str, Field(pattern=r"^[0-9]{1,7}$")]
_Cell = Annotated[str, Field(max_length=32_000)]


class ImportFile(Command):
    """A file of instances."""

    file: Upload = Field(description="CSV, XLSX, YAML or JSON, at most 10,000 rows.")
    mapping: dict[_Header, _Header | None] | None = Field(
        None,
        max_length=200,
        description=(
            "Which field a header of the file means; null leaves its column out. Only a column that is mapped to `id`"
            " says which instance a row means; else the name does."
        ),
        examples=[{"Server": "host", "Remarks": None}],
    )
    corrections: dict[_RowNumber, dict[_Header, _Cell | None]] | None = Field(
        None,
        max_length=MOST_OPERATIONS,
        description=(
            "What cells hold instead of what the file says, by the number of the row and the header; null empties a"
            " cell. A file with a few mistakes need not be written anew."
        ),
        examples=[{"7": {"port": "5432"}}],
    )


class ImportOptions(Command):
    """How a file is taken."""

    partial: Boolean = Field(False, description="Whether sound rows are written when others are not.")
    empty: Literal["keep", "clear"] = Field(
        "keep", description="What an empty cell means: the field keeps its value, or is cleared."
    )
    utc_offset: Annotated[str, Field(pattern=r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$")] | None = Field(
        None, description="The offset of times that have none, as in cells of a spreadsheet.", examples=["+08:00"]
    )
    format: Literal["csv", "xlsx", "yaml", "json"] | None = Field(
        None, description="What the file is; else its first bytes and its name tell."
    )
    columns: Literal["refuse", "tell"] = Field(
        "refuse",
        description=(
            "What a rehearsal does about columns that cannot be made out: refuse the file, or answer with `columns`,"
            " `column_faults` and no row. What is written is refused either way."
        ),
    )


class UndoImport(Command):
    """Whether an import is undone even where instances were changed since."""

    force: Boolean = Field(False, description="Undo what the import changed even in instances that changed since.")
