"""Files by format: which one it is, how it is read, how it is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from app.domain.instances.sheets import csv_file, xlsx_file, yaml_file
from app.domain.instances.sheets.sheet import Format, Sheet, unreadable

Write = Callable[[Sequence[str], Iterable[Sequence[Any]]], Iterator[bytes]]
_READERS: Mapping[Format, Callable[[bytes], Sheet]] = {
    "csv": csv_file.read,
    "xlsx": xlsx_file.read,
    "yaml": yaml_file.read_yaml,
    "json": yaml_file.read_json,
}
WRITERS: Mapping[Format, Write] = {
    "csv": csv_file.write,
    "xlsx": xlsx_file.write,
    "yaml": yaml_file.write_yaml,
    "json": yaml_file.write_json,
}
MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml; charset=utf-8",
    "json": "application/json",
}
_BY_ENDING: Mapping[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".yaml": "yaml", ".yml": "yaml",
    ".json": "json",
}  # fmt: skip
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_file(name: str, content: bytes, *, wanted: Format | None = None) -> Sheet:
    """Read a file; what it is follows from what is wanted, from its first bytes, from its name.

    :raises Invalid: it cannot be read, or nothing tells what it is.
    """
    if not content:
        unreadable("file_empty")
    if content.startswith(_OLD_EXCEL):
        unreadable("file_type")
    found = wanted or ("xlsx" if content.startswith(_ZIP) else _BY_ENDING.get(PurePosixPath(name).suffix.lower()))
    if found is None:
        unreadable("file_type")
    return _READERS[found](content)
