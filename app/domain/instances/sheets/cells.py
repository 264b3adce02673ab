"""What a cell says: between the text that people and spreadsheets write and the values that a command takes."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from app.core.fields import Misfit, whole
from app.domain.instances.sheets.columns import Column

_TRUE = frozenset({"true", "yes", "y", "1", "on", "是", "启用", "真"})
_FALSE = frozenset({"false", "no", "n", "0", "off", "否", "停用", "假"})
# What a spreadsheet takes for the beginning of a formula, the full-width forms too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_GUARD = "'"
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,，、;；\n]*))\s*(?:[,，、;；\n]|$)')
_PLAIN_ITEM = re.compile(r'[^"\s,，、;；](?:[^",，、;；\n]*[^"\s,，、;；])?')


def guard(text: str) -> str:
    """Make a text harmless for a spreadsheet that opens a CSV file; `unguard` gives it back."""
    return _GUARD + text if text.startswith((*_FORMULA, _GUARD)) else text


def unguard(text: str) -> str:
    """Take off what `guard` has put on, and nothing that people write: `'tis` stays."""
    return text[1:] if text.startswith(_GUARD) and text[1:].startswith((*_FORMULA, _GUARD)) else text


def to_text(value: Any) -> str:  # noqa: ANN401 - any field of an instance
    """Return a value as a cell of text; `to_value` reads it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return ", ".join(_quoted(str(item)) for item in value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def written(cell: Any) -> str:  # noqa: ANN401 - a cell holds anything
    """Return what a cell of a file says, as somebody would type it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return whole(cell.isoformat() if isinstance(cell, date | time) else to_text(cell))


def _quoted(item: str) -> str:
    return item if _PLAIN_ITEM.fullmatch(item) else '"{}"'.format(item.replace('"', '""'))


def to_value(cell: Any, column: Column) -> Any:  # noqa: ANN401 - a cell holds anything
    """Return what a cell that is not empty says, for the command to judge."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # spreadsheets know no integers
    if isinstance(cell, date | time):
        cell = cell.isoformat()
    if column.kind == "integer":
        return cell.strip() if isinstance(cell, str) else cell
    if column.kind == "boolean":
        return _boolean(cell)
    text = to_text(cell)
    if column.kind == "choice":
        return _choice(text, column.choices)
    if column.kind == "list":
        return split(text)
    if column.kind == "object":
        return _object(text)
    return text.strip() if column.kind == "time" else text


def to_member(cell: Any) -> Any:  # noqa: ANN401 - a cell holds anything
    """Return one member of an object: a number or a boolean of a spreadsheet stays one, a text stays a text."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.isoformat() if isinstance(cell, date | time) else cell


def to_time(value: Any, utc_offset: str | None) -> Any:  # noqa: ANN401 - whatever a cell said
    """Return a time with the offset put to it where it has none; what is no time stays what it is."""
    text = value.isoformat() if isinstance(value, date) else value
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return value
    return text if moment.tzinfo or utc_offset is None else f"{moment.isoformat()}{utc_offset}"


def _boolean(cell: Any) -> Any:  # noqa: ANN401
    word = str(cell).strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else cell


def _choice(text: str, choices: Sequence[str]) -> str:
    """Return the choice that a text means, whatever its letters and what divides its words."""
    return {_letters(one): one for one in choices}.get(_letters(text), text)


def _letters(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", text.casefold())


def _object(text: str) -> object:
    try:
        value = json.loads(text)
    except ValueError:
        return Misfit("wrong_type", {"expected": "object"})
    return value if isinstance(value, dict) else Misfit("wrong_type", {"expected": "object"})


def split(text: str) -> Sequence[str]:
    """Return the items of a list such as `a, "b, c"`; Chinese commas divide as well."""
    items, position = [], 0
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None:  # a quote inside of an item
            return [text]
        quoted, plain = match.groups()
        item = quoted.replace('""', '"') if quoted is not None else plain.strip()
        if item:
            items.append(item)
        if match.end() == position:
            break
        position = match.end()
    return items
