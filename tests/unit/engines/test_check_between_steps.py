"""A check that ends between two steps has failed, whatever its steps were."""

import pytest

from app.engines import check, registry
from app.engines.base import ConnectionSpec
from app.engines.check import run_check
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed


class Anybody:
    def refuses(self, address: str) -> bool:
        return False

    def admits_login(self, host: str, port: int) -> bool:
        return True


class Nobody(Anybody):
    def refuses(self, address: str) -> bool:
        return True


class EndsBetween:
    """An engine that takes a step, and ends before the next one begins."""

    def __init__(self, exc: Exception) -> None:
        self.exc = exc

    def climb(self, spec, addresses, ladder):
        with ladder.step("connect"):
            pass
        raise self.exc


def test_does_not_count_the_import_of_the_engine(monkeypatch):
    happened = []

    def find_engine(db_type):
        happened.append("imported")

    def begin(ms):
        happened.append("begun")
        return Deadline(ms)

    monkeypatch.setattr(registry, "find_engine", find_engine)
    monkeypatch.setattr(check, "Deadline", begin)
    check.run_check(ConnectionSpec(db_type="redis", host="192.0.2.1", port=1, guard=Nobody()), tell=lambda _: None)

    assert happened[:2] == ["imported", "begun"]


def test_tells_an_engine_that_cannot_be_imported_when_it_is_needed(monkeypatch):
    def find_engine(db_type):
        raise ValueError("a broken package")

    monkeypatch.setattr(registry, "find_engine", find_engine)

    done = run_check(ConnectionSpec(db_type="redis", host="127.0.0.1", port=1, guard=Anybody()), tell=lambda _: None)

    assert [one.cause for one in done.steps if one.outcome == "failed"] == ["check.internal"]


@pytest.mark.parametrize(
    ("exc", "cause"),
    [(DeadlinePassed(), "greeting.silent"), (StepFailed("check.interrupted"), "check.interrupted")],
)
def test_tells_the_step_under_way_as_failed(monkeypatch, exc, cause):
    monkeypatch.setattr(registry, "find_engine", lambda _: EndsBetween(exc))
    spec = ConnectionSpec(db_type="oracle", host="127.0.0.1", port=1521, guard=Anybody())

    done = run_check(spec, tell=lambda _: None)

    assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
    assert [one.step for one in done.steps if one.outcome == "failed"] == ["greeting"]
