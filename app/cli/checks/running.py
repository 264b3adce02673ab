"""Check many instances, a few at a time; what one of them does keeps no other waiting."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from app.cli.checks.choosing import Instance
from app.cli.client.api import Api
from app.cli.client.errors import CallRefused

_BUSY, _GONE = 429, 404
_LOOKS_EVERY_S = 0.25
_PATIENCE_S = 300.0  # how long a Muster may say that it is busy


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


def run(api: Api, instances: Sequence[Instance], *, at_once: int, attended: bool) -> Iterator[Result]:
    """Yield each result as it comes.

    :raises CallFailed: Muster is not there any more, or lets nobody in.
    """
    left = iter(instances)
    with ThreadPoolExecutor(at_once, thread_name_prefix="check") as pool:
        running: set[Future[Result]] = set()
        try:
            while True:
                for instance in left:
                    running.add(pool.submit(_check, api, instance, attended=attended))
                    if len(running) == at_once:
                        break
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    yield one.result()
        finally:
            for one in running:
                one.cancel()


def _check(api: Api, instance: Instance, *, attended: bool) -> Result:
    """Check one instance; that it goes, or its check with it, is no matter of the others."""
    try:
        return Result(instance, _ended(api, _begun(api, instance, attended=attended)))
    except CallRefused as exc:
        if exc.status != _GONE:
            raise
        return Result(instance, failure=exc.summary)


def _begun(api: Api, instance: Instance, *, attended: bool) -> Mapping[str, Any]:
    """Begin a check, as soon as Muster is not busy any more."""
    gives_up = time.monotonic() + _PATIENCE_S
    while True:
        try:
            answer = api.run(f"/instances/{instance['id']}/check", {"unattended": not attended})
        except CallRefused as exc:
            if exc.status != _BUSY or time.monotonic() >= gives_up:
                raise
            time.sleep(max(1, int(exc.extra.get("retry_after_s") or 1)))
        else:
            check: Mapping[str, Any] = answer.data["check"]
            return check


def _ended(api: Api, check: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a check when it is over: a Muster that has no thread left to wait answers at once, and checks on.

    It has an end: one that nobody runs any more reads as interrupted.
    """
    while check["status"] == "running":
        time.sleep(_LOOKS_EVERY_S)
        check = api.get(f"/checks/{check['id']}").data["check"]
    return check
