"""From a host to a socket: what is forbidden is never dialled, every address gets its share, resolvers may hang."""

import socket
import threading
import time
from contextlib import contextmanager
from ipaddress import ip_network

import pytest

from app.domain.egress.bindings import Bindings
from app.domain.egress.guard import EgressGuard
from app.domain.egress.networks import DialRules
from app.engines import dialing
from app.engines.base import ConnectionSpec, Login
from app.engines.check import run_check
from tests.support.databases.peers import peer, silent
from tests.support.ports import free_port

SECRET = "S3cret-of-the-listener!"
GRACE_S, TRIES = 0.5, 3
HERE = DialRules(allow_loopback=True)


def spec(port, *, host="db1.example.com", rules=HERE, bindings=None, **more):
    guard = EgressGuard(rules=rules, db_type="redis", bindings=bindings)
    login = Login(username="muster", password=SECRET) if bindings is not None else None
    return ConnectionSpec(db_type="redis", host=host, port=port, guard=guard, login=login, **more)


def check(told_spec):
    fact = run_check(told_spec, tell=lambda _: None)
    return fact, {one.step: one for one in fact.steps}


@pytest.fixture
def resolves(monkeypatch):
    """Let each name resolve to these addresses, and count how often that was asked."""
    asked = []

    def to(*addresses):
        def look_up(host, *_, **__):
            asked.append(host)
            return [
                (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0))
                for one in addresses
            ]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return to


@contextmanager
def unanswering(port):
    """Listen on 127.0.0.2 with a queue that is full, so that a connect waits as it does before a dead host."""
    listener, waiting = socket.socket(), []
    try:
        listener.bind(("127.0.0.2", port))
        listener.listen(0)
        for _ in range(8):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.2", port))
            waiting.append(one)
        yield
    finally:
        for one in (*waiting, listener):
            one.close()


class TestAForbiddenAddress:
    @pytest.mark.parametrize("host", ["127.0.0.1", "::ffff:127.0.0.1", "localhost"])
    def test_is_not_dialled_whatever_it_is_called(self, host):
        with peer(silent) as listener:
            fact, steps = check(spec(listener.port, host=host, rules=DialRules()))

            assert fact.verdict.cause == "guard.network_forbidden"
            assert steps["connect"].outcome == "skipped"
            assert (listener.connections, bytes(listener.received)) == (0, b"")

    def test_behind_a_name_is_told_and_not_dialled(self, resolves):
        with peer(silent) as listener:
            resolves("127.0.0.1", "::1")
            fact, steps = check(spec(listener.port, rules=DialRules()))

            assert fact.verdict.cause == "guard.network_forbidden"
            assert steps["resolve"].detail == {"addresses": [], "forbidden": ["127.0.0.1", "::1"]}
            assert listener.connections == 0

    def test_among_others_is_left_out(self, resolves):
        with peer(silent) as listener:
            resolves("169.254.169.254", "127.0.0.1", "::ffff:169.254.169.254", "fe80::1%eth0")
            _, steps = check(spec(listener.port))

            assert steps["resolve"].detail["addresses"] == ["127.0.0.1"]
            assert steps["resolve"].detail["forbidden"] == ["169.254.169.254", "fe80::1"]
            assert steps["connect"].detail == {"address": "127.0.0.1"}

    def test_outside_of_the_networks_of_the_settings_is_not_dialled(self):
        with peer(silent) as listener:
            rules = DialRules(True, (ip_network("10.0.0.0/8"),))

            assert (
                check(spec(listener.port, host="127.0.0.1", rules=rules))[0].verdict.cause == "guard.network_forbidden"
            )
            assert listener.connections == 0

    def test_cannot_come_in_by_a_second_answer_of_the_resolver(self, resolves):
        asked = resolves("127.0.0.1")
        with peer(silent) as listener:
            check(spec(listener.port))

        assert asked == ["db1.example.com"]


class TestALoginThatIsNotBoundThere:
    def test_reaches_no_listener(self):
        with peer(silent) as listener:
            bindings = Bindings(hosts=["db1.example.com"], networks=["10.0.0.0/8"])
            fact, steps = check(spec(listener.port, host="127.0.0.1", bindings=bindings))

            assert (fact.verdict.outcome, fact.verdict.cause) == ("failed", "guard.credential_not_bound")
            assert (listener.connections, bytes(listener.received)) == (0, b"")
            assert SECRET not in repr(steps)


class TestSeveralAddresses:
    def test_are_tried_until_one_answers(self, resolves):
        with peer(silent) as listener:
            resolves("127.0.0.3", "127.0.0.2", "127.0.0.1")
            fact, steps = check(spec(listener.port))

        refused = [{"address": one, "cause": "connect.refused"} for one in ("127.0.0.3", "127.0.0.2")]
        assert steps["connect"].detail == {"address": "127.0.0.1", "tried": refused}
        assert fact.found.address == "127.0.0.1"

    def test_share_the_time_so_that_a_dead_one_does_not_take_it_all(self, resolves):
        with peer(silent) as listener, unanswering(listener.port):
            resolves("127.0.0.2", "127.0.0.1")
            _, steps = check(spec(listener.port, deadline_ms=1_000))

        assert steps["connect"].detail["tried"] == [{"address": "127.0.0.2", "cause": "connect.timeout"}]
        assert steps["connect"].detail["address"] == "127.0.0.1"

    def test_that_are_all_dead_are_all_told(self, resolves):
        resolves("127.0.0.2", "127.0.0.1")

        fact, steps = check(spec(free_port()))

        assert fact.verdict.cause == "connect.refused"
        assert [one["address"] for one in steps["connect"].detail["tried"]] == ["127.0.0.2", "127.0.0.1"]

    def test_are_dialled_once_each(self, resolves):
        resolves("127.0.0.1", "::ffff:127.0.0.1", "127.0.0.1")

        _, steps = check(spec(free_port()))

        assert steps["resolve"].detail["addresses"] == ["127.0.0.1"]

    def test_of_a_family_that_this_machine_lacks_are_passed_over(self, resolves, monkeypatch):
        real = socket.socket

        def without_ipv6(family=socket.AF_INET, *rest, **more):
            if family == socket.AF_INET6:
                raise OSError(97, "Address family not supported by protocol")
            return real(family, *rest, **more)

        with peer(silent) as listener:
            resolves("2001:db8::1", "127.0.0.1")
            monkeypatch.setattr(dialing.socket, "socket", without_ipv6)
            _, steps = check(spec(listener.port))

        assert steps["connect"].detail["tried"] == [{"address": "2001:db8::1", "cause": "connect.unreachable"}]
        assert steps["connect"].outcome == "ok"


class TestADeadHost:
    def test_ends_at_the_time_of_the_connect_or_of_the_check(self):
        port = free_port()
        with unanswering(port):
            for limits in ({"connect_timeout_ms": 200}, {"deadline_ms": 200}):
                took = []
                for _ in range(TRIES):
                    began = time.monotonic()
                    fact, _ = check(spec(port, host="127.0.0.2", **limits))
                    took.append(time.monotonic() - began)

                    assert fact.verdict.cause == "connect.timeout"
                assert min(took) < 0.2 + GRACE_S


class TestAResolver:
    @pytest.fixture
    def hangs(self, monkeypatch):
        released = threading.Event()

        def hang(*_, **__):
            released.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "released")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        yield
        released.set()
        for thread in threading.enumerate():
            if thread.name == "resolver":
                thread.join(5)

    def test_that_hangs_ends_with_the_check(self, hangs):
        took = []
        for _ in range(TRIES):
            began = time.monotonic()
            fact, steps = check(spec(1, deadline_ms=200))
            took.append(time.monotonic() - began)

            assert (fact.verdict.cause, steps["connect"].outcome) == ("resolve.try_again", "skipped")
        assert min(took) < 0.2 + GRACE_S

    def test_that_hangs_takes_three_seconds_of_a_longer_check(self, hangs, monkeypatch):
        monkeypatch.setattr(dialing, "RESOLVE_MS", 100)
        began = time.monotonic()

        assert check(spec(1, deadline_ms=30_000))[0].verdict.cause == "resolve.try_again"
        assert time.monotonic() - began < 15

    def test_that_hangs_for_all_takes_no_more_threads_than_there_may_be(self, hangs, monkeypatch):
        monkeypatch.setattr(dialing, "_resolvers", threading.BoundedSemaphore(2))

        causes = {check(spec(1, deadline_ms=100))[0].verdict.cause for _ in range(4)}

        assert causes == {"resolve.try_again"}
        assert len([one for one in threading.enumerate() if one.name == "resolver"]) == 2

    def test_that_could_not_begin_leaves_its_place_to_others(self, monkeypatch):
        def no_thread(_):
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(dialing, "_resolvers", threading.BoundedSemaphore(1))
        for _ in range(2):
            with monkeypatch.context() as full:
                full.setattr(threading.Thread, "start", no_thread)
                assert check(spec(1, deadline_ms=100))[0].verdict.cause == "resolve.try_again"

        monkeypatch.setattr(dialing, "_ask_resolver", lambda _: [dialing.Address("127.0.0.1", socket.AF_INET)])
        assert check(spec(free_port()))[0].verdict.cause == "connect.refused"

    @pytest.mark.parametrize(
        ("error", "cause"),
        [
            (socket.gaierror(socket.EAI_NONAME, "x"), "resolve.not_found"),
            (socket.gaierror(socket.EAI_NODATA, "x"), "resolve.not_found"),
            (socket.gaierror(socket.EAI_FAIL, "x"), "resolve.not_found"),
            (socket.gaierror(socket.EAI_AGAIN, "x"), "resolve.try_again"),
            (UnicodeError("label too long"), "resolve.not_found"),
        ],
    )
    def test_that_fails_is_told_by_its_code(self, monkeypatch, error, cause):
        def fail(*_, **__):
            raise error

        monkeypatch.setattr(socket, "getaddrinfo", fail)

        assert check(spec(1))[0].verdict.cause == cause


class TestAnEngineThatIsNotThere:
    def test_ends_at_the_connection(self):
        with peer(silent) as listener:
            fact, steps = check(spec(listener.port, host="127.0.0.1"))

        assert (fact.verdict.outcome, fact.verdict.cause) == ("reachable", "not_implemented")
        assert (steps["greeting"].outcome, steps["greeting"].cause) == ("skipped", "not_implemented")
