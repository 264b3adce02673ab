"""Two writes that overlap on PostgreSQL end as if one had come after the other."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import snapshot, transaction
from app.core.errors import Conflict, Invalid, MusterError
from app.domain.access import repository
from app.domain.access.errors import LastAdmin, TokenUnknown
from app.domain.access.login import LoginService, Proof
from app.domain.access.passwords import Passwords
from app.domain.access.sessions import Caller, TokenInUse
from app.domain.access.throttle import Throttle
from app.domain.access.token_service import TokenWriteService
from app.domain.access.user_service import UserWriteService
from app.domain.clusters.write_service import ClusterWriteService
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.environments.write_service import EnvironmentWriteService
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken
from app.domain.instances.write_service import InstanceWriteService
from app.domain.tags.write_service import TagWriteService
from app.models import AuditEvent, Credential, CredentialEndpoint, Instance, UserSession
from tests.support import postgresql
from tests.support.api import PASSWORD, an_instance
from tests.support.register import events, registered

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"


@pytest.fixture
def overlap(muster):
    """Run two writes: the first commits only once the second is waiting for it, or is done; returns its outcome."""
    name = muster.database.engine.url.database

    def run(first: Callable[[], object], second: Callable[[], object]) -> object:
        outcome: list[object] = []

        def write() -> None:
            try:
                with transaction():
                    outcome.append(second())
            except Exception as exc:  # noqa: BLE001 - handed to the test's own thread
                outcome.append(exc)

        other = threading.Thread(target=write)
        with postgresql.as_admin() as cursor:
            with transaction():
                first()
                other.start()
                end = time.monotonic() + 10
                while not outcome and not cursor.execute(WAITING, (name,)).fetchone()[0]:
                    assert time.monotonic() < end
                    time.sleep(0.01)
            other.join(20)
        return outcome[0]

    return run


def create(**fields):
    return InstanceWriteService().create(an_instance(**fields), operator_id=None)


def update(instance_id: int, **fields):
    return InstanceWriteService().update(instance_id, an_instance(**fields), operator_id=None)


@pytest.fixture
def references(muster):
    """The services of the kinds of reference, one row of each, and how an instance names it."""
    services = {
        "tag": TagWriteService(),
        "cluster": ClusterWriteService(),
        "environment": EnvironmentWriteService(),
        "credential": CredentialWriteService(keys=muster.keys),
    }
    bodies = {
        "tag": {"name": "core"},
        "cluster": {"name": "orders", "kind": "galera"},
        "environment": {"key": "lab"},
        "credential": {"name": "monitor", "username": "muster", "password": "s3cret-of-the-test"},
    }
    with transaction():
        ids = {kind: services[kind].create(body, operator_id=None).id for kind, body in bodies.items()}
    fields = {
        "tag": {"tag_names": ["core"]},
        "cluster": {"cluster_id": ids["cluster"]},
        "environment": {"environment": "lab"},
        "credential": {"credential_id": ids["credential"]},
    }
    return {kind: (services[kind], ids[kind], fields[kind]) for kind in services}


KINDS = ("tag", "cluster", "environment", "credential")


class TestAReferenceThatIsDeleted:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("way", ["create", "update"])
    def test_while_an_instance_takes_it_is_in_use(self, overlap, references, kind, way):
        service, row_id, fields = references[kind]
        known = registered(name="known") if way == "update" else None

        outcome = overlap(
            lambda: update(known, name="known", **fields) if known else create(**fields),
            lambda: service.delete(row_id, operator_id=None),
        )

        assert isinstance(outcome, Conflict)
        assert outcome.extra["used_by_count"] == 1

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("way", ["create", "update"])
    def test_is_unknown_to_an_instance_that_comes_later(self, overlap, references, kind, way):
        service, row_id, fields = references[kind]
        known = registered(name="known") if way == "update" else None

        outcome = overlap(
            lambda: service.delete(row_id, operator_id=None),
            lambda: update(known, name="known", **fields) if known else create(**fields),
        )

        assert isinstance(outcome, Invalid)
        assert [fault.code for fault in outcome.faults] == ["unknown_reference"]

    def test_is_taken_off_an_instance_as_it_is_by_then(self, overlap, references):
        _, tag_id, _ = references["tag"]
        with transaction():
            TagWriteService().create({"name": "more"}, operator_id=None)
        known = registered(name="known", tag_names=["core"])

        outcome = overlap(
            lambda: update(known, name="known", tag_names=["core", "more"]),
            lambda: TagWriteService(detach=True).delete(tag_id, operator_id=None),
        )

        assert outcome is None
        with snapshot() as session:
            told = [event.changes for event in events("instance")][-1]
            assert session.get(Instance, known).version == 3
        assert told == [{"field": "tag_names", "before": ["core", "more"], "after": ["more"]}]

    def test_by_detaching_meets_a_change_of_the_instance_without_a_deadlock(self, overlap, references):
        _, tag_id, _ = references["tag"]
        known = registered(name="known", tag_names=["core"])

        outcome = overlap(
            lambda: TagWriteService(detach=True).delete(tag_id, operator_id=None),
            lambda: update(known, name="known", tag_names=["core"]),
        )

        assert isinstance(outcome, Invalid)


class TestOneEndpoint:
    def test_is_bound_once_by_two_who_use_it_first(self, overlap, references):
        _, credential_id, fields = references["credential"]

        outcome = overlap(lambda: create(name="a", **fields), lambda: create(name="b", **fields))

        assert outcome.name == "b"
        with snapshot() as session:
            assert session.query(CredentialEndpoint).filter_by(credential_id=credential_id).count() == 1
            assert session.query(AuditEvent).filter_by(action="credential.bind").count() == 1
            assert session.get(Credential, credential_id).version == 2


class TestOneInstance:
    def test_is_compared_with_what_the_other_has_made_of_it(self, overlap, references):
        known = registered(name="known")

        outcome = overlap(
            lambda: update(known, name="known", tag_names=["core"], external_ids={"cmdb": "1"}),
            lambda: update(known, name="known", tag_names=[], external_ids={"cmdb": "2"}),
        )

        assert outcome.version == 3
        with snapshot():
            told = {change["field"]: change for change in [event.changes for event in events("instance")][-1]}
        assert told["tag_names"] == {"field": "tag_names", "before": ["core"], "after": []}
        assert told["external_ids"]["before"] == {"cmdb": "1"}

    def test_goes_to_the_bin_once(self, overlap):
        known = registered(name="known")

        overlap(*[lambda: InstanceWriteService().soft_delete(known, operator_id=None)] * 2)

        with snapshot():
            assert [event.action for event in events("instance")] == ["instance.create", "instance.delete"]


class TestOneName:
    def test_goes_to_one_and_the_other_hears_who(self, overlap):
        ids = []

        outcome = overlap(lambda: ids.append(create(name="x", host="a").id), lambda: create(name="x", host="b"))

        assert isinstance(outcome, InstanceNameTaken)
        assert outcome.extra["holder"] == {"id": ids[0], "in_bin": False}

    def test_of_another_system_likewise(self, overlap):
        outcome = overlap(
            lambda: create(name="a", host="a", external_ids={"cmdb": "1"}),
            lambda: create(name="b", host="b", external_ids={"cmdb": "1"}),
        )

        assert isinstance(outcome, ExternalIdTaken)
        assert outcome.params["holder"] == "a"

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_a_reference_likewise(self, overlap, references, kind):
        service = references[kind][0]
        body = {
            "tag": {"name": "x"},
            "cluster": {"name": "x", "kind": "galera"},
            "environment": {"key": "x"},
            "credential": {"name": "x", "username": "u", "password": "s3cret"},
        }[kind]

        outcome = overlap(*[lambda: service.create(body, operator_id=None)] * 2)

        assert isinstance(outcome, Conflict)


class TestTwoAdministrators:
    def test_who_demote_each_other_leave_one(self, overlap, settings):
        service = UserWriteService(passwords=Passwords(settings))
        new = service.ready({"username": "second", "password": PASSWORD, "role": "admin"})
        with transaction():
            service.create(new)

        outcome = overlap(lambda: service.set_role("admin", "viewer"), lambda: service.set_role("second", "viewer"))

        assert isinstance(outcome, LastAdmin)
        with snapshot():
            assert [user.username for user in repository.list_all() if user.role == "admin"] == ["second"]


def proven(settings, stored):
    """Return the service of logins, and what it knows once a password has fitted the stored hash."""
    with transaction():
        attempt = Throttle(settings).begin(name_keys=["n"], address="::1")
    return LoginService(settings, keys=lambda: None), Proof("admin", stored, attempt)


class TestALogin:
    def test_that_was_under_way_does_not_outlive_the_change_of_the_password(self, overlap, settings):
        service = UserWriteService(passwords=Passwords(settings))
        password_hash = service.hashed({"password": "another horse battery staple"})
        with snapshot():
            stored = repository.get_by_name("admin").password_hash

        logins, proof = proven(settings, stored)

        def begin_session() -> None:
            logins.begin_session(logins.accept(proof), address="::1")

        overlap(begin_session, lambda: service.set_password("admin", password_hash))

        with snapshot() as session:
            assert session.scalars(select(UserSession)).all() == []

    def test_with_the_old_password_fails_after_the_change(self, overlap, settings):
        service = UserWriteService(passwords=Passwords(settings))
        password_hash = service.hashed({"password": "another horse battery staple"})
        with snapshot():
            stored = repository.get_by_name("admin").password_hash

        logins, proof = proven(settings, stored)
        outcome = overlap(lambda: service.set_password("admin", password_hash), lambda: logins.accept(proof))

        assert isinstance(outcome, MusterError)
        assert outcome.code == "login.refused"


START = """
import sys
from multiprocessing import get_context
from pathlib import Path
from app.bootstrap import prepare
from tests.support.store import KEYS, make_settings

def start(together):
    settings = make_settings(Path(sys.argv[1]), admin_password=None, database_url=sys.argv[2], keys=KEYS)
    together.wait(30)
    prepare(settings, upgrade=True).database.close()

forks = get_context("fork")
together = forks.Barrier(4)
processes = [forks.Process(target=start, args=(together,)) for _ in range(4)]
for process in processes:
    process.start()
for process in processes:
    process.join(60)
print([process.exitcode for process in processes])
"""


class TestManyProcessesThatStartAtOnce:
    def test_make_one_schema_one_administrator_and_one_password(self, url, empty):
        done = subprocess.run(
            [sys.executable, "-c", START, str(empty.data_dir), postgresql.text_of(url)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[3],
            timeout=120,
        )

        assert done.stdout.splitlines()[-1:] == ["[0, 0, 0, 0]"], done
        assert [path.name for path in empty.data_dir.iterdir()] == ["initial-admin-password"]
        with postgresql.as_admin(database=url.database) as cursor:
            assert cursor.execute("SELECT username FROM users").fetchall() == [("admin",)]
            assert cursor.execute("SELECT count(*) FROM key_probes").fetchone() == (1,)


def test_a_write_by_name_does_not_take_back_a_new_name(overlap):
    known = registered(name="old")
    fields = {name: value for name, value in an_instance(port=1).items() if name != "name"}

    done = overlap(
        lambda: InstanceWriteService().patch(known, {"name": "new"}, operator_id=None),
        lambda: InstanceWriteService().upsert("old", fields, operator_id=None),
    )

    with snapshot() as session:
        found = {row.name: row.port for row in session.execute(select(Instance.name, Instance.port))}
    assert done.created
    assert found == {"new": 5432, "old": 1}


UNTIL = (clock.now() + timedelta(hours=1)).isoformat()


class TestATokenThatIsRevoked:
    @pytest.fixture
    def parent(self, muster, settings):
        service = TokenWriteService(settings)
        with transaction():
            user = repository.get_by_name("admin")
            owner = Caller(user.id, user.username, "admin")
            made = service.create(self.body("parent"), owner=owner)
            token = made.owned.token
            return service, replace(owner, token=TokenInUse(token.id, token.name, (), token.expires_at))

    @staticmethod
    def body(name):
        return {"name": name, "expires_at": UNTIL}

    def test_makes_no_other(self, overlap, parent):
        service, caller = parent

        refused = overlap(
            lambda: service.revoke(caller.token.id, owner_id=None), lambda: service.create(self.body("c"), owner=caller)
        )

        assert isinstance(refused, TokenUnknown)

    def test_takes_the_one_along_that_it_has_just_made(self, overlap, parent):
        service, caller = parent

        overlap(
            lambda: service.create(self.body("c"), owner=caller), lambda: service.revoke(caller.token.id, owner_id=None)
        )

        with snapshot() as session:
            told = select(AuditEvent.entity_name).where(AuditEvent.action == "token.revoke")
            assert set(session.scalars(told)) == {"parent", "c"}
