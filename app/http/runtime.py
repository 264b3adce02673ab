"""What one application runs on, made by the composition root and found through the application."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flask import current_app

from app.core.crypto import KeyRing, KeysUnusable
from app.core.db import Database
from app.core.db.schema import SchemaUnusable
from app.core.errors import Unavailable
from app.core.logging import get_logger
from app.core.settings import Settings, SettingsInvalid
from app.domain.access.login import LoginService
from app.domain.audit.refusals import Refusals
from app.domain.checks.service import CheckService
from app.domain.credentials.key_watch import watch_keys

EXTENSION = "muster"


@dataclass(frozen=True, slots=True)
class Parts:
    """What exists once the store is open."""

    database: Database
    keys: KeyRing


class NotReady(Unavailable):
    """The store or the keys cannot be used; the log says why."""

    code = "error.not_ready"

    def __init__(self, part: str = "database") -> None:
        """Name what is not in order: `database`, `schema`, `keys` or `settings`."""
        super().__init__(extra={"part": part})


@dataclass
class Runtime:
    """Settings and, from the first request on, the open store; `version` is that of the program."""

    settings: Settings
    prepare: Callable[[Settings], Parts]
    login: LoginService
    checks: CheckService
    refusals: Refusals = field(default_factory=Refusals)
    version: str = ""
    _parts: Parts | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def parts(self) -> Parts:
        """Return store and keys; the first call opens them.

        :raises NotReady: they cannot be opened; the next call tries again.
        """
        if self._parts is None:
            with self._lock:
                if self._parts is None:
                    self._parts = self._open()
        return self._parts

    def _open(self) -> Parts:
        try:
            parts = self.prepare(self.settings)
            watch_keys(self.settings, parts.database, parts.keys, use=self._use_keys)
        except Exception as exc:  # this runs before Flask's own handlers: what passes here gets no envelope
            get_logger().error("start.failed", reason=str(exc), kind=type(exc).__name__)
            raise NotReady(_part(exc)) from exc
        return parts

    def _use_keys(self, keys: KeyRing) -> None:
        """Go on with another ring; requests that run already end with the one they began with."""
        with self._lock:
            if self._parts is not None:
                self._parts = replace(self._parts, keys=keys)


def _part(failure: Exception) -> str:
    kinds = {KeysUnusable: "keys", SchemaUnusable: "schema", SettingsInvalid: "settings"}
    return next((part for kind, part in kinds.items() if isinstance(failure, kind)), "database")


def keys() -> KeyRing:
    """Return the ring that secrets of the current request are sealed with."""
    return runtime().parts().keys


def runtime() -> Runtime:
    """Return the runtime of the application that serves the current request."""
    found: Runtime = current_app.extensions[EXTENSION]
    return found
