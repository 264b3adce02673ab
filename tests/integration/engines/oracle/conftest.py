"""Peers of ours, and a way to check them."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact, run_check
from app.engines.ladder import StepFact
from app.engines.oracle.adapter import climb
from app.engines.oracle.remote import OracleEngine
from tests.engine_suite.suite import GRACE_S, SECRET, TRIES, Permissive, check, hides
from tests.support.certificates import Authority
from tests.support.databases.peers import Peer
from tests.support.databases.tns_listener import Behave
from tests.support.ports import free_port

PLAIN = TlsOptions(mode="disable")


def spec_of(port: int, **changes: Any) -> ConnectionSpec:
    """Return a spec of an Oracle service without TLS."""
    values: dict[str, Any] = {
        "db_type": "oracle",
        "host": "127.0.0.1",
        "port": port,
        "guard": Permissive(),
        "service_name": "orders",
        "login": Login(username="muster", password=SECRET),
        "tls": PLAIN,
        "connect_timeout_ms": 1_000,
        "deadline_ms": 4_000,
    }
    return ConnectionSpec(**{**values, **changes})


def in_time(deadline_ms: int, run: Callable[[], Any], *, before: Callable[[], object] = lambda: None) -> Any:
    """Return what it found, when the best of three runs ended within the deadline and half a second."""
    took = []
    for _ in range(TRIES):
        before()
        began = time.monotonic()
        found = run()
        took.append(time.monotonic() - began)
        if took[-1] <= deadline_ms / 1000 + GRACE_S:
            return found
    raise AssertionError(f"the deadline of {deadline_ms} ms was passed: {took}")


def step_of(done: CheckFact, name: str) -> StepFact:
    """Return one step of a check."""
    return next(one for one in done.steps if one.step == name)


@pytest.fixture
def run() -> Iterator[Callable[[Behave], Peer]]:
    """Run a peer until the test is over; none may have received the secret."""
    running: list[Peer] = []

    def start(behave: Behave) -> Peer:
        running.append(Peer(behave))
        return running[-1]

    yield start
    for one in running:
        one.close()
        assert not any(shape in one.received for shape in hides(SECRET))


@pytest.fixture
def against(run: Callable[[Behave], Peer]) -> Callable[..., CheckFact]:
    """Check a peer that behaves like this."""
    return lambda behave, **changes: check(spec_of(run(behave).port, **changes))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("oracle-ca"))


def start_worker() -> None:
    """Have a worker that runs: its start takes a while on a busy machine, and no deadline of a test is for that."""
    run_check(spec_of(free_port(), deadline_ms=30_000), tell=lambda _: None)


@pytest.fixture(scope="session", autouse=True)
def _worker_is_there() -> None:
    start_worker()


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let checks run in this process, where a test can look at the loop."""
    monkeypatch.setattr(OracleEngine, "climb", lambda _, *told: climb(*told))
