"""What a check writes: when it begins, at each step, at its end, and when its process is gone."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from app.core import clock
from app.core.db import snapshot, transaction
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.checks import service
from app.domain.checks.detected import main_version
from app.domain.checks.ending import Ended, write_ends
from app.domain.checks.errors import ChecksBusy
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
from tests.support.engines import server
from tests.support.register import registered, stored
from tests.support.stored_checks import orphan, shown
from tests.support.waiting import wait_for

STEP = StepFact(step="guard", outcome="ok", took_ms=0)


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


class TestEndsThatComeTogether:
    """What is waiting when the recorder comes round is written in one transaction."""

    @staticmethod
    def end(check_id, instance_id, verdict, *, kept=10, **found):
        fact = CheckFact(verdict, [STEP], Found(**found))
        return Ended(check_id=check_id, instance_id=instance_id, kept=kept, fact=fact)

    def test_of_one_instance_build_on_each_other(self, database, instance_id):
        ids = [orphan(instance_id, ago=timedelta(seconds=-10), started_at=clock.now()) for _ in range(2)]
        servers = [server(version="16.1", identity=IdentityFact(lineage="7001", node=node)) for node in ("a", "b")]

        with transaction():
            pairs = zip(ids, servers, strict=True)
            write_ends([self.end(one, instance_id, Verdict("ok", None), server=seen) for one, seen in pairs])

        assert [shown(one)["cause"] for one in ids] == [None, "identity.changed"]
        assert memory(instance_id) == ("degraded", "identity.changed", ids[1])
        events = "SELECT action FROM audit_events WHERE entity_type = 'instance' ORDER BY id"
        assert [one for (one,) in stored(database, events)][-2:] == ["instance.detect", "instance.change_identity"]

    def test_of_many_instances_each_keep_their_own(self, database, instance_id):
        other = registered(name="other", host="192.0.2.1")
        targets = [instance_id, other, None]
        ids = {one: [orphan(one, ago=timedelta(seconds=-10)) for _ in range(3)] for one in targets}
        causes = {instance_id: "connect.refused", other: "connect.timeout", None: "resolve.not_found"}

        with transaction():
            write_ends(
                [
                    self.end(check_id, one, Verdict("failed", causes[one]), kept=2)
                    for number in range(3)
                    for one, of_one in ids.items()
                    for check_id in of_one[number : number + 1]
                ]
            )

        left = stored(database, "SELECT id, cause FROM checks ORDER BY id")
        assert left == sorted((check_id, causes[one]) for one in targets for check_id in ids[one][1:])
        assert [memory(one)[1:] for one in (instance_id, other)] == [
            (causes[one], ids[one][-1]) for one in (instance_id, other)
        ]

    def test_of_one_check_leave_the_first(self, instance_id):
        check_id = orphan(instance_id, ago=timedelta(seconds=-10))
        interrupted = Ended(check_id=check_id, instance_id=instance_id, kept=10)

        with transaction():
            write_ends([interrupted, self.end(check_id, instance_id, Verdict("ok", None))])

        assert shown(check_id)["cause"] == "check.interrupted"


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
