"""Checks in trouble: a store that fails, a system without threads, work that raises."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from app.core.db import current_session, transaction
from app.core.errors import Unavailable
from app.domain.checks import ending, recorder, service
from app.domain.checks.ending import Ended
from app.domain.checks.errors import ChecksBusy
from app.domain.checks.notes import StepEnded
from app.domain.checks.pool import CheckPool
from app.domain.checks.recorder import Recorder
from app.domain.checks.service import CheckService
from app.domain.credentials.keys import open_keys
from app.engines.ladder import StepFact
from tests.support.engines import failing
from tests.support.register import stored
from tests.support.stored_checks import orphan, shown
from tests.support.waiting import wait_for

STEP = StepFact(step="guard", outcome="ok", took_ms=0)


class TestTheRecorder:
    def test_writes_others_though_one_cannot_be_written(self, database, instance_id):
        good, bad = (orphan(instance_id, ago=timedelta(seconds=-60)) for _ in range(2))
        told, all_told = {}, threading.Event()

        def hear(position, failure):
            told[position] = failure
            if len(told) == 3:
                all_told.set()

        class Broken(Ended):
            def settle(self, subject):
                raise RuntimeError("broken")

        book = Recorder(kept=10)
        with transaction():  # the writer has to wait, so that all come together
            for position in (1, 3):
                step = StepEnded(check_id=good, instance_id=instance_id, position=position, fact=STEP)
                book.put(step, told=partial(hear, position))
            book.put(Broken(check_id=bad, instance_id=instance_id, kept=10), told=partial(hear, 2))
        assert all_told.wait(10)

        assert {position for position, failure in told.items() if failure is not None} == {2}
        assert stored(database, "SELECT check_id, position FROM check_steps") == [(good, 1), (good, 3)]

    def test_tries_again_when_the_store_does_not_answer(self, instance_id, monkeypatch):
        check_id, told, tried = orphan(instance_id, ago=timedelta(seconds=-60)), threading.Event(), []
        monkeypatch.setattr(recorder, "_PAUSES_S", (0.0, 0.0, 0.0))

        class Later(Ended):
            def settle(self, subject):
                tried.append(1)
                if len(tried) < 4:
                    raise Unavailable
                return super(Later, self).settle(subject)

        Recorder(kept=10).put(Later(check_id=check_id, instance_id=instance_id, kept=10), told=lambda _: told.set())
        assert told.wait(10)

        assert len(tried) == 4
        assert shown(check_id)["status"] == "finished"

    def test_goes_on_though_whoever_hears_of_a_note_fails(self, database, instance_id):
        first, second = (orphan(instance_id, ago=timedelta(seconds=-60)) for _ in range(2))
        book, heard = Recorder(kept=10), threading.Event()

        def fail(_):
            raise RuntimeError("deaf")

        book.put(Ended(check_id=first, instance_id=instance_id, kept=10), told=fail)
        wait_for(lambda: shown(first)["status"] == "finished")
        book.put(Ended(check_id=second, instance_id=instance_id, kept=10), told=lambda _: heard.set())

        assert heard.wait(10)

    def test_writes_in_the_thread_of_the_caller_where_there_is_no_other(self, instance_id, monkeypatch):
        monkeypatch.setattr(threading.Thread, "start", _no_thread)
        check_id, told = orphan(instance_id, ago=timedelta(seconds=-60)), []
        book = Recorder(kept=10)

        with transaction():  # which keeps even the caller from it
            book.put(StepEnded(check_id=check_id, instance_id=instance_id, position=1, fact=STEP))
        book.put(Ended(check_id=check_id, instance_id=instance_id, kept=10), told=told.append)

        assert told == [None]
        assert len(shown(check_id)["steps"]) == 1


class TestASystemWithoutThreads:
    def test_has_no_check_and_loses_no_place(self, engine, settings, database, instance_id, monkeypatch):
        ring = open_keys(settings)
        one = CheckService(settings.model_copy(update={"check_threads": 1, "check_queue": 0}), keys=lambda: ring)

        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", _no_thread)
            for _ in range(2):
                with pytest.raises(ChecksBusy):
                    one.check_instance(instance_id, attended=True, operator_id=None)
        running = one.check_instance(instance_id, attended=True, operator_id=None)

        assert one.wait(running, limited=False)
        assert stored(database, "SELECT cause FROM checks ORDER BY id")[:2] == [("check.interrupted",)] * 2

    def test_leaves_a_work_to_the_thread_that_runs(self, monkeypatch):
        pool, go, done = CheckPool(threads=2, waiting=0), threading.Event(), []

        def work(place):
            assert go.wait(10)
            done.append(1)
            place.leave()

        for _ in range(2):
            with pool.place() as place:
                place.start(partial(work, place))
            monkeypatch.setattr(threading.Thread, "start", _no_thread)
        go.set()

        assert pool.close(patience_s=10)
        assert len(done) == 2


def _no_thread(_):
    raise RuntimeError("can't start new thread")


class TestAWorkThatRaises:
    def test_takes_neither_thread_nor_place_with_it(self, engine, settings, database, instance_id, monkeypatch):
        ring = open_keys(settings)
        one = CheckService(settings.model_copy(update={"check_threads": 1, "check_queue": 0}), keys=lambda: ring)

        def broken(*_, **__):
            raise RuntimeError("broken")

        with monkeypatch.context() as patch:
            patch.setattr(service, "run_check", broken)
            for _ in range(2):
                running = one.check_instance(instance_id, attended=True, operator_id=None)
                assert one.wait(running, limited=False)
                assert shown(running.id)["cause"] == "check.interrupted"
        running = one.check_instance(instance_id, attended=True, operator_id=None)

        assert one.wait(running, limited=False)
        assert shown(running.id)["outcome"] == "reachable"


class TestThePool:
    def test_runs_no_two_works_of_one_login_at_a_time(self):
        pool, running, most, done = CheckPool(threads=4, waiting=20), [], [], []

        def work(place):
            running.append(1)
            most.append(len(running))
            running.pop()
            done.append(1)
            place.leave()

        for _ in range(20):
            with pool.place() as place:
                place.start(partial(work, place), alone="one login")

        assert pool.close(patience_s=10)
        assert (len(done), max(most)) == (20, 1)

    def test_gives_places_back_that_were_not_used(self):
        pool = CheckPool(threads=1, waiting=0)
        for _ in range(3):
            with pytest.raises(KeyError), pool.place():
                raise KeyError

        with pool.place(), pytest.raises(ChecksBusy) as busy, pool.place():
            pass
        assert busy.value.retry_after_s >= 1


class TestAFailureOfTheStoreAtTheEnd:
    def test_is_told_to_whoever_waits(self, engine, checks, instance_id, monkeypatch):
        monkeypatch.setattr(recorder, "_PAUSES_S", ())
        engine.script = failing("connect", "connect.refused")

        def unavailable(*_):
            raise Unavailable

        monkeypatch.setattr(ending, "_find_subjects", unavailable)
        running = checks.check_instance(instance_id, attended=True, operator_id=None)

        with pytest.raises(Unavailable):
            checks.wait(running, limited=False)


class TestAFailureOfTheStoreAtTheStart:
    def test_is_told_as_one_and_not_as_a_check_that_runs(self, engine, checks, instance_id, monkeypatch):
        def broken(*_):
            raise OperationalError("SELECT", {}, Exception("gone"))

        monkeypatch.setattr(CheckService, "_may_start", broken)
        running = checks.check_instance(instance_id, attended=True, operator_id=None)

        with pytest.raises(Unavailable):
            checks.wait(running, limited=False)


class TestASessionOfTheRecorder:
    def test_is_not_left_open(self, engine, run, instance_id):
        run(instance_id)

        with pytest.raises(RuntimeError):
            current_session()
