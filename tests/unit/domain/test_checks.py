"""What a check writes: when it begins, at each step, at its end, and when its process is gone."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from app.core import clock
from app.core.db import current_session, snapshot, transaction
from app.core.errors import Unavailable
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.checks import ending, recorder, repository, service
from app.domain.checks.detected import main_version
from app.domain.checks.ending import Ended
from app.domain.checks.errors import ChecksBusy
from app.domain.checks.notes import StepEnded
from app.domain.checks.pool import CheckPool
from app.domain.checks.recorder import Recorder
from app.domain.checks.refused_logins import LoginThere
from app.domain.checks.service import CheckService
from app.domain.checks.stored_facts import plain, privileges_as_json
from app.domain.credentials.keys import open_keys
from app.domain.egress.endpoint import Endpoint
from app.domain.instances.write_service import InstanceWriteService
from app.engines.check import CheckFact
from app.engines.facts import IdentityFact, PrivilegeFact
from app.engines.ladder import Found, StepFact, Verdict
from app.models import Check, Credential, Instance
from tests.support.engines import failing, server
from tests.support.register import registered, stored
from tests.support.waiting import wait_for

STEP = StepFact(step="guard", outcome="ok", took_ms=0)


@pytest.fixture
def checks(settings, database):
    ring = open_keys(settings)
    return CheckService(settings, keys=lambda: ring)


@pytest.fixture
def instance_id(database):
    return registered(host="192.0.2.1")


@pytest.fixture
def run(checks):
    """Check an instance to its end and return the check."""

    def to_end(instance_id, *, attended=True):
        running = checks.check_instance(instance_id, attended=attended, operator_id=None)
        assert checks.wait(running, limited=False)
        return shown(running.id)

    return to_end


def shown(check_id):
    with snapshot():
        return repository.get_check(check_id)


def orphan(instance_id, *, ago: timedelta, **fields) -> int:
    """Write a check that nobody runs: its process has died."""
    now = clock.now()
    endpoint = {"db_type": "postgresql", "host": "192.0.2.1", "host_key": "192.0.2.1", "port": 5432}
    times = {"started_at": now - ago - timedelta(seconds=15), "deadline_at": now - ago}
    row = Check(
        instance_id=instance_id, actor_name="ann", source="api", attended=True, **endpoint, **{**times, **fields}
    )
    with transaction() as session:
        session.add(row)
        session.flush()
        return row.id


def memory(instance_id):
    with snapshot() as session:
        one = session.get(Instance, instance_id)
        return one.last_outcome, one.last_cause, one.last_check_id


class TestACheckWhoseProcessDied:
    def test_is_running_until_its_deadline_and_a_moment_more(self, instance_id):
        young = orphan(instance_id, ago=timedelta(seconds=1))

        assert shown(young)["status"] == "running"

    def test_reads_as_interrupted_after_that(self, instance_id):
        old = orphan(instance_id, ago=timedelta(seconds=10))

        found = shown(old)

        assert (found["status"], found["outcome"], found["cause"]) == ("finished", "failed", "check.interrupted")

    def test_is_written_down_by_whoever_writes_next(self, database, engine, instance_id, run):
        other = registered(name="other", host="192.0.2.2")
        old = orphan(instance_id, ago=timedelta(seconds=10))

        run(other)
        wait_for(lambda: stored(database, "SELECT status FROM checks WHERE id = ?", old) == [("finished",)])

        assert stored(database, "SELECT outcome, cause, took_ms FROM checks WHERE id = ?", old) == [
            ("failed", "check.interrupted", None)
        ]
        assert memory(instance_id) == ("failed", "check.interrupted", old)

    def test_has_one_end_even_if_the_process_comes_back(self, database, instance_id):
        old = orphan(instance_id, ago=timedelta(seconds=10))
        fact = CheckFact(Verdict("ok", None), [STEP], Found())

        for end in (None, fact):
            with transaction():
                Ended(check_id=old, instance_id=instance_id, kept=10, fact=end).write()

        assert shown(old)["cause"] == "check.interrupted"
        assert memory(instance_id)[0] == "failed"


class TestTheMemoryOfAnInstance:
    def test_is_of_the_check_that_began_last(self, instance_id):
        late = orphan(instance_id, ago=timedelta(seconds=-10), started_at=clock.now())
        early = orphan(instance_id, ago=timedelta(seconds=-10), started_at=clock.now() - timedelta(seconds=30))
        facts = {late: Verdict("ok", None), early: Verdict("failed", "connect.timeout")}

        for check_id, verdict in facts.items():  # the early one takes longer
            with transaction():
                fact = CheckFact(verdict, [STEP], Found())
                Ended(check_id=check_id, instance_id=instance_id, kept=10, fact=fact).write()

        assert memory(instance_id) == ("ok", None, late)

    def test_keeps_the_newest_checks_alone(self, database, engine, settings, instance_id, add_credential):
        ring = open_keys(settings)
        few = CheckService(settings.model_copy(update={"checks_kept": 2}), keys=lambda: ring)
        other = registered(name="other", host="192.0.2.2")

        for target in (instance_id, other, instance_id, instance_id, instance_id):
            running = few.check_instance(target, attended=True, operator_id=None)
            assert few.wait(running, limited=False)

        assert stored(database, "SELECT instance_id, count(*) FROM checks GROUP BY 1 ORDER BY 1") == [
            (instance_id, 2),
            (other, 1),
        ]
        assert stored(database, "SELECT count(DISTINCT check_id) FROM check_steps") == [(3,)]

    def test_keeps_what_still_runs_though_it_is_old(self, database, instance_id):
        running = orphan(instance_id, ago=timedelta(seconds=-60))
        newer = [orphan(instance_id, ago=timedelta(seconds=-60)) for _ in range(2)]

        for check_id in newer:
            with transaction():
                Ended(check_id=check_id, instance_id=instance_id, kept=1).write()

        assert stored(database, "SELECT id, status FROM checks ORDER BY id") == [
            (running, "running"),
            (newer[-1], "finished"),
        ]

    def test_takes_version_and_server_from_the_check_that_began_last(self, database, instance_id):
        late = orphan(instance_id, ago=timedelta(seconds=-10), started_at=clock.now())
        early = orphan(instance_id, ago=timedelta(seconds=-10), started_at=clock.now() - timedelta(seconds=30))
        versions = {late: ("16.1", "now"), early: ("15.7", "before")}

        for check_id, (version, node) in versions.items():  # the early one takes longer
            found = Found(server=server(version=version, identity=IdentityFact(lineage="7001", node=node)))
            with transaction():
                fact = CheckFact(Verdict("ok", None), [STEP], found)
                Ended(check_id=check_id, instance_id=instance_id, kept=10, fact=fact).write()

        assert stored(database, "SELECT database_version FROM instances") == [("16.1",)]
        assert stored(database, "SELECT node, pending FROM fingerprints") == [("now", None)]
        assert shown(early)["cause"] is None


class TestARefusedLogin:
    REFUSED = CheckFact(
        Verdict("failed", "login.refused"),
        [StepFact(step="login", outcome="failed", took_ms=1, cause="login.refused")],
        Found(),
    )

    @pytest.fixture
    def end(self, instance_id, add_credential):
        """Write an end after a refused login, of a check that has come to `what`."""

        def write(what):
            credential_id = add_credential()
            check_id = orphan(None, ago=timedelta(seconds=-10))
            login = LoginThere(credential_id, Endpoint("postgresql", "192.0.2.1", 5432), ("key",))
            with transaction() as session:
                what(session, check_id, credential_id)
            with transaction():
                Ended(check_id=check_id, instance_id=None, kept=10, fact=self.REFUSED, login=login).write()
            return check_id

        return write

    @pytest.mark.parametrize(
        "what",
        [
            lambda session, check_id, _: session.execute(delete(Check).where(Check.id == check_id)),
            lambda session, check_id, _: Ended(check_id=check_id, instance_id=None, kept=10).write(),
        ],
        ids=["gone", "ended"],
    )
    def test_counts_though_the_check_is_over_or_gone(self, database, end, what):
        end(what)

        assert stored(database, "SELECT refusals FROM login_suspensions") == [(1,)]

    def test_of_a_credential_that_has_gone_loses_no_end(self, database, end):
        check_id = end(lambda session, _, one: session.execute(delete(Credential).where(Credential.id == one)))

        assert shown(check_id)["cause"] == "login.refused"
        assert stored(database, "SELECT refusals FROM login_suspensions") == []


class TestAnInstanceThatGoesWhileItIsChecked:
    def test_takes_the_check_with_it(self, database, engine, checks, instance_id):
        with engine.held() as gate:
            running = checks.check_instance(instance_id, attended=True, operator_id=None)
            assert gate.arrived.acquire(timeout=10)
            with transaction():
                InstanceWriteService().soft_delete(instance_id, operator_id=None)
                InstanceWriteService().purge(instance_id, operator_id=None)
            gate.go.set()
            assert checks.wait(running, limited=False)

        assert running.failure is None
        assert stored(database, "SELECT count(*) FROM checks") == [(0,)]


class TestTheEndOfAProcess:
    def test_lets_checks_end_that_are_nearly_done(self, engine, checks, instance_id):
        with engine.held() as gate:
            running = checks.check_instance(instance_id, attended=True, operator_id=None)
            assert gate.arrived.acquire(timeout=10)
            gate.go.set()
            checks.stop()

        assert shown(running.id)["outcome"] == "reachable"

    def test_writes_down_the_others_as_interrupted(self, engine, checks, instance_id, monkeypatch):
        monkeypatch.setattr(service, "_LAST_MOMENT_S", 0.2)
        with engine.held() as gate:
            running = checks.check_instance(instance_id, attended=True, operator_id=None)
            assert gate.arrived.acquire(timeout=10)

            checks.stop()
            found = shown(running.id)

        assert (found["status"], found["cause"]) == ("finished", "check.interrupted")
        assert memory(instance_id) == ("failed", "check.interrupted", running.id)

    def test_takes_no_more(self, engine, checks, instance_id):
        checks.stop()

        with pytest.raises(ChecksBusy):
            checks.check_instance(instance_id, attended=True, operator_id=None)


class TestWhileACheckWaits:
    def test_no_transaction_is_open(self, database, engine, checks, instance_id):
        with engine.held() as gate:
            running = checks.check_instance(instance_id, attended=True, operator_id=None)
            assert gate.arrived.acquire(timeout=10)
            wait_for(lambda: len(shown(running.id)["steps"]) == 3)

            with transaction() as session:  # on SQLite it would wait in vain for one that is open
                session.execute(update(Instance).values(owner="ann"))
            gate.go.set()
            assert checks.wait(running, limited=False)

        assert shown(running.id)["outcome"] == "reachable"

    def test_the_specification_shows_no_secret(self, engine, checks, instance_id, add_credential):
        login = add_credential(hosts=["192.0.2.1"])
        with transaction() as session:
            session.execute(update(Instance).values(credential_id=login))

        running = checks.check_instance(instance_id, attended=True, operator_id=None)
        checks.wait(running, limited=False)

        assert "s3cret-of-the-test" not in repr(running) + repr(running.spec) + repr(engine.seen)
        assert engine.seen[0].login.password == "s3cret-of-the-test"


class TestWhoAsked:
    def test_is_kept_with_the_check(self, engine, checks, instance_id, users):
        who = Actor("admin", users["admin"], "admin")
        with acting_from(Origin("api", who)):
            running = checks.check_instance(instance_id, attended=True, operator_id=users["admin"])
        checks.wait(running, limited=False)

        found = shown(running.id)
        assert (found["actor"], found["source"]) == ({"id": users["admin"], "username": "admin"}, "api")


class TestTheRecorder:
    def test_writes_others_though_one_cannot_be_written(self, database, instance_id):
        good, bad = (orphan(instance_id, ago=timedelta(seconds=-60)) for _ in range(2))
        told, all_told = {}, threading.Event()

        def hear(position, failure):
            told[position] = failure
            if len(told) == 3:
                all_told.set()

        class Broken(Ended):
            def write(self):
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
            def write(self):
                tried.append(1)
                if len(tried) < 4:
                    raise Unavailable
                super(Later, self).write()

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


@pytest.mark.parametrize(
    ("engine_name", "version", "line"),
    [
        ("postgresql", "15.7", "15"),
        ("postgresql", "9.6.24", "9.6"),
        ("postgresql", "17beta1", "17beta1"),
        ("mysql", "8.0.39", "8.0"),
        ("mariadb", "10.11.19", "10.11"),
        ("sqlserver", "16.0.4135.4", "16.0"),
        ("oracle", "19.21.0.0.0", "19"),
    ],
)
def test_the_main_version_is_the_release_line(engine_name, version, line):
    assert main_version(engine_name, version) == line


class TestStoredFacts:
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ({"a": [1, 2.5, None, True]}, {"a": [1, 2.5, None, True]}),
            ("line\nwith \u202eturn", "line with turn"),
            ("x" * 600, "x" * 499 + "…"),
            (float("nan"), "float"),
            (b"raw", "bytes"),
            ({"deep": [[[[[[["x"]]]]]]]}, {"deep": [[[[["list"]]]]]}),
            (("\ud800", "\x00"), ["", ""]),
            (list(range(500)), list(range(200))),
        ],
    )
    def test_are_harmless(self, value, kept):
        assert plain(value) == kept

    def test_keep_the_lines_of_statements(self):
        [kept] = privileges_as_json([PrivilegeFact(need="accounts", grant="GRANT a;\nGRANT b;\x07")])

        assert kept["grant"] == "GRANT a;\nGRANT b;"


class TestAFailureOfTheStoreAtTheEnd:
    def test_is_told_to_whoever_waits(self, engine, checks, instance_id, monkeypatch):
        monkeypatch.setattr(recorder, "_PAUSES_S", ())
        engine.script = failing("connect", "connect.refused")

        def unavailable(*_):
            raise Unavailable

        monkeypatch.setattr(ending, "_find_subject", unavailable)
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
