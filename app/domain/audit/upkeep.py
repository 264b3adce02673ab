"""What the trail needs from time to time: seal, tell refusals, let old batches go."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.crypto import KeyRing
from app.core.db import NoTransaction
from app.core.errors import MusterError, Unavailable
from app.core.logging import get_logger
from app.core.settings import Settings
from app.domain.audit import retention, sealing
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.audit.refusals import Refusals

_RETENTION_EVERY = timedelta(hours=1)
_LAST_WAIT_MS = 2_000  # other workers that end at the same moment write too, and nobody comes after them
_ORIGIN = Origin("job", Actor("job:audit"))


class Upkeep:
    """Run soon after something was written, in a thread that ends when it is done; an idle process has none."""

    def __init__(self, settings: Settings, *, keys: Callable[[], KeyRing], refusals: Refusals) -> None:
        self._seconds = settings.audit_seal_seconds
        self._keep_days = settings.audit_retention_days
        self._keys = keys
        self._refusals = refusals
        refusals.call_on_new(self.arm)
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._retention_due = datetime.min.replace(tzinfo=clock.now().tzinfo)

    def arm(self) -> None:
        """See to it that a run comes, `audit_seal_seconds` from now at the latest; 0 leaves it to the command line."""
        if self._timer is not None or not self._seconds:
            return
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(self._seconds, self._run_in_thread)
                self._timer.daemon = True
                self._timer.start()

    def stop(self) -> None:
        """Do now what was to come, because the process ends: tell the refusals that only it knows of, and seal.

        What fails leaves a line in the log: counts are lost then, and the next process that writes seals.
        """
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is None and not self._refusals.is_waiting():
            return
        if timer is not None:
            timer.cancel()
        try:
            with acting_from(_ORIGIN):
                self._refusals.flush(everything=True)
                if self._seconds:
                    sealing.seal_pending(keys=self._keys(), wait_ms=_LAST_WAIT_MS)
        except (MusterError, NoTransaction, DBAPIError) as exc:
            get_logger().warning("audit.upkeep_cut_short", cause=type(exc).__name__)

    def run(self) -> None:
        """Do everything once.

        :raises Unavailable: the store does not answer, or writers did not end for a moment.
        """
        with acting_from(_ORIGIN):
            self._refusals.flush()
            sealing.seal_pending(keys=self._keys())
            if self._keep_days is not None and clock.now() >= self._retention_due:
                while retention.prune(keep_days=self._keep_days).more:
                    pass
                self._retention_due = clock.now() + _RETENTION_EVERY

    def _run_in_thread(self) -> None:
        self._timer, again = None, self._refusals.is_waiting()
        try:
            self.run()
        except (Unavailable, NoTransaction) as exc:
            again = True
            get_logger().info("audit.upkeep_waits", cause=type(exc).__name__)
        except Exception as exc:  # noqa: BLE001 - the boundary of the thread: nobody else would hear of it
            get_logger().error("audit.upkeep_failed", exc_info=exc)
        if again or self._refusals.is_waiting():
            self.arm()
