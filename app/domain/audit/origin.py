"""Where a change comes from; each edge sets it, services need not know the edge."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user, or a program (`id` and `role` are None, the name says which)."""

    name: str
    id: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """By which edge, in which request, by whom and why; `reverts_id` is the event that is being undone."""

    source: Literal["api", "legacy", "cli", "job"]
    actor: Actor
    request_id: str | None = None
    reason: str | None = None
    ticket: str | None = None
    reverts_id: int | None = None


_current: ContextVar[Origin | None] = ContextVar("muster_origin", default=None)


def current() -> Origin:
    """Return the origin that the edge has set; a plain script counts as the command line."""
    return _current.get() or Origin("cli", somebody_here())


def somebody_here() -> Actor:
    """Return the user of the system whose command this is."""
    return Actor(f"cli:{_os_user()}")


@contextmanager
def acting_from(origin: Origin) -> Iterator[None]:
    """Set the origin for what happens inside."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Set another actor of the same origin for what happens inside."""
    with acting_from(replace(current(), actor=actor)):
        yield


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id may have no name
        return "unknown"
