"""Refused logins, tokens and denials: events that whoever is refused can cause, so they are counted and not listed.

The first of its kind is an event at once; the others of the next minutes are counted in memory and become one event
with their number. A store that is busy, full or read-only neither delays nor fails an answer: the count waits.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.db import NoTransaction, is_open, transaction
from app.core.errors import MusterError
from app.core.logging import get_logger
from app.domain.audit import origin, trail
from app.domain.audit.origin import Actor, Origin

WINDOW = timedelta(minutes=15)
_RETRY = timedelta(minutes=1)
_KINDS_MOST = 200  # told apart within a window; beyond it addresses are left out, and what is left are our own users


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What makes two refusals one kind. `entity_id` and `name` are of what we know, never what was typed."""

    action: str
    entity_type: str
    entity_id: int | None = None
    name: str | None = None
    wanted: str | None = None
    why: str | None = None
    address: str | None = None


@dataclass(slots=True)
class _Count:
    where: Origin
    since: datetime
    due: datetime
    untold: int = 0
    last: datetime = field(default_factory=clock.now)


class Refusals:
    """Count refusals and tell them to the trail."""

    def __init__(self) -> None:
        self._counts: dict[Refusal, _Count] = {}
        self._lock = threading.Lock()
        self._on_new: Callable[[], None] = lambda: None

    def call_on_new(self, react: Callable[[], None]) -> None:
        """Let `react` be called at each refusal: a later `flush` will be needed."""
        self._on_new = react

    def note(self, refusal: Refusal) -> None:
        """Count one refusal of the current origin; opens its own transaction where there is something to tell now."""
        now = clock.now()
        with self._lock:
            if refusal not in self._counts and len(self._counts) >= _KINDS_MOST:
                refusal = replace(refusal, address=None)
            if refusal not in self._counts:
                self._counts[refusal] = _Count(origin.current(), now, now)
            count = self._counts[refusal]
            count.untold += 1
            count.last = now
            is_due = count.due <= now
        self._on_new()
        if is_due and not is_open():
            self._tell([refusal])

    def flush(self, *, everything: bool = False) -> None:
        """Tell what is due; forget the kinds whose window is over.

        `everything` is for a process that ends: it tells all, and queues behind other writers rather than lose it.
        """
        now = clock.now()
        with self._lock:
            due = [one for one, count in self._counts.items() if count.untold and (everything or count.due <= now)]
            for one in [one for one, count in self._counts.items() if not count.untold and count.due <= now]:
                del self._counts[one]
        self._tell(due, wait=everything)

    def is_waiting(self) -> bool:
        """Tell whether there are counts that a later flush has to look at."""
        return bool(self._counts)

    def _tell(self, refusals: list[Refusal], *, wait: bool = False) -> None:
        for refusal in refusals:
            with self._taken(refusal) as (count, number):
                if number:
                    event = _event(refusal, count, number)
                    with origin.acting_from(count.where), transaction(wait=wait):
                        trail.record(event, operator_id=count.where.actor.id)

    @contextmanager
    def _taken(self, refusal: Refusal) -> Iterator[tuple[_Count, int]]:
        """Take the number to be told; it comes back when that fails."""
        with self._lock:
            count = self._counts[refusal]
            number, count.untold = count.untold, 0
        try:
            yield count, number
        except (MusterError, DBAPIError, NoTransaction) as exc:
            with self._lock:
                count.untold += number
                count.due = clock.now() + _RETRY
            get_logger().warning("audit.refusals_wait", number=number, cause=type(exc).__name__)
        else:
            with self._lock:
                count.where = replace(count.where, request_id=None)
                count.since, count.due = clock.now(), clock.now() + WINDOW


def _event(refusal: Refusal, count: _Count, number: int) -> trail.Event:
    told = {
        "count": number,
        "first_at": count.since.isoformat(),
        "last_at": count.last.isoformat(),
        "address": refusal.address,
        "wanted": refusal.wanted,
        "why": refusal.why,
    }
    return trail.Event(
        action=refusal.action,
        entity_type=refusal.entity_type,
        entity_id=refusal.entity_id,
        entity_name=refusal.name,
        changes=[{"field": name, "before": None, "after": value} for name, value in told.items() if value is not None],
    )


def login_refused(*, user_id: int | None, username: str | None, address: str) -> Refusal:
    """Return the kind of a refused login; for a name that nobody has both are None."""
    return Refusal(action="refused", entity_type="session", entity_id=user_id, name=username, address=address)


def token_refused(*, token_id: int | None, name: str | None, why: str, address: str) -> Refusal:
    """Return the kind of a refused token; for one that is not there any more both are None."""
    return Refusal(action="refused", entity_type="token", entity_id=token_id, name=name, why=why, address=address)


def denied(actor: Actor, *, wanted: str) -> Refusal:
    """Return the kind of a denial: a known caller wanted something that the role does not include."""
    return Refusal(action="denied", entity_type="access", entity_id=actor.id, name=actor.name, wanted=wanted)
