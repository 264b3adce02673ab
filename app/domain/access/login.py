"""Log in and out. No transaction is open while a password is hashed."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.core.db import transaction
from app.core.errors import TooMany
from app.core.settings import Settings
from app.domain.access import repository, sessions
from app.domain.access.commands import LogIn
from app.domain.access.errors import CredentialsRefused
from app.domain.access.passwords import Passwords
from app.domain.access.sessions import Caller, Sessions
from app.domain.access.throttle import Attempt, Throttle

_SLOWED_AT_ONCE = 2  # answers that may be waiting; more would starve the threads that serve others


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who logged in, and the id of the new session, for the cookie alone."""

    caller: Caller
    token: str


class LoginService:
    """Turn a name and a password into a session."""

    def __init__(
        self,
        settings: Settings,
        *,
        passwords: Passwords | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.passwords = passwords or Passwords(settings)
        self.sessions = Sessions(settings)
        self._throttle = Throttle(settings)
        self._sleep = sleep
        self._slowed = threading.BoundedSemaphore(_SLOWED_AT_ONCE)

    def log_in(self, command: LogIn, *, address: str, replaces: str | None = None) -> LoggedIn:
        """Start a session; the one with the hash `replaces` ends.

        Opens its own transactions: one counts the attempt, another writes the session.

        :raises CredentialsRefused: wrong name or password, or a disabled user.
        :raises TooMany: too many failures before this one.
        """
        with transaction():
            user = repository.find_by_name(command.username)
            known = (user.id, user.password_hash) if user is not None and user.is_active else (None, None)
            attempt = self._throttle.begin(user_id=user.id if user else None, address=address)
        user_id, stored = known
        password = command.password.get_secret_value()
        try:
            self._slow_down(attempt)
            fits = self.passwords.verify(stored, password)
        except TooMany:  # nothing was tried, so nothing failed: a crowd must not lock the owner out
            with transaction():
                self._throttle.forget(attempt)
            raise
        if not fits or user_id is None or stored is None:
            raise CredentialsRefused
        rehashed = self.passwords.hash(password) if self.passwords.is_outdated(stored) else None
        with transaction():
            user = repository.find_by_name(command.username)
            if user is None or not user.is_active or user.password_hash != stored:
                raise CredentialsRefused
            if rehashed:
                user.password_hash = rehashed
            self._throttle.succeed(attempt, user_id=user_id, address=address)
            if replaces:
                sessions.end(replaces)
            token = self.sessions.start(user, address=address)
            caller = Caller(user.id, user.username, user.role, "")
        return LoggedIn(caller, token)

    def _slow_down(self, attempt: Attempt) -> None:
        if not attempt.delay_s:
            return
        if not self._slowed.acquire(blocking=False):
            raise TooMany(retry_after_s=1)
        try:
            self._sleep(attempt.delay_s)
        finally:
            self._slowed.release()
