"""Hashing passwords: argon2id, at most two at a time in a process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import TooMany
from app.core.settings import Settings

MIN_LENGTH, MAX_LENGTH = 12, 256

_AT_ONCE = 2
_WAIT_S = 10.0
_slots = threading.BoundedSemaphore(_AT_ONCE)


class Passwords:
    """Hash and verify; the costs come from the settings."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory_kib, parallelism=1
        )
        self._decoy: str | None = None

    def hash(self, password: str) -> str:
        """Return the PHC string of a password.

        :raises TooMany: too many hashes are waiting.
        """
        with _slot():
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether the password fits; without a stored hash it takes the same time and does not.

        :raises TooMany: too many hashes are waiting.
        """
        with _slot():
            if self._decoy is None:
                self._decoy = self._hasher.hash("decoy")
            try:
                return self._hasher.verify(stored or self._decoy, password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=_WAIT_S):
        raise TooMany(retry_after_s=2)
    try:
        yield
    finally:
        _slots.release()
