"""A file as rows: what each format is read into."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NoReturn

from app.core.errors import FieldFault, Invalid
from app.core.fields import clip, whole
from app.domain.instances.sheets.cells import written

Format = Literal["csv", "xlsx", "yaml", "json"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "yaml", "json")
MOST_ROWS, MOST_COLUMNS = 10_000, 200
_MOST_SAMPLES = 3
_SECRET = re.compile(r"pass|pwd|secret|token|key|密码|口令|密钥|私钥", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the file counts, and its cells by header; None is a cell that is empty."""

    number: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headers and rows. In a `typed` one values are what they are, and an explicit null is no empty cell."""

    format: Format
    headers: Sequence[str]
    rows: Sequence[Row] = field(default_factory=list)
    typed: bool = False


def samples_of(sheet: Sheet) -> dict[str, list[str]]:
    """Return by header, as it is shown, the first different values of its column, long ones cut.

    A column that by its name may hold secrets has none.
    """
    samples: dict[str, list[str]] = {whole(header): [] for header in sheet.headers}
    for row in sheet.rows:
        for header, cell in row.cells.items():
            some = samples[whole(header)]
            if (
                cell is not None
                and not _SECRET.search(header)
                and len(some) < _MOST_SAMPLES
                and (text := clip(written(cell))) not in some
            ):
                some.append(text)
    return samples


def corrected(sheet: Sheet, corrections: Mapping[str, Mapping[str, str | None]]) -> Sheet:
    """Return the sheet with other cells, by the number of the row and the header; an empty text is an empty cell.

    :raises Invalid: there is no such row or column.
    """
    numbers = {str(row.number) for row in sheet.rows}
    faults = [FieldFault(f"corrections.{number}", "no_such_row") for number in corrections if number not in numbers]
    faults += [
        FieldFault(f"corrections.{number}.{clip(header)}", "no_such_column")
        for number, cells in corrections.items()
        for header in cells
        if header not in sheet.headers
    ]
    if faults:
        raise Invalid(faults)
    rows = [
        Row(
            row.number, {**row.cells, **{header: text or None for header, text in corrections[str(row.number)].items()}}
        )
        if str(row.number) in corrections
        else row
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def unreadable(code: str, **params: object) -> NoReturn:
    """Refuse the file as a whole.

    :raises Invalid: always.
    """
    raise Invalid([FieldFault("file", code, params)]) from None


def tabular(format_name: Format, records: Sequence[tuple[int, Sequence[Any]]]) -> Sheet:
    """Make a sheet of numbered records, of which the first that is not blank holds the headers.

    :raises Invalid: there is no header, a header is missing, or there are too many rows or columns.
    """
    filled = [(number, cells) for number, cells in records if any(cell not in (None, "") for cell in cells)]
    if not filled:
        unreadable("file_empty")
    headers = [str(cell if cell is not None else "").strip() for cell in filled[0][1]]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        unreadable("too_many_columns", most=MOST_COLUMNS)
    if len(filled) - 1 > MOST_ROWS:
        unreadable("too_many_rows", most=MOST_ROWS)
    if not all(headers):
        unreadable("column_without_header", position=headers.index("") + 1)
    twice = next((header for header in headers if headers.count(header) > 1), None)
    if twice is not None:
        unreadable("header_twice", header=twice)
    rows = []
    for number, cells in filled[1:]:
        if any(cell not in (None, "") for cell in cells[len(headers) :]):
            unreadable("cell_without_header", row=number)
        padded = [*cells, *([None] * (len(headers) - len(cells)))]
        pairs = zip(headers, padded, strict=False)
        rows.append(Row(number, {header: None if cell == "" else cell for header, cell in pairs}))
    return Sheet(format_name, headers, rows)
