"""A thread in every process that serves: it reports the process and its keys, and takes up a changed ring."""

import threading
from collections.abc import Callable
from multiprocessing.util import Finalize

from sqlalchemy.exc import SQLAlchemyError

from app.core.crypto import KeyRing, KeysUnusable
from app.core.db import Database
from app.core.errors import MusterError
from app.core.logging import get_logger
from app.core.settings import Settings
from app.domain.credentials import processes
from app.domain.credentials.keys import reread_keys

_FAILURES = (MusterError, KeysUnusable, SQLAlchemyError, OSError)


def watch_keys(settings: Settings, database: Database, ring: KeyRing, *, use: Callable[[KeyRing], None]) -> None:
    """Report this process and its keys, now and every few seconds; `use` is told of a ring that has changed."""
    if not settings.heartbeat_seconds:
        return
    watch = KeyWatch(settings, database, ring, use=use)
    watch.beat()
    watch.start()
    Finalize(None, watch.leave, exitpriority=1)  # atexit is not asked in the processes of a web server


class KeyWatch(threading.Thread):
    """The heart of a process. A store or a file that fails leaves a line in the log; the next beat tries again."""

    def __init__(
        self, settings: Settings, database: Database, ring: KeyRing, *, use: Callable[[KeyRing], None]
    ) -> None:
        super().__init__(name="key watch", daemon=True)
        self._settings = settings
        self._database = database
        self._ring = ring
        self._use = use
        self._me = processes.Identity()
        self._read_at = self._changed_at()
        self._ended = threading.Event()

    def run(self) -> None:
        """Beat until the process ends."""
        while not self._ended.wait(self._settings.heartbeat_seconds):
            self.beat()

    def beat(self) -> None:
        """Take up a changed ring, then report it: what is reported is in use already."""
        try:
            self._reread()
            with self._database.transaction():
                processes.report(self._me, self._ring.ids)
        except _FAILURES as exc:
            get_logger().warning("keys.not_reported", kind=type(exc).__name__, reason=str(exc))

    def _reread(self) -> None:
        changed_at = self._changed_at()
        if self._settings.keys is not None or changed_at == self._read_at:
            return
        ring = reread_keys(self._settings)
        self._use(ring)
        self._ring, self._read_at = ring, changed_at
        get_logger().info("keys.changed", keys=ring.ids)

    def _changed_at(self) -> tuple[int, int] | None:
        try:
            found = self._settings.keys_path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def leave(self) -> None:
        """Stop, and take the process out of the list; where that fails it counts as alive for a minute more."""
        self._ended.set()
        try:
            with self._database.transaction():
                processes.leave(self._me)
        except _FAILURES as exc:
            get_logger().warning("keys.process_not_taken_out", kind=type(exc).__name__)
