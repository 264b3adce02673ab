"""CSV as spreadsheets write it: UTF-8, UTF-16 or GB18030, divided by comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.domain.instances.sheets.cells import guard, to_text, unguard
from app.domain.instances.sheets.sheet import Sheet, tabular, unreadable

_DELIMITERS = ",;\t"
_BOM = "\ufeff"  # without it a Chinese Excel reads UTF-8 as GB18030
_BATCH = 500


def read(content: bytes) -> Sheet:
    """Read a file.

    :raises Invalid: its encoding is none of the known ones, or its quotes do not close.
    """
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    records = []
    try:
        for number, cells in enumerate(reader, start=1):
            records.append((number, [unguard(cell) for cell in cells]))
    except csv.Error:
        unreadable("csv_malformed", line=reader.line_num)
    return tabular("csv", records)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if _is_text(content, "utf-8") else "gb18030"
    if not _is_text(content, encoding):
        unreadable("file_encoding")
    return content.decode(encoding)


def _is_text(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """Return what divides the first line most often, quoted parts left out."""
    line = next((one for one in text.splitlines() if one.strip()), "")
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def write(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a file in pieces; every cell is quoted, and none can be a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write(_BOM)
    writer.writerow(headers)
    for position, row in enumerate(rows, start=1):
        writer.writerow([guard(to_text(value)) for value in row])
        if position % _BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
