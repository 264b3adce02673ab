"""Start checks, run them in the threads of this process, and see to it that each has an end."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from multiprocessing.util import Finalize

from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.crypto import KeyRing
from app.core.db import transaction
from app.core.errors import MusterError, Unavailable
from app.core.logging import get_logger
from app.core.settings import Settings
from app.domain.checks import target
from app.domain.checks.beginning import PATIENCE, begin, claim_login
from app.domain.checks.commands import CheckEndpoint
from app.domain.checks.ending import Ended
from app.domain.checks.errors import ChecksBusy
from app.domain.checks.login_turns import LoginTurns
from app.domain.checks.notes import Started, StepEnded
from app.domain.checks.pool import CheckPool, Place
from app.domain.checks.recorder import Recorder
from app.domain.checks.running import Running
from app.domain.checks.target import Target
from app.domain.credentials.guarding import GuardOfChecks
from app.domain.egress.guard import rules_of
from app.engines.check import CheckFact, run_check
from app.engines.ladder import Found, StepFact, Verdict

_NOTICEABLE_S = 0.05
# How long a check waits before it asks again whether one of another process still tries its login: each time longer.
_BETWEEN_CLAIMS_S, _LONGEST_BETWEEN_S = 0.05, 0.4
_LAST_MOMENT_S = 3.0  # what a process that ends gives its checks, and then its store
_BEYOND_DEADLINE_S = 0.5
# It waited for a thread, or for others to try the login, and patience has an end.
_NO_TURN = CheckFact(Verdict("failed", "check.deadline"), [], Found())
_UNREADABLE = CheckFact(
    Verdict("failed", "guard.secret_unreadable"),
    [StepFact(step="guard", outcome="failed", took_ms=0, cause="guard.secret_unreadable")],
    Found(),
)


class CheckService:
    """All checks of one process. Its methods open their own transactions, and none is open while a check waits.

    `on_end` is called when a check has been written, which may have left something in the audit trail. With
    `ends_at_once` what runs when the process ends gets no last moment: somebody at a terminal has stopped it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        keys: Callable[[], KeyRing],
        on_end: Callable[[], None] = lambda: None,
        ends_at_once: bool = False,
    ) -> None:
        self._keys = keys
        self._on_end = on_end
        self._ends_at_once = ends_at_once
        self._kept = settings.checks_kept
        self._pool = CheckPool(threads=settings.check_threads, waiting=settings.check_queue)
        self._recorder = Recorder(kept=settings.checks_kept)
        self._guard = GuardOfChecks(rules_of(settings))
        self._running: set[Running] = set()
        self._logins = LoginTurns()
        self._lock = threading.Lock()
        self._is_finalized = False
        # A call that waits takes a thread of the web server; some are left for everybody else.
        self._waiters = threading.BoundedSemaphore(max(1, settings.threads - 2))

    def check_instance(self, instance_id: int, *, attended: bool, operator_id: int | None) -> Running:
        """Begin the check of an instance.

        :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
        :raises ChecksBusy: too many checks run and wait, and nothing is written; or the system has no thread left.
        """
        find = partial(target.of_instance, instance_id, keys=self._keys(), guard=self._guard)
        return self._begin(find, attended=attended, operator_id=operator_id)

    def check_endpoint(self, command: CheckEndpoint, *, attended: bool, operator_id: int | None) -> Running:
        """Begin the check of an endpoint that is not registered.

        :raises Invalid: there is no such credential.
        :raises CredentialNotBound: the credential is not bound there, whoever asks.
        :raises ChecksBusy: too many checks run and wait; nothing is written.
        """
        find = partial(target.of_endpoint, command, keys=self._keys(), guard=self._guard)
        return self._begin(find, attended=attended, operator_id=operator_id)

    def wait(self, running: Running, *, limited: bool) -> bool:
        """Wait for the end of a check, its deadline and a little more; tells whether it came.

        `limited`: only so many callers may wait at a time, the others learn at once that the check goes on.

        :raises MusterError: its end could not be written.
        """
        with self._waiting(limited=limited) as may_wait:
            if may_wait:
                running.ended.wait(running.spec.deadline_ms / 1000 + _BEYOND_DEADLINE_S)
        if running.failure is not None:
            raise running.failure
        return running.ended.is_set()

    def stop(self) -> None:
        """Take no more checks, give those that run a moment, and write down the others as interrupted."""
        if self._pool.close(patience_s=0.0 if self._ends_at_once else _LAST_MOMENT_S):
            return
        with self._lock:
            left = list(self._running)
        for running in left:
            self._put_end(running)
        end_of_patience = time.monotonic() + _LAST_MOMENT_S
        for running in left:
            running.ended.wait(max(0.0, end_of_patience - time.monotonic()))

    @contextmanager
    def _waiting(self, *, limited: bool) -> Iterator[bool]:
        may_wait = not limited or self._waiters.acquire(blocking=False)
        try:
            yield may_wait
        finally:
            if limited and may_wait:
                self._waiters.release()

    def _begin(self, find: Callable[[], Target], *, attended: bool, operator_id: int | None) -> Running:
        self._end_with_process()
        with self._pool.place() as place:
            with transaction():
                running = begin(
                    find(), attended=attended, operator_id=operator_id, starts_now=self._pool.has_free_thread
                )
            running.place = place
            self._logins.hold(running)
            with self._lock:
                self._running.add(running)
            self._start(running, place)
            return running

    def _start(self, running: Running, place: Place) -> None:
        """Hand over the work; however it fails, the check has an end, and its place is given back."""
        failed = partial(self._put_end, running)
        try:
            place.start(partial(self._run, running), alone=running.alone, failed=failed)
        except ChecksBusy:
            failed()
            raise

    def _end_with_process(self) -> None:
        with self._lock:
            if not self._is_finalized:
                # atexit is not asked in the processes of a web server; before the trail is sealed for the last time
                Finalize(None, self.stop, exitpriority=3)
                self._is_finalized = True

    def _run(self, running: Running) -> None:
        """Run one check from start to end, or let it wait until the one that tries its login has ended."""
        if self._logins.queue(running):
            return
        try:
            if self._may_start(running):
                self._check(running)
            else:
                self._put_end(running, _NO_TURN)
        except (MusterError, SQLAlchemyError) as exc:
            get_logger().error("check.not_started", check_id=running.id, kind=type(exc).__name__)
            self._told(running, exc if isinstance(exc, MusterError) else Unavailable())

    def _may_start(self, running: Running) -> bool:
        """Wait until no other process tries the login; False when that has taken too long already."""
        pause_s = _BETWEEN_CLAIMS_S
        while running.waited_s < PATIENCE.total_seconds():
            if not running.must_claim or claim_login(running):
                self._logins.hold(running)
                self._move_start(running)
                return True
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_BETWEEN_S)
        return False

    def _move_start(self, running: Running) -> None:
        if running.waited_s < _NOTICEABLE_S and not running.must_claim:
            return
        running.started_at = clock.now()
        deadline_at = running.started_at + timedelta(milliseconds=running.spec.deadline_ms)
        self._recorder.put(
            Started(
                check_id=running.id,
                instance_id=running.instance_id,
                started_at=running.started_at,
                deadline_at=deadline_at,
            )
        )

    def _check(self, running: Running) -> None:
        if running.unreadable is not None:
            self._end_unread(running, reason=running.unreadable)
            return
        began, position = time.perf_counter(), 0

        def tell(fact: StepFact) -> None:
            nonlocal position
            position += 1
            note = StepEnded(check_id=running.id, instance_id=running.instance_id, position=position, fact=fact)
            self._recorder.put(note)

        fact = run_check(running.spec, tell=tell)
        took_ms = round((time.perf_counter() - began) * 1000)
        self._put_end(running, fact, took_ms=took_ms)

    def _end_unread(self, running: Running, *, reason: str) -> None:
        """End a check whose secret does not open; nobody is dialled."""
        check_id, instance_id = running.id, running.instance_id
        get_logger().error("check.secret_unreadable", check_id=check_id, instance_id=instance_id, reason=reason)
        [step] = _UNREADABLE.steps
        self._recorder.put(StepEnded(check_id=check_id, instance_id=instance_id, position=1, fact=step))
        self._put_end(running, _UNREADABLE, took_ms=0)

    def _put_end(self, running: Running, fact: CheckFact | None = None, *, took_ms: int | None = None) -> None:
        """Have the end written; without a fact the check is interrupted."""
        end = Ended(
            check_id=running.id,
            instance_id=running.instance_id,
            kept=self._kept,
            fact=fact,
            took_ms=took_ms,
            login=running.login,
        )
        self._recorder.put(end, told=partial(self._told, running))

    def _wake(self, running: Running | None) -> None:
        if running is not None and running.place is not None:
            with suppress(ChecksBusy):  # then it has its end already
                self._start(running, running.place)

    def _told(self, running: Running, failure: MusterError | None) -> None:
        running.failure = failure
        with self._lock:
            self._running.discard(running)
        if running.place is not None:
            running.place.leave()
        running.ended.set()
        self._wake(self._logins.leave(running))
        self._on_end()
