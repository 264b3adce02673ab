"""One check, start to end: guard, resolve, then the engine's own climb; always within the deadline."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from app.core.logging import get_logger
from app.engines import dialing, registry
from app.engines.base import ConnectionSpec
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import STEPS, Found, Ladder, StepFact, Verdict, verdict_of
from app.engines.redaction import Redaction


@dataclass(frozen=True, slots=True)
class CheckFact:
    """How a check went."""

    verdict: Verdict
    steps: list[StepFact]
    found: Found


def run_check(spec: ConnectionSpec, *, tell: Callable[[StepFact], None]) -> CheckFact:
    """Check an endpoint; `tell` hears of each step as it ends. Raises nothing: what fails is in the answer."""
    with suppress(Exception):  # what fails is told when the engine is needed
        registry.find_engine(spec.db_type)  # the first import takes a while, which is not the check's
    secret = Redaction() if spec.login is None else Redaction.of(spec.login.password, known=spec.login.username)
    ladder = Ladder(Deadline(spec.deadline_ms), tell, secret)
    try:
        _climb(spec, ladder)
    except (StepFailed, DeadlinePassed) as exc:
        _tell_late(ladder, exc)
    except Exception as exc:  # noqa: BLE001 - the boundary: a driver may raise anything, and its words may hold a secret
        get_logger().error("check.failed", kind=type(exc).__name__, db_type=spec.db_type)
        _tell_next(ladder, StepFailed("check.internal", detail={"kind": type(exc).__name__}))
    ladder.skip_rest()
    return CheckFact(verdict_of(ladder.steps), ladder.steps, ladder.found_to_tell())


def _climb(spec: ConnectionSpec, ladder: Ladder) -> None:
    dialing.check_guard(spec, ladder)
    addresses = dialing.resolve(spec, ladder)
    try:
        engine = registry.find_engine(spec.db_type)
    except StepFailed as exc:
        with ladder.step("connect"):
            raise exc from None
        raise
    if engine is not None:
        engine.climb(spec, addresses, ladder)
        return
    dialing.connect(spec, addresses, ladder).close()
    ladder.skip("greeting", "not_implemented")


def _tell_late(ladder: Ladder, exc: StepFailed | DeadlinePassed) -> None:
    """Tell what ended the check between two steps; out of a step, the ladder has told it already."""
    if not ladder.steps or ladder.steps[-1].outcome != "failed":
        _tell_next(ladder, exc)


def _tell_next(ladder: Ladder, exc: StepFailed | DeadlinePassed) -> None:
    """Tell the step under way as failed."""
    told = {one.step for one in ladder.steps}
    name = next((name for name in STEPS if name not in told), STEPS[-1])
    with suppress(StepFailed), ladder.step(name):
        raise exc
