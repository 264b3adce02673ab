"""Show what changes in things, as a coloured diff: `+` new, `~` changed, `-` gone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.text import Text

MARKS: Mapping[str, tuple[str, str]] = {
    "create": ("+", "green"),
    "restore": ("+", "green"),
    "update": ("~", "yellow"),
    "delete": ("-", "red"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a thing, before and after; of a secret only that it changes."""

    field: str
    before: Any = None
    after: Any = None
    secret: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return it as audit events tell a change."""
        if self.secret:
            return {"field": self.field, "secret": True}
        return {"field": self.field, "before": self.before, "after": self.after}


def headline(action: str, kind: str, name: str, more: str = "") -> Text:
    """Return the line above the fields: what becomes of which thing."""
    mark, colour = MARKS[action]
    return Text.assemble((f"{mark} {kind} {_value(name)}", colour), more)


def lines(changes: Iterable[FieldChange]) -> Iterable[Text]:
    """Return a line for each field."""
    for change in changes:
        if change.secret:
            yield Text.assemble("    ", ("~", "yellow"), f" {change.field}: (secret)")
        elif change.before is None:
            yield Text.assemble("    ", ("+", "green"), f" {change.field}: ", (_value(change.after), "green"))
        elif change.after is None:
            yield Text.assemble("    ", ("-", "red"), f" {change.field}: ", (_value(change.before), "red"))
        else:
            before, after = (_value(change.before), "red"), (_value(change.after), "green")
            yield Text.assemble("    ", ("~", "yellow"), f" {change.field}: ", before, " → ", after)


def _value(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value so that nobody takes one for another: texts bare where they are plain, all else as JSON."""
    if isinstance(value, str) and value and value.isprintable() and not _looks_else(value):
        return value
    told = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in told)


def _looks_else(text: str) -> bool:
    return text[0] in "\"'[{" or text != text.strip() or text in {"true", "false", "null"} or _is_number(text)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
