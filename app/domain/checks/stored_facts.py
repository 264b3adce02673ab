"""The facts of an engine as the store keeps them: plain JSON, every text harmless and of limited length."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from math import isfinite
from typing import Any

from app.engines.errors import TEXT_MOST, clean
from app.engines.facts import PrivilegeFact, ServerFact, TlsFact

LOGGED_IN = frozenset({"ok", "degraded"})  # outcomes of checks that got in
_STATEMENTS_MOST = 4_000  # characters of the GRANT statements of one need
_MOST = 200  # entries of one object or list
_DEEPEST = 6


def plain(value: object, *, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as JSON can hold it; of what JSON does not know only its kind is told."""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
        return value
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {_harmless(str(name)): plain(one, depth=depth + 1) for name, one in list(value.items())[:_MOST]}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [plain(one, depth=depth + 1) for one in list(value)[:_MOST]]
    return type(value).__name__


def _harmless(text: str) -> str:
    is_plain = len(text) <= TEXT_MOST and text.isascii() and text.isprintable() and "  " not in text
    return text if is_plain else clean(text)


def server_as_json(fact: ServerFact | None) -> dict[str, Any] | None:
    """Return what the server says of itself; its identity stands in the fingerprint."""
    if fact is None:
        return None
    told = _fields(fact)
    del told["identity"]
    return told


def tls_as_json(fact: TlsFact | None) -> dict[str, Any] | None:
    """Return the connection's encryption."""
    return None if fact is None else _fields(fact)


def privileges_as_json(facts: Sequence[PrivilegeFact]) -> list[dict[str, Any]]:
    """Return what the account can read; statements keep their lines."""
    return [{**_fields(one), "grant": _statements(one.grant)} for one in facts]


def _fields(fact: ServerFact | TlsFact | PrivilegeFact) -> dict[str, Any]:
    return {one.name: plain(getattr(fact, one.name), depth=1) for one in fields(fact)}


def _statements(text: str | None) -> str | None:
    if text is None:
        return None
    return "\n".join(_printable(line) for line in text.splitlines())[:_STATEMENTS_MOST]


def _printable(line: str) -> str:
    return line if line.isprintable() else "".join(one for one in line if one.isprintable())
