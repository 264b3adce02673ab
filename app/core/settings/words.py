"""What is wrong with the value of a setting, in a sentence that says what to give instead."""

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from app.core.settings.declaration import PREFIX, Settings

_OWN = {"admin_username": "give 1 to 64 letters, digits and the characters _ . @ -"}


def told(error: Mapping[str, Any]) -> str:
    """Return the sentence about one finding of pydantic; it repeats no value of a secret."""
    if not error["loc"]:
        return _said(error)
    name = str(error["loc"][0])
    words = _words(error, name)
    return f"Setting {PREFIX}{name.upper()} has a bad value: {words}. See docs/reference/settings.md."


def _said(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _words(error: Mapping[str, Any], name: str) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind.startswith(("int_", "greater_than", "less_than")):
        return f"give a whole number{_range(Settings.model_fields[name])}"
    if kind.startswith("bool_"):
        return "give true or false"
    if kind in {"too_short", "string_too_short"}:
        return f"give {context['min_length']} characters or more"
    if kind == "literal_error":
        return f"give {context['expected'].replace(chr(39), '')}"
    if kind.startswith(("string_", "path_", "tuple_")):
        return _OWN.get(name, "give a list of texts" if kind.startswith("tuple_") else "give a text")
    return _said(error)


def _range(field: FieldInfo) -> str:
    bounds: dict[str, object] = {}
    for one in field.metadata:
        bounds |= {name: getattr(one, name) for name in ("ge", "le") if hasattr(one, name)}
    least, most = bounds.get("ge"), bounds.get("le")
    if least is None:
        return ""
    return f", at least {least}" if most is None else f" from {least} to {most}"
