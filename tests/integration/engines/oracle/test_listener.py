"""What a listener says, or does not say, and where it sends a client."""

import threading
from dataclasses import dataclass, field

import pytest

from app.engines import probing
from app.engines.oracle.loop import CURRENT
from app.engines.oracle.route import Route
from tests.engine_suite.suite import SECRET, Permissive, check, hides
from tests.integration.engines.oracle.conftest import in_time, spec_of, step_of
from tests.support.databases import oracle_server, peers, tns_listener
from tests.support.ports import free_port

REFUSALS = {
    12504: "service.unknown",
    12505: "service.unknown",
    12506: "access.host_not_allowed",
    12514: "service.unknown",
    12516: "server.too_many_connections",
    12518: "server.too_many_connections",
    12519: "server.too_many_connections",
    12520: "server.too_many_connections",
    12521: "service.unknown",
    12526: "server.restricted",
    12527: "service.blocked",
    12528: "service.blocked",
    12529: "access.host_not_allowed",
    12564: "access.host_not_allowed",
    12999: "login.other",
}


class TestARefusal:
    @pytest.mark.parametrize(("number", "cause"), REFUSALS.items())
    def test_becomes_its_cause(self, against, number, cause):
        done = against(tns_listener.refuses(number))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert step_of(done, "greeting").detail == {"answer": "refuse"}
        assert step_of(done, "login").detail["server_code"] == f"ORA-{number:05}"

    def test_of_a_sid_names_it(self, against):
        done = against(tns_listener.refuses(12505), service_name=None, sid="OLD1")

        assert done.verdict.cause == "service.unknown"
        assert "OLD1" in step_of(done, "login").detail["server_text"]

    def test_without_a_number_is_kept_as_it_is(self, against):
        done = against(tns_listener.says(tns_listener.packet(tns_listener.REFUSE, b"\0\0\0\0")))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "login.other")

    def test_of_a_spec_without_a_service_is_the_listeners_to_make(self, against):
        done = against(tns_listener.refuses(12504), service_name=None)

        assert done.verdict.cause == "service.unknown"


class TestAListener:
    def test_may_ask_for_the_packet_again(self, against):
        done = against(tns_listener.resends(1, tns_listener.refuses(12514)))

        assert done.verdict.cause == "service.unknown"

    def test_may_not_ask_for_ever(self, against):
        done = against(tns_listener.resends(10_000, peers.silent))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "greeting.not_a_database")

    def test_of_11g_is_too_old(self, against):
        done = against(tns_listener.says(tns_listener.accept(314)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "driver.server_unsupported")
        assert step_of(done, "login").detail["server_code"] == "DPY-3010"

    def test_that_hangs_up_behind_its_accept_has_closed(self, against):
        done = against(lambda here, sock: (tns_listener.connect_data(here, sock), sock.sendall(tns_listener.accept())))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.closed")
        assert step_of(done, "login").outcome == "failed"

    def test_that_is_silent_behind_its_accept_is_cut_off(self, against):
        done = against(tns_listener.says(tns_listener.accept()), deadline_ms=700)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "check.deadline")

    def test_that_speaks_as_mysql_is_one(self, against):
        done = against(peers.mysql_greeting)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "greeting.other_engine")
        assert step_of(done, "greeting").detail["speaks"] in {"mysql", "mariadb"}

    def test_that_is_a_postgresql_server_is_told_as_one(self, against):
        def behave(here, sock):
            if here.read(sock, 8) == probing.SSL_REQUEST:
                sock.sendall(b"N")

        done = against(behave)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "greeting.other_engine")
        assert step_of(done, "greeting").detail["speaks"] == "postgresql"

    def test_is_reached_without_a_login_by_a_ping(self, against):
        done = against(tns_listener.refuses(12514), login=None)

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "login.no_credential")
        assert step_of(done, "greeting").detail["listener_version"] == "19.0.0.0.0"

    def test_is_asked_for_no_service_while_the_login_is_suspended(self, run):
        here = run(tns_listener.refuses(12514))

        done = check(spec_of(here.port, suspended=True))

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "login.suspended")
        assert b"orders" not in here.received

    def test_is_none_when_it_does_not_answer_a_ping(self, against):
        done = against(peers.silent, login=None, deadline_ms=600)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "greeting.silent")


@dataclass(frozen=True)
class Bound:
    """A guard that lets a login go to some ports only."""

    ports: frozenset[int]
    forbidden: frozenset[str] = frozenset()
    asked: list[tuple[str, int]] = field(default_factory=list)

    def refuses(self, address: str) -> bool:
        return address in self.forbidden

    def admits_login(self, host: str, port: int) -> bool:
        self.asked.append((host, port))
        return port in self.ports


class TestARedirect:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_is_followed_where_the_login_may_go(self, run, host):
        target = run(tns_listener.refuses(12528))
        first = run(tns_listener.redirects(host, target.port))
        guard = Bound(frozenset({first.port, target.port}))

        done = check(spec_of(first.port, guard=guard))

        assert done.verdict.cause == "service.blocked"
        assert (host, target.port) in guard.asked
        assert target.connections == 1

    def test_is_not_followed_where_it_may_not(self, run):
        target = run(tns_listener.refuses(12528))
        first = run(tns_listener.redirects("127.0.0.1", target.port))

        done = check(spec_of(first.port, guard=Bound(frozenset({first.port}))))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.redirect_refused")
        assert step_of(done, "login").detail["redirect"] == f"127.0.0.1:{target.port}"
        assert target.connections == 0

    def test_to_a_forbidden_address_is_not_followed(self, run):
        first = run(tns_listener.redirects("169.254.169.254", 80))

        done = check(spec_of(first.port, guard=Permissive(forbidden=frozenset({"169.254.169.254"}))))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.redirect_refused")

    @pytest.mark.parametrize(
        "host", ["127.0.0.1/x", "a b", "", "h\u00f6st", "x" * 300, "-", "0x7f000001@evil"], ids=lambda host: host[:12]
    )
    def test_to_what_is_no_host_is_not_followed(self, run, host):
        first = run(tns_listener.redirects(host, 1521))

        done = check(spec_of(first.port, deadline_ms=1_500))

        assert done.verdict.outcome == "failed"
        assert done.verdict.cause in {"guard.redirect_refused", "resolve.not_found", "resolve.try_again", "login.other"}

    def test_to_a_closed_port_says_so(self, run):
        port = free_port()
        first = run(tns_listener.redirects("127.0.0.1", port))

        done = check(spec_of(first.port))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.refused")
        assert step_of(done, "login").detail["redirect"] == f"127.0.0.1:{port}"

    def test_in_a_circle_ends(self, run):
        port: list[int] = []

        def to_itself(here, sock):
            tns_listener.redirects("127.0.0.1", port[0])(here, sock)

        first = run(to_itself)
        port.append(first.port)

        done = check(spec_of(first.port))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.redirect_refused")
        assert first.connections <= 5

    def test_leads_to_a_login(self, run):
        database = oracle_server.standard("muster", SECRET)
        target = run(database.behave)
        first = run(tns_listener.redirects("localhost", target.port))

        done = check(spec_of(first.port))

        assert (done.verdict.outcome, done.verdict.cause) == ("ok", None)
        assert database.logins == 1

    def test_takes_no_proof_of_the_password_to_a_stranger(self, run):
        database = oracle_server.standard("muster", SECRET)
        target = run(database.behave)
        first = run(tns_listener.redirects("127.0.0.1", target.port))

        check(spec_of(first.port, guard=Bound(frozenset({first.port}))))

        assert target.received == b""
        assert database.logins == 0


@pytest.mark.usefixtures("in_process")
class TestAHostilePeer:
    @pytest.mark.parametrize(
        "answer",
        [
            bytes(64),
            tns_listener.accept() + bytes(64),
            pytest.param(
                tns_listener.packet(tns_listener.REDIRECT, b"\xff\xff")
                + tns_listener.packet(tns_listener.DATA, b"\0\0x"),
                marks=pytest.mark.slow,
            ),
            tns_listener.packet(tns_listener.REFUSE, b"\0\0\xff\xff"),
            tns_listener.packet(tns_listener.REFUSE, b"\0\0\0\x0a(ERR=ab)xx"),
            tns_listener.packet(tns_listener.ACCEPT, b""),
            tns_listener.packet(14, b"\0\x09"),
            tns_listener.packet(12, b"\x01\0\x01"),
        ],
        ids=["zeros", "zeros-behind-accept", "long-redirect", "long-refuse", "no-number", "short-accept", "14", "12"],
    )
    def test_keeps_nobody(self, against, answer):
        done = in_time(800, lambda: against(tns_listener.says(answer), deadline_ms=800))

        assert done.verdict.outcome == "failed"
        assert CURRENT.get().answers()

    @pytest.mark.parametrize("head", [tns_listener.accept(), tns_listener.refusal(12514), b"\0\x40\0\0\x06\0\0\0"])
    def test_that_floods_is_cut_off(self, against, head):
        done = against(peers.floods(head), deadline_ms=1_500)

        assert done.verdict.outcome == "failed"
        assert CURRENT.get().answers()

    def test_that_sends_more_than_a_check_reads_is_cut_off(self, against):
        """A packet may announce 4 GB behind an ACCEPT; nobody waits for its end."""

        def behave(here, sock):
            tns_listener.connect_data(here, sock)
            sock.sendall(tns_listener.accept())
            tns_listener.read_packet(here, sock, wide=True)
            sock.sendall(b"\xff\xff\xff\xff\x06\0\0\0")
            while not here.is_over:
                sock.sendall(bytes(65_536))

        done = against(behave)

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.answer_too_large")

    def test_may_not_have_the_password_hashed_for_ever(self, run):
        database = oracle_server.standard("muster", SECRET, rounds=2_000_000_000)
        here = run(database.behave)

        done = in_time(4_000, lambda: check(spec_of(here.port, deadline_ms=4_000)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.answer_too_large")
        assert CURRENT.get().answers()


@pytest.mark.usefixtures("in_process")
class TestTheLoop:
    @pytest.mark.slow
    def test_ends_two_hundred_silent_probes_in_one_deadline(self, run):
        silent = [run(peers.silent) for _ in range(5)]  # each with a backlog of its own
        ended: list[str | None] = []

        def one(port: int) -> None:
            ended.append(check(spec_of(port, deadline_ms=2_000, connect_timeout_ms=2_000)).verdict.cause)

        def all_at_once() -> None:
            ended.clear()
            threads = [threading.Thread(target=one, args=(silent[number % 5].port,)) for number in range(200)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        loops = _loop_threads()
        in_time(2_000, all_at_once)

        assert ended == ["greeting.silent"] * 200
        assert _loop_threads() <= max(loops, 1)

    def test_that_a_peer_keeps_busy_is_left_to_it(self, run):
        busy = CURRENT.get()
        held = threading.Event()
        busy.loop.call_soon_threadsafe(held.wait, 5)
        here = run(tns_listener.refuses(12514))

        try:
            stuck = check(spec_of(here.port, deadline_ms=300))
            done = check(spec_of(here.port))
        finally:
            held.set()

        assert stuck.verdict.outcome == "failed"
        assert done.verdict.cause == "service.unknown"
        assert CURRENT.get() is not busy

    def test_dials_nobody_for_a_task_that_belongs_to_no_check(self, run):
        here = run(peers.silent)
        thread = CURRENT.get()

        for attempt in (
            lambda: thread.loop.create_connection(lambda: None, "127.0.0.1", here.port),
            lambda: thread.loop.getaddrinfo("localhost", 1),
            lambda: thread.loop.sock_connect(None, ("127.0.0.1", here.port)),
        ):
            with pytest.raises(Exception, match=r"gate of the check|guard\.network_forbidden"):
                thread.start(attempt()).result(2)

        assert here.connections == 0


def _loop_threads() -> int:
    return sum(one.name == "oracle checks" for one in threading.enumerate())


def test_secret_never_stands_in_what_a_check_keeps(run):
    database = oracle_server.standard("muster", SECRET)
    here = run(database.behave)

    done = check(spec_of(here.port))

    assert done.verdict.outcome == "ok"
    assert not any(shape in repr(done).encode() for shape in hides(SECRET))
    assert Route.__repr__ is object.__repr__
