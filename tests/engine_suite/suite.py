"""What every engine must do, whatever it talks to. An engine's file derives the classes and says how to reach one.

`EngineSuite` needs nobody who can log in; `LoginSuite` needs a server with an account.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from app.engines import registry
from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.capability import CAPABILITIES
from app.engines.check import CheckFact, run_check
from app.engines.errors import CAUSES
from app.engines.ladder import STEPS, StepFact
from tests.support.databases import peers
from tests.support.databases.peers import Peer
from tests.support.ports import free_port

SECRET = "S3cret-of-the-suite!"
GRACE_S = 0.5
TRIES = 3  # a deadline is kept by the best of them: the machine may be busy


@dataclass(frozen=True)
class Permissive:
    """A guard that lets everything pass but what a test forbids."""

    forbidden: frozenset[str] = frozenset()
    unbound: bool = False
    asked: list[str] = field(default_factory=list)

    def refuses(self, address: str) -> bool:
        self.asked.append(address)
        return address in self.forbidden

    def admits_login(self, host: str, port: int) -> bool:
        return not self.unbound


def check(spec: ConnectionSpec) -> CheckFact:
    """Check, and look at what every check must keep to."""
    told: list[StepFact] = []
    done = run_check(spec, tell=told.append)
    assert told == done.steps
    assert [one.step for one in told] == [name for name in STEPS if name in {one.step for one in told}]
    assert {one.step for one in told} == set(STEPS)
    assert all(one.cause is None or one.cause in CAUSES for one in told)
    assert all(one.cause is not None for one in told if one.outcome == "failed")
    assert "internal" not in str(done.verdict.cause), told
    if spec.login is not None:
        assert spec.login.password not in repr((spec, done))
    return done


def hides(secret: str) -> list[bytes]:
    """Return the shapes in which a password may go over a wire: as it is, in UTF-16, and as TDS swaps it."""
    wide = secret.encode("utf-16-le")
    swapped = bytes((((one << 4) & 0xF0) | (one >> 4)) ^ 0xA5 for one in wide)
    return [secret.encode(), wide, swapped]


class EngineSuite:
    """What holds on any network, with or without a server."""

    db_type: ClassVar[str]
    more: ClassVar[dict[str, Any]] = {}  # what a spec of this engine always has: service_name …
    greeting: ClassVar[bytes] = b"\x00"  # how its server begins to speak, or to answer

    def spec(self, port: int, **changes: Any) -> ConnectionSpec:
        values: dict[str, Any] = {
            "db_type": self.db_type,
            "host": "127.0.0.1",
            "port": port,
            "guard": Permissive(),
            "login": Login(username="muster", password=SECRET),
            "connect_timeout_ms": 1_000,
            "deadline_ms": 1_500,
            **self.more,
        }
        return ConnectionSpec(**{**values, **changes})

    @pytest.fixture
    def against(self) -> Iterator[Callable[..., tuple[CheckFact, Peer]]]:
        """Check a peer that behaves like this; no byte of the secret may reach it."""
        running: list[Peer] = []

        def run(behave: Callable[[Peer, socket.socket], None], **changes: Any) -> tuple[CheckFact, Peer]:
            here = Peer(behave)
            running.append(here)
            return check(self.spec(here.port, **changes)), here

        yield run
        for here in running:
            here.wait()
            here.close()
            assert not any(shape in here.received for shape in hides(SECRET))

    def test_is_found_by_its_names(self) -> None:
        engine = registry.find_engine(self.db_type)

        assert engine is not None
        assert self.db_type in engine.db_types

    def test_says_of_everything_whether_it_can(self) -> None:
        assert set(registry.capabilities_of(self.db_type)) == set(CAPABILITIES)

    def test_tells_a_closed_port(self) -> None:
        done = check(self.spec(free_port()))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.refused")

    def test_tells_a_host_that_nobody_knows(self) -> None:
        done = check(self.spec(5, host="no-such-host.invalid"))

        assert done.verdict.outcome == "failed"
        assert done.verdict.cause in {"resolve.not_found", "resolve.try_again"}

    def test_dials_no_forbidden_address(self, against: Callable[..., tuple[CheckFact, Peer]]) -> None:
        done, here = against(peers.silent, guard=Permissive(forbidden=frozenset({"127.0.0.1"})))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.network_forbidden")
        assert here.connections == 0

    def test_dials_no_forbidden_address_behind_a_name(self, against: Callable[..., tuple[CheckFact, Peer]]) -> None:
        forbidden = Permissive(forbidden=frozenset({"127.0.0.1", "::1"}))

        done, here = against(peers.silent, host="localhost", guard=forbidden)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.network_forbidden")
        assert here.connections == 0

    def test_dials_nobody_with_a_login_that_is_not_bound(self, against: Callable[..., tuple[CheckFact, Peer]]) -> None:
        done, here = against(peers.silent, guard=Permissive(unbound=True))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.credential_not_bound")
        assert here.connections == 0

    @pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-ca", "verify-full"])
    def test_ends_in_time_with_a_silent_peer(self, against: Callable[..., Any], mode: str) -> None:
        done, _ = self.in_time(lambda: against(peers.silent, tls=TlsOptions(mode=mode)))  # type: ignore[arg-type]

        assert done.verdict.outcome == "failed"
        assert done.verdict.cause in {"greeting.silent", "check.deadline"}

    def test_ends_in_time_with_one_that_dribbles(self, against: Callable[..., Any]) -> None:
        done, _ = self.in_time(lambda: against(peers.dribbles(self.greeting)))

        assert done.verdict.outcome == "failed"

    def test_ends_in_time_with_one_that_never_stops(self, against: Callable[..., Any]) -> None:
        done, _ = self.in_time(lambda: against(peers.floods(self.greeting)))

        assert done.verdict.outcome == "failed"

    @pytest.mark.parametrize("behave", [peers.closes_at_once, peers.resets], ids=["closes", "resets"])
    def test_tells_one_that_hangs_up(self, against: Callable[..., Any], behave: Any) -> None:
        done, _ = against(behave)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.closed")

    @pytest.mark.parametrize("behave", [peers.http, peers.ssh], ids=["http", "ssh"])
    def test_tells_what_is_no_database(self, against: Callable[..., Any], behave: Any) -> None:
        done, _ = against(behave)

        assert done.verdict.outcome == "failed"
        assert done.verdict.cause in {"greeting.not_a_database", "greeting.other_engine", "greeting.silent"}

    @pytest.mark.parametrize("behave", [peers.closes_at_once, peers.resets, peers.ssh], ids=["closes", "resets", "ssh"])
    def test_leaves_no_thread_and_no_socket_behind(self, behave: Any) -> None:
        def climb() -> None:
            with peers.peer(behave) as here:
                check(self.spec(here.port))

        climb()  # what the process keeps for all checks is there from now on
        sockets, threads = _sockets(), _threads()
        for _ in range(3):
            climb()

        assert _none_left(lambda: _sockets() - sockets)
        assert _none_left(lambda: _threads() - threads)

    def in_time(self, run: Callable[[], Any]) -> Any:
        """Return what it found, when the best of three runs ended within the deadline and half a second."""
        took = []
        for _ in range(TRIES):
            began = time.monotonic()
            found = run()
            took.append(time.monotonic() - began)
            if took[-1] <= 1.5 + GRACE_S:
                return found
        raise AssertionError(f"the deadline of 1.5 s was passed: {took}")


class LoginSuite:
    """What holds with a server that has an account; `reachable` is its spec, with a good login."""

    @pytest.fixture
    def reachable(self) -> ConnectionSpec:
        raise NotImplementedError("an engine's own class says how to reach its server")

    def test_climbs_every_step(self, reachable: ConnectionSpec) -> None:
        done = check(reachable)

        assert done.verdict.outcome in {"ok", "degraded"}, done
        assert all(one.outcome == "ok" for one in done.steps if one.step not in {"tls", "privileges", "identify"})

    def test_knows_the_server(self, reachable: ConnectionSpec) -> None:
        server = check(reachable).found.server

        assert server is not None
        assert server.engine == reachable.db_type
        assert server.version
        assert server.version[0].isdigit()
        assert server.uptime_s is None or server.uptime_s >= 0
        assert server.clock_offset_ms is not None
        assert abs(server.clock_offset_ms) < 5_000

    def test_knows_it_again(self, reachable: ConnectionSpec) -> None:
        first, second = (check(reachable).found.server for _ in range(2))

        assert first is not None
        assert second is not None
        assert first.identity == second.identity

    def test_tells_a_wrong_password(self, reachable: ConnectionSpec) -> None:
        assert reachable.login is not None
        wrong = replace(reachable, login=replace(reachable.login, password="wr0ng-" + SECRET))

        done = check(wrong)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "login.refused")
        assert done.found.server is None

    def test_reaches_it_without_a_login(self, reachable: ConnectionSpec) -> None:
        done = check(replace(reachable, login=None))

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "login.no_credential")

    def test_tries_no_login_that_is_suspended(self, reachable: ConnectionSpec) -> None:
        done = check(replace(reachable, suspended=True))

        assert done.verdict.cause == "login.suspended"
        assert next(one.outcome for one in done.steps if one.step == "login") == "skipped"

    def test_serves_many_at_once(self, reachable: ConnectionSpec) -> None:
        found: list[CheckFact] = []
        threads = [threading.Thread(target=lambda: found.append(check(reachable))) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert {one.verdict.outcome for one in found} <= {"ok", "degraded"}
        assert len(found) == len(threads)


# The reader of the process that Oracle's driver runs in, which stays for all checks.
_STAYING = frozenset({"oracle worker"})


def _none_left(look: Callable[[], set[Any]]) -> bool:
    """Wait until there is nothing more, for as long as a resolver or the watchdog may take to end."""
    ends = time.monotonic() + 5
    while look():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


def _threads() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name not in _STAYING}


def _sockets() -> set[str]:
    """Return the sockets of this process by the names that the system has for them."""
    found = set()
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the folder's own descriptor is gone already
            found.add(str(one.readlink()))
    return {one for one in found if one.startswith("socket:")}
