"""Hold the audit trail against its seals, and name the first thing that is not as it was sealed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.core.crypto import KeyRing
from app.domain.audit import chain, repository
from app.domain.audit.chain import Link
from app.models import AuditEvent, AuditSeal


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at which seal, and at which event where one can be named.

    `kind`: `event_altered, event_missing, event_added` (within what was sealed), `seal_altered, seal_missing`,
    `seal_forged` (no key of the ring made it), `not_expected` (the noted hash is not in the chain).
    """

    kind: str
    seal: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the chain stands; sound when `fault` is None.

    `anchor` is the last seal that retention removed events of, `newest` the last one that was found sound.
    """

    seals: int = 0
    events: int = 0
    unsealed: int = 0
    anchor: int | None = None
    newest: Link | None = None
    fault: Fault | None = None


def verify(*, keys: KeyRing, expect: str | None = None) -> Verdict:
    """Verify the whole chain within the open snapshot, one seal at a time.

    `expect` is the hash of a seal that somebody noted elsewhere: it has to be in the chain, which shows that the end
    was not cut off.
    """
    walk = _Walk(keys=keys, expect=expect)
    verdict = walk.verdict(_anchor())
    return replace(verdict, unsealed=repository.count_after((verdict.newest or Link()).last_id))


def check_events(seal: AuditSeal, before: Link) -> Fault | None:
    """Return what is wrong with the events of one seal."""
    sealed = chain.by_id(seal.digests)
    found = {event.id: event for event in repository.list_between(before.last_id, seal.last_id)}
    for event_id in sorted(sealed.keys() | found.keys()):
        if event_id not in found:
            return Fault("event_missing", seal.number, event_id)
        if event_id not in sealed:
            return Fault("event_added", seal.number, event_id)
        if chain.digest(found[event_id]) != sealed[event_id]:
            return Fault("event_altered", seal.number, event_id)
    return None


def check_seal(seal: AuditSeal, before: Link) -> Fault | None:
    """Return what is wrong with a seal itself, but for its proof."""
    if seal.number != before.number + 1:
        return Fault("seal_missing", before.number + 1)
    if seal.previous != before.hash or chain.hash_of(seal) != seal.hash:
        return Fault("seal_altered", seal.number)
    return None


def seals_after(number: int) -> Iterator[AuditSeal]:
    """Read the seals behind `number` one by one: each holds a thousand digests."""
    while (seal := repository.find_next_seal(number)) is not None:
        yield seal
        number = seal.number


class _Walk:
    def __init__(self, *, keys: KeyRing, expect: str | None) -> None:
        self._keys = keys
        self._expect = expect
        self._unproven: int | None = None

    def verdict(self, anchor: int | None) -> Verdict:
        done = Verdict(anchor=anchor)
        link = Link()
        for seal in seals_after(0):
            fault = self._check_anchor(seal) if seal.number == anchor else self._check(seal, link)
            self._prove(seal)
            if fault is not None:
                return replace(done, fault=fault)
            link = Link.after(seal)
            done = replace(done, seals=done.seals + 1, events=done.events + _kept(seal, anchor), newest=link)
        return replace(done, fault=self._fault_at_the_end(done))

    @staticmethod
    def _check(seal: AuditSeal, link: Link) -> Fault | None:
        return check_seal(seal, link) or check_events(seal, link)

    @staticmethod
    def _check_anchor(seal: AuditSeal) -> Fault | None:
        if chain.hash_of(seal) != seal.hash:
            return Fault("seal_altered", seal.number)
        left = repository.list_between(chain.BEFORE_ALL, seal.last_id, limit=1)
        return Fault("event_added", seal.number, left[0].id) if left else None

    def _prove(self, seal: AuditSeal) -> None:
        """A seal that a dropped key made is proven by any later one, whose hash covers it."""
        if seal.hash == self._expect:
            self._expect = None
        if chain.is_proven(seal, keys=self._keys):
            self._unproven = None
        elif self._unproven is None:
            self._unproven = seal.number

    def _fault_at_the_end(self, done: Verdict) -> Fault | None:
        if done.anchor is not None and (done.newest is None or done.newest.number < done.anchor):
            return Fault("seal_missing", done.anchor)
        if self._unproven is not None:
            return Fault("seal_forged", self._unproven)
        return Fault("not_expected") if self._expect is not None else None


def _kept(seal: AuditSeal, anchor: int | None) -> int:
    return 0 if seal.number == anchor else len(seal.digests)


def _anchor() -> int | None:
    """Return the number of the last seal whose events the retention removed, as its event tells."""
    event = repository.find_newest_of_action(repository.RETENTION)
    return through_seal(event) if event is not None else None


def through_seal(event: AuditEvent) -> int | None:
    """Return the seal that an event about the chain speaks of."""
    told: dict[str, Any] = {change["field"]: change.get("after") for change in event.changes}
    number = told.get("through_seal")
    return number if isinstance(number, int) else None
