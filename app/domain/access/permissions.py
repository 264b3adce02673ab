"""Actions and the table of roles: who may do what, on one page."""

from collections.abc import Mapping
from typing import Literal, get_args

Action = Literal[
    "view",
    "create",
    "update",
    "delete",
    "purge",
    "check",
    "check_unsaved",
    "credentials",
    "schedule",
    "webhook",
    "audit",
    "users",
    "token",
]
Role = Literal["viewer", "operator", "dba", "auditor", "admin"]

ACTIONS: tuple[str, ...] = get_args(Action)
ROLES: tuple[str, ...] = get_args(Role)

_OPERATOR = frozenset({"view", "create", "update", "check", "token"})
TABLE: Mapping[str, frozenset[str]] = {
    "viewer": frozenset({"view"}),
    "operator": _OPERATOR,
    "dba": _OPERATOR | {"delete", "check_unsaved", "credentials", "schedule"},
    "auditor": frozenset({"view", "audit"}),
    "admin": frozenset(ACTIONS),
}


def may(role: str | None, action: Action) -> bool:
    """Tell whether a role includes an action; an unknown role includes none."""
    return action in TABLE.get(role or "", frozenset())


def is_within(role: str, limit: str) -> bool:
    """Tell whether a role may do nothing that `limit` may not; roles are no ladder, so neither of two may be."""
    return TABLE.get(role, frozenset()) <= TABLE.get(limit, frozenset())


def weaker(one: str, other: str) -> str:
    """Return the role that may do exactly what both may; the table has one for any two of its roles.

    :raises LookupError: one of them is no role.
    """
    both = TABLE[one] & TABLE[other]
    return next(role for role in ROLES if TABLE[role] == both)


def actions_of(role: str) -> list[str]:
    """Return the actions of a role in the order of the list above."""
    return [action for action in ACTIONS if action in TABLE[role]]
