"""The process that the driver runs in: what it is given, what it may ask, and what its death costs."""

import atexit
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.engines.base import TlsOptions
from app.engines.check import CheckFact, run_check
from app.engines.oracle import process
from app.engines.oracle.process import WORKERS, Worker, Workers
from tests.engine_suite.suite import SECRET, Permissive, check, hides
from tests.integration.engines.oracle.conftest import in_time, spec_of, start_worker, step_of
from tests.support.databases import oracle_server, peers, tns_listener
from tests.support.waiting import wait_for


def worker() -> Worker:
    return WORKERS.get()


def has_ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


class TestTheWorker:
    def test_is_one_process_for_all_checks(self, run):
        here = run(tns_listener.refuses(12514))
        before = worker().pid

        for _ in range(3):
            check(spec_of(here.port))

        assert worker().pid == before != os.getpid()

    def test_is_given_no_secret_that_others_can_see(self, run):
        check(spec_of(run(oracle_server.standard("muster", SECRET).behave).port))

        shown = [Path(f"/proc/{worker().pid}/{name}").read_bytes() for name in ("cmdline", "environ")]

        assert not any(shape in text for shape in hides(SECRET) for text in shown)

    def test_is_started_without_what_only_muster_may_know(self, monkeypatch):
        names = ("MUSTER_KEYS", "TNS_ADMIN", "ORACLE_HOME", "PYO_DEBUG_PACKETS")
        for name in names:
            monkeypatch.setenv(name, "kept-back")

        started = Worker()
        environment = Path(f"/proc/{started.pid}/environ").read_bytes()
        os.kill(started.pid, signal.SIGKILL)
        wait_for(lambda: has_ended(started.pid))

        assert b"kept-back" not in environment

    def test_asks_the_guard_of_muster_before_it_follows(self, run):
        target = run(tns_listener.refuses(12528))
        first = run(tns_listener.redirects("127.0.0.1", target.port))
        guard = Permissive(forbidden=frozenset({"192.0.2.1"}))

        done = check(spec_of(first.port, guard=guard))

        assert done.verdict.cause == "service.blocked"
        assert guard.asked.count("127.0.0.1") == 3  # the host, what it resolves to, and the redirect

    def test_tells_each_step_as_it_ends(self, run):
        heard = threading.Event()
        told: list[str] = []

        def behave(here, sock):
            tns_listener.connect_data(here, sock)
            sock.sendall(tns_listener.accept())
            assert heard.wait(20), "the greeting is told while the login is still under way"

        def tell(step):
            told.append(step.step)
            if step.step == "greeting":
                heard.set()

        run_check(spec_of(run(behave).port, deadline_ms=10_000), tell=tell)

        assert heard.is_set()
        assert told.index("greeting") < told.index("login")

    @pytest.mark.slow
    def test_ends_with_its_pipe(self):
        started = Worker()

        started.close()

        assert started.exit_code() == 0

    def test_that_dies_interrupts_what_it_was_at_and_is_replaced(self, run):
        died = worker()

        def kills(here, sock):
            here.read(sock)
            os.kill(died.pid, signal.SIGSEGV)

        done = run_check(spec_of(run(kills).port, deadline_ms=10_000), tell=lambda _: None)
        after = check(spec_of(run(tns_listener.refuses(12514)).port, deadline_ms=30_000))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "check.interrupted")
        assert step_of(done, "greeting").detail["exit_code"] == -signal.SIGSEGV
        assert after.verdict.cause == "service.unknown"
        assert worker() is not died

    @pytest.mark.slow
    def test_is_told_of_at_the_end_of_muster_once_however_many_there_were(self):
        before = atexit._ncallbacks()

        died = worker()
        os.kill(died.pid, signal.SIGKILL)
        wait_for(lambda: died.is_over)
        start_worker()

        assert worker() is not died
        assert atexit._ncallbacks() == before

    @pytest.mark.slow
    def test_serves_many_silent_peers_in_one_deadline(self, run):
        here = run(peers.silent)
        found: list[str | None] = []

        def many() -> None:
            found.clear()
            threads = [threading.Thread(target=one) for _ in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        def one() -> None:
            found.append(check(spec_of(here.port, deadline_ms=2_000, connect_timeout_ms=2_000)).verdict.cause)

        in_time(2_000, many)

        assert found == ["greeting.silent"] * 50


class Hang:
    """Lets the worker in use hang, as often as it is called."""

    def __init__(self) -> None:
        self.stopped: list[int] = []

    def __call__(self) -> None:
        start_worker()
        self.stopped.append(worker().pid)
        os.kill(self.stopped[-1], signal.SIGSTOP)


@pytest.fixture
def hang() -> Iterator[Hang]:
    """Let workers hang; at the end there is one that runs."""
    hang = Hang()
    yield hang
    for pid in hang.stopped:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    start_worker()


class TestAWorkerThatHangs:
    @pytest.mark.parametrize(
        "ca",
        [
            pytest.param(None, id="reads-nothing", marks=pytest.mark.slow),
            pytest.param("x" * 300_000, id="its-pipe-is-full"),
        ],
    )
    def test_keeps_no_check_behind_its_deadline_and_is_replaced(self, run, hang, ca):
        silent, here = run(peers.silent), run(tns_listener.refuses(12514))
        options = TlsOptions(mode="verify-ca" if ca else "disable", ca=ca)

        done = in_time(500, lambda: check(spec_of(silent.port, tls=options, deadline_ms=500)), before=hang)
        after = check(spec_of(here.port, deadline_ms=30_000))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.timeout")
        assert after.verdict.cause == "service.unknown"
        wait_for(lambda: all(has_ended(pid) for pid in hang.stopped))

    @pytest.mark.slow
    def test_keeps_nobody_whose_check_has_a_worker_of_its_own_by_now(self, run, hang):
        """What is written to the first blocks for ever; nobody else waits for that."""
        silent, here = run(peers.silent), run(tns_listener.refuses(12514))
        hang()
        full = TlsOptions(mode="verify-ca", ca="x" * 300_000)
        long = threading.Thread(target=check, args=(spec_of(silent.port, tls=full, deadline_ms=2_000),))
        long.start()

        check(spec_of(silent.port, deadline_ms=300))
        after = check(spec_of(here.port, deadline_ms=30_000))
        long.join(10)

        assert after.verdict.cause == "service.unknown"
        assert not long.is_alive()

    @pytest.mark.slow
    def test_is_killed_at_the_end_of_muster(self, hang):
        started = Workers()
        one = started.get()
        os.kill(one.pid, signal.SIGSTOP)

        started.close()

        assert one.exit_code() == -signal.SIGKILL


class TestAWorkerThatIsLate:
    def test_ends_the_checks_it_has_before_it_goes(self, run):
        """It may have been late because the machine was busy."""
        late = worker()
        arrived, held = threading.Event(), threading.Event()
        refuses = tns_listener.refuses(12514)

        def behave(here, sock):
            arrived.set()
            assert held.wait(20)
            refuses(here, sock)

        done: list[CheckFact] = []
        spec = spec_of(run(behave).port, deadline_ms=15_000)
        going_on = threading.Thread(target=lambda: done.append(check(spec)))
        going_on.start()
        assert arrived.wait(10)

        late.retire()
        start_worker()
        held.set()
        going_on.join(20)

        assert worker() is not late
        assert done[0].verdict.cause == "service.unknown"
        wait_for(lambda: has_ended(late.pid))

    def test_is_not_given_up_while_it_starts(self, monkeypatch):
        monkeypatch.setattr(process, "_MAIN", "import time; time.sleep(30)")
        workers = Workers()
        started = workers.get()

        with workers.open() as inbox:
            inbox.worker.retire()

        assert workers.get() is started
        os.kill(started.pid, signal.SIGKILL)
        wait_for(lambda: has_ended(started.pid))
