"""Check many instances, a few at a time; what one of them does keeps no other waiting."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from app.cli.checks.choosing import Instance
from app.cli.client.api import Answer, Api
from app.cli.client.errors import CallFailed, CallRefused

_BUSY, _GONE = 429, 404
_LOOKS_EVERY_S = 0.25
_PATIENCE_S = 300.0  # how long a Muster may say that it is busy
_LONGEST_PAUSE_S = 30.0  # whatever it asks for


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one instance: the check as the API shows it, or why there is none."""

    instance: Instance
    check: Mapping[str, Any] | None = None
    failure: str | None = None

    @classmethod
    def missing(cls, name: str, why: str) -> "Result":
        """Return the result of a name that cannot be checked."""
        return cls({"id": None, "name": name}, failure=why)

    @property
    def is_missing(self) -> bool:
        """Tell whether there was nothing to check."""
        return self.instance["id"] is None

    @property
    def outcome(self) -> str:
        """Return how the check ended; `failed` where there was none."""
        return str(self.check["outcome"]) if self.check is not None else "failed"


class _Stopped(Exception):
    """Nobody waits for the results any more."""


def run(api: Api, instances: Sequence[Instance], *, at_once: int, attended: bool) -> Iterator[Result]:
    """Yield each result as it comes; whoever stops to take them, as by Ctrl-C, waits for no call that is under way.

    :raises CallFailed: Muster is not there any more, or lets nobody in.
    """
    work = _Work(api, instances, attended=attended)
    # Daemons: the interpreter, at its end, would wait for any other thread.
    threads = [Thread(target=work.run, name="check", daemon=True) for _ in range(min(at_once, len(instances)))]
    try:
        for thread in threads:
            thread.start()
        for _ in instances:
            yield work.take()
    except CallFailed:
        work.stop.set()
        for thread in threads:  # what is under way has its end, before a store of this process is closed
            thread.join()
        raise
    finally:
        work.stop.set()


class _Work:
    """What the threads of a run have in common: who is next, what came of it, and whether to go on."""

    def __init__(self, api: Api, instances: Sequence[Instance], *, attended: bool) -> None:
        self._check = partial(_check, api, attended=attended)
        self._todo: SimpleQueue[Instance] = SimpleQueue()
        self._done: SimpleQueue[Result | BaseException] = SimpleQueue()
        self.stop = Event()
        for instance in instances:
            self._todo.put(instance)

    def take(self) -> Result:
        """Return the next result.

        :raises CallFailed: there is none, and there will be no other one.
        """
        while True:
            try:
                # Not without end: where another thread takes the signal, Ctrl-C wakes no thread that waits on a lock.
                done = self._done.get(timeout=_LOOKS_EVERY_S)
            except Empty:
                continue
            if isinstance(done, BaseException):
                raise done
            return done

    def run(self) -> None:
        """Check what is next until nothing is left."""
        while not self.stop.is_set():
            try:
                self._done.put(self._check(self._todo.get_nowait(), stop=self.stop))
            except (Empty, _Stopped):
                return
            except BaseException as exc:  # noqa: BLE001 - the thread that takes the results raises it
                self.stop.set()
                self._done.put(exc)


def _check(api: Api, instance: Instance, *, attended: bool, stop: Event) -> Result:
    """Check one instance; that it goes, or its check with it, is no matter of the others."""
    try:
        return Result(instance, _ended(api, _begun(api, instance, attended=attended, stop=stop), stop))
    except CallRefused as exc:
        if exc.status != _GONE:
            raise
        return Result(instance, failure=exc.summary)


def _begun(api: Api, instance: Instance, *, attended: bool, stop: Event) -> Mapping[str, Any]:
    body = {"unattended": not attended}
    return _shown(lambda: api.run(f"/instances/{instance['id']}/check", body), stop)


def _ended(api: Api, check: Mapping[str, Any], stop: Event) -> Mapping[str, Any]:
    """Return a check when it is over: a Muster that has no thread left to wait answers at once, and checks on.

    It has an end: one that nobody runs any more reads as interrupted.
    """
    path = f"/checks/{check['id']}"
    while check["status"] == "running":
        if _wait(stop, _LOOKS_EVERY_S):
            raise _Stopped
        check = _shown(lambda: api.get(path), stop)
    return check


def _shown(call: Callable[[], Answer], stop: Event) -> Mapping[str, Any]:
    """Call as soon as Muster, or what stands before it, is not busy any more; return the check of the answer.

    :raises CallFailed: there is no answer, or it is no; also where it has been busy for too long.
    """
    gives_up = time.monotonic() + _PATIENCE_S
    while True:
        try:
            check: Mapping[str, Any] = call().data["check"]
        except CallFailed as exc:
            if exc.status != _BUSY or time.monotonic() >= gives_up:
                raise
            pause = min(max(1, exc.retry_after_s), _LONGEST_PAUSE_S)
        else:
            return check
        if _wait(stop, pause):
            raise _Stopped


def _wait(stop: Event, seconds: float) -> bool:
    """Wait; tells whether nobody waits any more for what comes of it."""
    return stop.wait(seconds)
