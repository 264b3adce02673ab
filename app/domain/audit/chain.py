"""What a seal is made of: the digest of each event, the hash over a batch and all before it, the key's proof."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.crypto import KeyRing
from app.models import AuditEvent, AuditSeal

FIRST = "0" * 64  # what the first seal names as the hash before it
BEFORE_ALL = -(2**63)  # no event has such an id, whoever put it there
_FORMAT = 1
_PURPOSE = "muster audit chain v1"
_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "action",
    "entity_type",
    "entity_id",
    "entity_name",
    "changes",
    "reason",
    "ticket",
    "request_id",
    "source",
    "reverts_id",
)

Digests = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Link:
    """Where the chain stands: the number, the hash and the last event of its newest seal."""

    number: int = 0
    hash: str = FIRST
    last_id: int = BEFORE_ALL

    @classmethod
    def after(cls, seal: AuditSeal | None) -> "Link":
        """Return the link that follows a seal; without one, the beginning."""
        return cls(seal.number, seal.hash, seal.last_id) if seal is not None else cls()


def digest(event: AuditEvent) -> str:
    """Return the SHA-256 of one event, of every column of it."""
    return _sha256([_FORMAT, {name: getattr(event, name) for name in _COLUMNS}])


def hash_of(seal: AuditSeal) -> str:
    """Return the SHA-256 over a seal; it holds the hash of the seal before it and the digests of its events."""
    moments = [seal.until, seal.sealed_at]
    return _sha256([_FORMAT, seal.number, seal.previous, seal.last_id, moments, [list(one) for one in seal.digests]])


def seal(events: Sequence[AuditEvent], before: Link, *, keys: KeyRing, at: datetime) -> AuditSeal:
    """Return the seal over a batch that follows on `before`; whoever has no key cannot make its proof."""
    made = AuditSeal(
        number=before.number + 1,
        previous=before.hash,
        last_id=events[-1].id,
        digests=[[event.id, digest(event)] for event in events],
        until=max(event.at for event in events),
        sealed_at=at,
    )
    made.hash = hash_of(made)
    made.mac = keys.fingerprint(made.hash, purpose=_PURPOSE)
    return made


def is_proven(seal: AuditSeal, *, keys: KeyRing) -> bool:
    """Tell whether a key of the ring made this seal."""
    return keys.is_fingerprint(seal.hash, seal.mac, purpose=_PURPOSE)


def by_id(digests: Digests) -> Mapping[int, str]:
    """Return the digests of a seal by the id of their event."""
    return {one[0]: one[1] for one in digests}


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(type(value).__name__)
