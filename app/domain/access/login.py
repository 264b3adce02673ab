"""Log in and out. No transaction is open while a password is hashed."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import delete

from app.core.crypto import KeyRing
from app.core.db import current_session, transaction
from app.core.errors import TooMany
from app.core.logging import get_logger
from app.core.settings import Settings
from app.domain.access import repository, sessions
from app.domain.access.commands import LogIn
from app.domain.access.errors import CredentialsRefused
from app.domain.access.passwords import Passwords
from app.domain.access.sessions import Caller, Sessions
from app.domain.access.throttle import Attempt, Throttle, site
from app.domain.audit import origin, trail
from app.domain.audit.origin import Actor
from app.domain.audit.refusals import Refusals, login_refused
from app.models import LoginFailure, User

_SLOWED_AT_ONCE = 2  # answers that may be waiting; more would starve the threads that serve others
_PURPOSE = "muster login names v1"


@dataclass(frozen=True, slots=True)
class _Target:
    """Whom a login was meant for; both are None where nobody has the name."""

    user_id: int | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who logged in, and the id of the new session, for the cookie alone."""

    caller: Caller
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """A password that was right when it was verified, against the hash that counted then."""

    username: str
    stored: str = field(repr=False)
    attempt: Attempt


class LoginService:
    """Turn a name and a password into a session. `keys` gives the ring of the open store."""

    def __init__(
        self,
        settings: Settings,
        *,
        keys: Callable[[], KeyRing],
        passwords: Passwords | None = None,
        refusals: Refusals | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.passwords = passwords or Passwords(settings)
        self.sessions = Sessions(settings)
        self._keys = keys
        self._throttle = Throttle(settings)
        self._refusals = refusals or Refusals()
        self._sleep = sleep
        self._slowed = threading.BoundedSemaphore(_SLOWED_AT_ONCE)

    def log_in(self, command: LogIn, *, address: str, replaces: str | None = None) -> LoggedIn:
        """Start a session; the one with the hash `replaces` ends.

        Opens its own transactions: one counts the attempt, another writes the session.

        :raises CredentialsRefused: wrong name or password, or a disabled user.
        :raises TooMany: too many failures before this one.
        """
        password = command.password.get_secret_value()
        proof = self.prove(command.username, password, address=address)
        rehashed = self.passwords.hash(password) if self.passwords.is_outdated(proof.stored) else None
        with transaction():
            user = self.accept(proof)
            if rehashed:
                user.password_hash = rehashed
            if replaces:
                sessions.end(replaces)
            return self.begin_session(user, address=address)

    def prove(self, username: str, password: str, *, address: str) -> Proof:
        """Count an attempt and verify the password; opens its own transaction, and hashes outside of it.

        :raises CredentialsRefused: wrong name or password, or a disabled user.
        :raises TooMany: too many failures before this one.
        """
        stored, attempt, target = self._begin(username, address)
        try:
            self._slow_down(attempt)
            fits = self.passwords.verify(stored, password)
        except TooMany:  # nothing was tried, so nothing failed: a crowd must not lock the owner out
            with transaction():
                self._throttle.forget(attempt)
            raise
        if not fits or stored is None:
            self._refused(target, address)
            raise CredentialsRefused
        return Proof(username, stored, attempt)

    def accept(self, proof: Proof) -> User:
        """Return, in the open transaction, the user whose password was proven; the failures before are forgotten.

        :raises CredentialsRefused: the user was disabled, or the password changed, since then.
        """
        user = repository.find_for_update(proof.username)
        if user is None or not user.is_active or user.password_hash != proof.stored:
            raise CredentialsRefused
        self._throttle.succeed(proof.attempt)
        return user

    def begin_session(self, user: User, *, address: str) -> LoggedIn:
        """Start a session in the open transaction and record that."""
        token = self.sessions.start(user, address=address)
        _record_login(user, address)
        return LoggedIn(Caller(user.id, user.username, user.role), token)

    def _begin(self, username: str, address: str) -> tuple[str | None, Attempt, _Target]:
        """Count the attempt; returns the stored hash, None where nobody can log in, and whom it was meant for."""
        name_keys, target = self._keys().fingerprints(username, purpose=_PURPOSE), _Target()
        try:
            with transaction():
                user = repository.find_by_name(username)
                if user is not None:
                    target = _Target(user.id, user.username)
                stored = user.password_hash if user is not None and user.is_active else None
                return stored, self._throttle.begin(name_keys=name_keys, address=address), target
        except TooMany:
            self._refused(target, address)
            raise

    def _refused(self, target: _Target, address: str) -> None:
        """Leave a line and an event; people type passwords where names belong, so only a known name stands there."""
        get_logger().warning("login.refused", username=target.username, address=address)
        self._refusals.note(login_refused(user_id=target.user_id, username=target.username, address=site(address)))

    def _slow_down(self, attempt: Attempt) -> None:
        if not attempt.delay_s:
            return
        if not self._slowed.acquire(blocking=False):
            raise TooMany(retry_after_s=1)
        try:
            self._sleep(attempt.delay_s)
        finally:
            self._slowed.release()


def _record_login(user: User, address: str) -> None:
    changes = [{"field": "address", "before": None, "after": address}]
    event = trail.Event(
        action="login", entity_type="session", entity_id=user.id, entity_name=user.username, changes=changes
    )
    with origin.acting_as(Actor(user.username, user.id, user.role)):
        trail.record(event, operator_id=user.id)


def forgive(username: str, *, keys: KeyRing) -> None:
    """Forget, in the open transaction, every failed login under this name; whoever was shut out may try again."""
    name_keys = keys.fingerprints(username, purpose=_PURPOSE)
    current_session().execute(delete(LoginFailure).where(LoginFailure.name_key.in_(name_keys)))
