"""Whether this account can read what will be collected: the real statements, and what is hidden without a word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.engines.errors import Cause, StepFailed, clean
from app.engines.facts import Need, PrivilegeFact
from app.engines.postgresql import queries

Row = Sequence[str | None]
Ask = Callable[[str], Sequence[Row]]

_DENIED: Cause = "privilege.missing"


@dataclass(frozen=True, slots=True)
class _Reading:
    """`statements`: by the right that each needs; `hidden` returns the rights without which something is left out."""

    need: Need
    statements: Mapping[str, str]
    hidden: str | None = None


_READINGS = (
    _Reading("identify", queries.IDENTIFY_NEEDS),
    _Reading("replication", queries.REPLICATION_NEEDS, queries.HIDDEN_ACTIVITY),
    _Reading("accounts", queries.ACCOUNT_NEEDS),
    _Reading("object_privileges", queries.OBJECT_NEEDS, queries.HIDDEN_DATABASES),
    _Reading("sizes", queries.SIZE_NEEDS, queries.HIDDEN_SIZES),
)


def examine(ask: Ask, role: str) -> list[PrivilegeFact]:
    """Try every reading.

    :raises StepFailed: a statement failed for another reason than a missing right.
    """
    return [_try(ask, one, role) for one in _READINGS]


def _try(ask: Ask, reading: _Reading, role: str) -> PrivilegeFact:
    everything = [*reading.statements.values(), *([reading.hidden] if reading.hidden else [])]
    try:
        rows = ask(";\n".join(everything))
    except StepFailed as exc:
        if exc.cause != _DENIED:
            raise
        denied = exc
    else:
        hidden = [row[0] for row in rows if row and row[0]] if reading.hidden else []
        return _fact(reading.need, "privilege.filtered", hidden, role) if hidden else PrivilegeFact(need=reading.need)
    missing = [right for right, statement in reading.statements.items() if _is_denied(ask, statement)]
    return _fact(reading.need, "privilege.missing", missing, role, denied)


def _is_denied(ask: Ask, statement: str) -> bool:
    try:
        ask(statement)
    except StepFailed as exc:
        if exc.cause != _DENIED:
            raise
        return True
    return False


def _fact(
    need: Need,
    cause: Literal["privilege.missing", "privilege.filtered"],
    rights: Sequence[str],
    role: str,
    denied: StepFailed | None = None,
) -> PrivilegeFact:
    told = denied.detail if denied else {}
    return PrivilegeFact(
        need=need,
        cause=cause,
        missing=[clean(one) for one in rights],
        grant="\n".join(f"GRANT {clean(one)} TO {quoted(role)};" for one in rights) or None,
        server_code=told.get("server_code"),
        server_text=told.get("server_text"),
    )


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL."""
    return '"' + clean(name).replace('"', '""') + '"'
