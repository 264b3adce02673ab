"""YAML and JSON: a list of objects, or an object whose `instances` is that list."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from app.core.errors import FieldFault, Invalid
from app.core.fields import clip
from app.domain.instances.sheets.sheet import MOST_COLUMNS, MOST_ROWS, Format, Row, Sheet, unreadable

_DEEPEST = 8
_LIST = "instances"


def _line(mark: Any) -> int:  # noqa: ANN401 - a mark of either parser, or none
    return mark.line + 1 if mark else 0


class _Loader(yaml.CSafeLoader):
    """Plain data; a key that occurs twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make an object."""
        twice = _first_twice(str(key.value) for key, _ in node.value)
        if twice is not None:
            unreadable("key_twice", name=clip(twice), line=_line(node.start_mark))
        return super().construct_mapping(node, deep=deep)


def read_yaml(content: bytes) -> Sheet:
    """Read a file without aliases, which can make much out of little.

    :raises Invalid: it is no YAML, or not of this shape.
    """
    try:
        text = content.decode("utf-8-sig")
        _refuse_traps(text)
        return _sheet("yaml", yaml.load(text, Loader=_Loader))  # noqa: S506 - derived from the safe loader
    except UnicodeDecodeError:
        unreadable("file_encoding")
    except yaml.MarkedYAMLError as exc:
        unreadable("yaml_malformed", line=_line(exc.problem_mark))
    except (yaml.YAMLError, ValueError):  # a date that is none, a character that no text holds
        unreadable("yaml_malformed", line=0)


def _refuse_traps(text: str) -> None:
    """Look at the events, which need no stack, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            unreadable("yaml_alias", line=_line(event.start_mark))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            unreadable("yaml_malformed", line=_line(event.start_mark))


def read_json(content: bytes) -> Sheet:
    """Read a file.

    :raises Invalid: it is no JSON, or not of this shape.
    """
    try:
        return _sheet("json", json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object))
    except json.JSONDecodeError as exc:
        unreadable("json_malformed", line=exc.lineno)
    except UnicodeDecodeError:
        unreadable("file_encoding")
    except (RecursionError, ValueError):
        unreadable("json_malformed", line=0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        unreadable("key_twice", name=clip(_first_twice(key for key, _ in pairs) or ""), line=0)
    return found


def _first_twice(keys: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


def _sheet(format_name: Format, value: Any) -> Sheet:  # noqa: ANN401 - whatever the file holds
    items = value.get(_LIST) if isinstance(value, Mapping) else value
    if not isinstance(items, list) or not items:
        unreadable("not_a_list_of_objects")
    if len(items) > MOST_ROWS:
        unreadable("too_many_rows", most=MOST_ROWS)
    faults = [
        FieldFault(f"rows.{number}", "wrong_type", {"expected": "object"})
        for number, item in enumerate(items, start=1)
        if not isinstance(item, Mapping) or not all(isinstance(key, str) for key in item)
    ]
    if faults:
        raise Invalid(faults)
    headers = list(dict.fromkeys(key for item in items for key in item))
    if len(headers) > MOST_COLUMNS:
        unreadable("too_many_columns", most=MOST_COLUMNS)
    return Sheet(format_name, headers, [Row(number, item) for number, item in enumerate(items, start=1)], typed=True)


def write_yaml(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a file in pieces: a list of objects without their empty fields."""
    empty = True
    for row in rows:
        empty = False
        text = yaml.dump(
            [_filled(headers, row)], Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120
        )
        yield text.encode("utf-8")
    if empty:
        yield b"[]\n"


def write_json(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a file in pieces: a list of objects without their empty fields, one on a line."""
    divider = "[\n"
    for row in rows:
        text = json.dumps(_filled(headers, row), ensure_ascii=False, default=lambda moment: moment.isoformat())
        yield f"{divider}{text}".encode()
        divider = ",\n"
    yield b"\n]\n" if divider.startswith(",") else b"[]\n"


def _filled(headers: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    return {header: value for header, value in zip(headers, row, strict=True) if value is not None and value != []}
