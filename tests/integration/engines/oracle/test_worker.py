"""The process that the driver runs in: what it is given, what it may ask, and what its death costs."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from app.engines.check import run_check
from app.engines.oracle import remote
from tests.engine_suite.suite import SECRET, Permissive, check, hides
from tests.integration.engines.oracle.conftest import spec_of, step_of
from tests.support.databases import oracle_server, peers, tns_listener


def worker() -> remote._Worker:
    return remote._CURRENT.get()


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

        started = remote._Worker()
        try:
            environment = Path(f"/proc/{started.pid}/environ").read_bytes()
        finally:
            started.close()

        assert b"kept-back" not in environment

    def test_asks_the_guard_of_muster_before_it_follows(self, run):
        target = run(tns_listener.refuses(12528))
        first = run(tns_listener.redirects("127.0.0.1", target.port))
        guard = Permissive(forbidden=frozenset({"192.0.2.1"}))

        done = check(spec_of(first.port, guard=guard))

        assert done.verdict.cause == "service.blocked"
        assert guard.asked.count("127.0.0.1") == 3  # the host, what it resolves to, and the redirect

    def test_tells_each_step_as_it_ends(self, run):
        told: list[tuple[str, float]] = []
        began = time.monotonic()
        here = run(tns_listener.says(tns_listener.accept()))

        run_check(
            spec_of(here.port, deadline_ms=1_200), tell=lambda step: told.append((step.step, time.monotonic() - began))
        )

        moments = dict(told)
        assert moments["greeting"] < 0.9 < moments["login"]

    def test_ends_with_its_pipe(self):
        started = remote._Worker()

        started.close()

        assert started.exit_code() == 0

    def test_that_dies_interrupts_what_it_was_at_and_is_replaced(self, run):
        silent, here = run(peers.silent), run(tns_listener.refuses(12514))
        died = worker()
        killer = threading.Timer(0.4, os.kill, (died.pid, signal.SIGSEGV))
        killer.start()

        done = run_check(spec_of(silent.port), tell=lambda _: None)
        after = check(spec_of(here.port))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "check.interrupted")
        assert step_of(done, "greeting").detail["exit_code"] == -signal.SIGSEGV
        assert after.verdict.cause == "service.unknown"
        assert worker() is not died

    @pytest.mark.parametrize("count", [50])
    def test_serves_many_silent_peers_in_one_deadline(self, run, count):
        here = run(peers.silent)
        took: list[float] = []

        def one() -> None:
            began = time.monotonic()
            check(spec_of(here.port, deadline_ms=2_000, connect_timeout_ms=2_000))
            took.append(time.monotonic() - began)

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(took) == count
        assert max(took) < 2.0 + 0.5
