"""The steps of a check: each timed, told when it ends, and with what the check has found so far."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from app.engines.deadline import Deadline
from app.engines.errors import Cause, DeadlinePassed, StepFailed
from app.engines.facts import PrivilegeFact, ServerFact, TlsFact
from app.engines.redaction import Redaction

StepName = Literal["guard", "resolve", "connect", "greeting", "tls", "login", "identify", "privileges"]
StepOutcome = Literal["ok", "failed", "skipped"]
Outcome = Literal["ok", "degraded", "reachable", "failed"]
STEPS: tuple[StepName, ...] = get_args(StepName)

# These end in a failure of their own, and the check goes on.
_SOFT: frozenset[StepName] = frozenset({"identify", "privileges"})
# Why nobody logged in to a server that did answer.
_NO_LOGIN_DUE: frozenset[Cause] = frozenset(
    {"login.no_credential", "login.suspended", "server.standby_closed", "not_implemented"}
)
_TOO_LATE: Mapping[StepName, Cause] = {
    "resolve": "resolve.try_again",
    "connect": "connect.timeout",
    "greeting": "greeting.silent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFact:
    """One step that is over. `cause` says why it failed or was skipped, or what it leaves to be desired."""

    step: StepName
    outcome: StepOutcome
    took_ms: int
    cause: Cause | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Step:
    """A step under way: `detail` is shown with it; `warning` makes a good one degrade the check."""

    detail: dict[str, Any] = field(default_factory=dict)
    warning: Cause | None = None


@dataclass(slots=True)
class Found:
    """What is known so far."""

    address: str | None = None
    tls: TlsFact | None = None
    server: ServerFact | None = None
    privileges: list[PrivilegeFact] = field(default_factory=list)


class Ladder:
    """Tells each step to `tell` as it ends, redacted."""

    def __init__(
        self, deadline: Deadline, tell: Callable[[StepFact], None], redaction: Redaction | None = None
    ) -> None:
        self.deadline = deadline
        self._redaction = redaction or Redaction()
        self.found = Found()
        self.steps: list[StepFact] = []
        self._tell = tell

    @contextmanager
    def step(self, name: StepName) -> Iterator[Step]:
        """Time one step and tell how it ended. A failed `identify` or `privileges` lets the check go on.

        :raises StepFailed: it failed; it is told already, and free of whatever exception it came from.
        """
        began, step = time.perf_counter(), Step()
        try:
            self.deadline.left_s()
            yield step
        except (StepFailed, DeadlinePassed) as exc:
            self.clear(exc)
            failed = self._as_cut_off(name, exc)
            self._add(name, "failed", began, failed.cause, {**step.detail, **failed.detail})
            if name not in _SOFT or self.deadline.cut is not None or self.deadline.is_over:
                raise failed from None
        else:
            self._add(name, "ok", began, step.warning, step.detail)

    def clear(self, exc: StepFailed | DeadlinePassed) -> None:
        """Take from an exception what it must not carry on: the secret, and the driver's own exception behind it."""
        exc.__cause__ = exc.__context__ = None
        if isinstance(exc, StepFailed):
            exc.detail = self._redaction.apply(exc.detail)

    def skip(self, name: StepName, cause: Cause | None = None, detail: Mapping[str, Any] | None = None) -> None:
        """Tell that a step is not taken, and why; without a cause because there is nothing to do."""
        self._add(name, "skipped", time.perf_counter(), cause, detail or {})

    def adopt(self, fact: StepFact) -> None:
        """Tell a step that was taken, and timed, by another process."""
        shown = replace(fact, detail=self._redaction.apply(fact.detail))
        self.steps.append(shown)
        self._tell(shown)

    def found_to_tell(self) -> Found:
        """Return what was found as it may be told; `found` has the server's own words for the engine."""
        shown: Found = self._redaction.apply(self.found)
        return shown

    def skip_rest(self) -> None:
        """Tell all steps as skipped that have not been told."""
        told = {one.step for one in self.steps}
        for name in STEPS:
            if name not in told:
                self.skip(name)

    def _as_cut_off(self, name: StepName, exc: StepFailed | DeadlinePassed) -> StepFailed:
        """Name what really ended the step: a connection that we cut looks like one that the server lost."""
        if self.deadline.cut == "too_large":
            return StepFailed("guard.answer_too_large", detail={"limit_bytes": self.deadline.budget_bytes})
        if isinstance(exc, StepFailed) and self.deadline.cut is None:
            return exc
        return StepFailed(_TOO_LATE.get(name, "check.deadline"))

    def _add(
        self, name: StepName, outcome: StepOutcome, began: float, cause: Cause | None, detail: Mapping[str, Any]
    ) -> None:
        took_ms = round((time.perf_counter() - began) * 1000)
        fact = StepFact(step=name, outcome=outcome, took_ms=took_ms, cause=cause, detail=dict(detail))
        self.adopt(fact)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ended, and the cause of the first step that is not as it should be."""

    outcome: Outcome
    cause: Cause | None


def verdict_of(steps: list[StepFact]) -> Verdict:
    """Judge a check by its steps.

    A failed step counts before a warning; a login that was not due makes a server that answered `reachable`.
    """
    failed = [one for one in steps if one.outcome == "failed"]
    kept_out = next((one.cause for one in steps if one.cause in _NO_LOGIN_DUE and one.outcome != "ok"), None)
    warned = next((one.cause for one in steps if one.outcome == "ok" and one.cause is not None), None)
    answered = any(one.step == "connect" and one.outcome == "ok" for one in steps)
    hard = [one for one in failed if one.step not in _SOFT and one.cause not in _NO_LOGIN_DUE]
    if hard:
        return Verdict("failed", hard[0].cause)
    if kept_out is not None:
        return Verdict("reachable" if answered else "failed", kept_out)
    if failed or warned:
        return Verdict("degraded", failed[0].cause if failed else warned)
    return Verdict("ok", None)
