"""Add a key, let it seal, drop one. A ring in a file is changed; one in the settings only its owner can change."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.core import crypto
from app.core.crypto import KeyRing
from app.core.db import sqlite, transaction
from app.core.settings import Settings
from app.domain.audit import trail
from app.domain.audit.sealing import carry_over
from app.domain.credentials.errors import KeyHoldsCells, KeySeals, KeyUnknown
from app.domain.credentials.keys import reread_keys
from app.domain.credentials.processes import refuse_sealing, refuse_unreported
from app.domain.credentials.sealed import count_by_key


@dataclass(frozen=True, slots=True)
class AddedKey:
    """A new key; `entry` is what its owner puts into the settings, where the ring stands there."""

    key_id: str
    entry: str | None = field(repr=False)


class KeyRingChanges:
    """Change the key ring of the store, each change audited; opens its own transactions."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.in_settings = settings.keys is not None

    def add(self) -> AddedKey:
        """Make a key that opens and does not seal yet."""
        key = crypto.new_key()
        if self.in_settings:
            return AddedKey(key.key_id, key.entry())
        self._change("add", key.key_id, lambda ring: ring.with_last(key))
        return AddedKey(key.key_id, None)

    def promote(self, key_id: str) -> None:
        """Let a key seal from now on. Where the ring stands in the settings this only tells whether it may.

        :raises KeyUnknown: the ring does not hold it.
        :raises KeyNotReported: a live process does not hold it.
        """

        def promoted(ring: KeyRing) -> KeyRing:
            refuse_unreported(key_id)
            return ring.with_first(key_id)

        self._change("promote", key_id, promoted)

    def drop(self, key_id: str) -> None:
        """Take a key off the ring. Where the ring stands in the settings this only tells whether it may.

        The audit trail is sealed with a key that stays, for the dropped one can prove nothing any more.

        :raises KeyUnknown: the ring does not hold it.
        :raises KeySeals: it is the sealing key here or in a live process.
        :raises KeyHoldsCells: secrets lie under it.
        """

        def without(ring: KeyRing) -> KeyRing:
            if ring.active_id == key_id:
                raise KeySeals(params={"id": key_id, "processes": "muster keys"})
            refuse_sealing(key_id)
            rows = sum(count_by_key().get(key_id, {}).values())
            if rows:
                raise KeyHoldsCells(params={"id": key_id, "count": rows})
            return ring.without(key_id)

        self._change("drop", key_id, without)
        ring = reread_keys(self._settings)
        carry_over(keys=ring.without(key_id) if key_id in ring.ids else ring)

    def _change(self, action: str, key_id: str, change: Callable[[KeyRing], KeyRing]) -> None:
        """Change the file and record it, or neither; only one command at a time does so."""
        written = False
        with sqlite.lock(self._settings.data_dir / "keys.lock"):
            ring = reread_keys(self._settings)
            if action != "add" and key_id not in ring.ids:
                raise KeyUnknown(params={"id": key_id, "ids": ", ".join(ring.ids)})
            try:
                with transaction():
                    changed = change(ring)
                    if self.in_settings or changed.ids == ring.ids:
                        return
                    _record(action, key_id, ring, changed)
                    crypto.replace_private(self._settings.keys_path, changed.text())
                    written = True
            except BaseException:
                if written:
                    crypto.replace_private(self._settings.keys_path, ring.text())
                raise


def _record(action: str, key_id: str, ring: KeyRing, changed: KeyRing) -> None:
    changes = trail.difference({"keys": ring.ids}, {"keys": changed.ids})
    event = trail.Event(action=action, entity_type="keys", entity_id=None, entity_name=key_id, changes=changes)
    trail.record(event, operator_id=None)
