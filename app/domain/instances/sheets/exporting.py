"""Write instances into a file that an import reads back without a change; never a secret, credentials by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.core.db import snapshot
from app.core.messages import Language
from app.domain.instances import repository
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.sheets import xlsx_file
from app.domain.instances.sheets.columns import COLUMNS, DELETED_AT, Column
from app.domain.instances.sheets.files import WRITERS
from app.domain.instances.sheets.sheet import Format

_PIECE = 32 * 1024
_SHOWN_AS = {"tag_names": "tags"}
_TYPED: frozenset[Format] = frozenset({"yaml", "json"})


def export(wanted: InstanceFilter, *, file_format: Format, language: Language) -> Iterator[bytes]:
    """Yield a file of all instances that match, by id, as they are at one moment; holds a few hundred at a time."""
    with_bin = wanted.include_deleted or wanted.status == "deleted"
    columns = [*COLUMNS, *([DELETED_AT] if with_bin else ())]
    with snapshot():
        items = repository.iter_items(wanted, [_SHOWN_AS.get(column.field, column.field) for column in columns])
        rows = (_cells(item, columns) for item in items)
        yield from _in_pieces(WRITERS[file_format](_headers(columns, file_format, language), rows))


def template(*, file_format: Format, language: Language) -> Iterator[bytes]:
    """Yield a file with all headers and no instance; where values have names, one to be written over.

    A workbook marks what is required with an asterisk, and offers the values of fields that have few.
    """
    headers = _headers(COLUMNS, file_format, language)
    if file_format == "xlsx":
        marked = [f"{header}*" if column.required else header for header, column in zip(headers, COLUMNS, strict=True)]
        yield from xlsx_file.write(marked, [], choices=[column.choices for column in COLUMNS])
    else:
        examples = [[_example(column) for column in COLUMNS]] if file_format in _TYPED else []
        yield from WRITERS[file_format](headers, examples)


def _example(column: Column) -> str | int | None:
    if not column.required:
        return None
    return int(column.example) if column.kind == "integer" else column.example


def _headers(columns: Sequence[Column], file_format: Format, language: Language) -> list[str]:
    return [column.field if file_format in _TYPED else column.header(language) for column in columns]


def _cells(item: Mapping[str, Any], columns: Iterable[Column]) -> list[Any]:
    return [_cell(item, column.field) for column in columns]


def _cell(item: Mapping[str, Any], field: str) -> Any:  # noqa: ANN401 - any field
    if field == "tag_names":
        return [tag["name"] for tag in item["tags"]]
    value = item[field]
    if field in {"credential", "admin_credential", "cluster"}:
        return value and value["name"]
    return None if field == "external_ids" and not value else value


def _in_pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for part in parts:
        gathered += part
        if len(gathered) >= _PIECE:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)
