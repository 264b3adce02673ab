"""XLSX: every text is typed as one, so that none is a formula; a file that unpacks to too much is refused."""

import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from app.domain.instances.sheets.cells import to_text
from app.domain.instances.sheets.sheet import MOST_COLUMNS, MOST_ROWS, Sheet, tabular, unreadable

_MOST_BYTES = 32 * 1024 * 1024  # 10,000 rows with long texts; parsing takes most of a second a megabyte
_MOST_FILES = 1000
_LAST_ROW = 1_048_576  # of any spreadsheet; the library makes up all rows before the one that a file names
_PIECE = 64 * 1024
_IN_MEMORY = 1024 * 1024
# How the library fails over a file that is not what it says; it names hardly any of these.
_BROKEN = (ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError,
           TypeError, ValueError, InvalidFileException, zipfile.BadZipFile, zlib.error)  # fmt: skip
# XML has no way to hold these, or changes them; a literal `_x000D_` must not be taken for one.
_UNSAFE = re.compile(r"[\r\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(content: bytes) -> Sheet:
    """Read the sheet that is shown first.

    :raises Invalid: it is no XLSX file, or unpacks to too much.
    """
    _refuse_bomb(content)
    try:
        records = list(_records(content))
    except _BROKEN:
        unreadable("xlsx_malformed")
    return tabular("xlsx", records)


def _records(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheet: Any = book.active
    if sheet is None:
        return
    sheet.reset_dimensions()  # what the file claims to span; the library would make up every row of it
    found = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    for number, cells in _filled(found):
        yield number, [_unescaped(cell) for cell in cells]
    book.close()


def _filled(found: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    kept, blank = 0, None
    for number, cells in enumerate(found, start=1):
        if number > _LAST_ROW:
            raise ValueError(number)
        if cells is blank:  # the library makes up rows from one and the same
            continue
        if cells.count(None) == len(cells):
            blank = cells
            continue
        kept += 1
        yield number, cells
        if kept > MOST_ROWS + 1:
            return


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        unreadable("xlsx_malformed")
    if len(files) > _MOST_FILES or sum(file.file_size for file in files) > _MOST_BYTES:
        unreadable("file_unpacks_to_too_much", most=_MOST_BYTES)


def _unescaped(cell: Any) -> Any:  # noqa: ANN401 - a cell holds anything
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell) if isinstance(cell, str) else cell


def write(
    headers: Sequence[str], rows: Iterable[Sequence[Any]], *, choices: Sequence[Sequence[str]] = ()
) -> Iterator[bytes]:
    """Yield a file in pieces. The format ends with its index, so all of it lies in a temporary file first.

    `choices` are by column what is offered below its header; a column without any takes anything.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Muster")
    sheet.freeze_panes = "A2"
    for number, offered in enumerate(choices, start=1):
        if offered:
            sheet.data_validations.append(_offer(number, offered))
    for row in chain([headers], rows):
        sheet.append([_cell(sheet, value) for value in row])
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _offer(column: int, choices: Sequence[str]) -> DataValidation:
    letter = get_column_letter(column)
    below = f"{letter}2:{letter}{MOST_ROWS + 1}"
    return DataValidation("list", formula1='"{}"'.format(",".join(choices)), allow_blank=True, sqref=below)


def _cell(sheet: Any, value: Any) -> Any:  # noqa: ANN401 - openpyxl's sheet, any field
    if value is None or isinstance(value, bool | int):
        return value
    text = _UNSAFE.sub(lambda match: f"_x{ord(match[0]):04X}_", to_text(value))
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes a leading "=" for a formula
    return cell
