"""Changing users: names are unique, an administrator stays, every change is an event without a password."""

import getpass
import json
import threading

import pytest
from sqlalchemy import select

from app.core.db import snapshot, transaction
from app.core.errors import Invalid
from app.domain.access import repository
from app.domain.access.commands import LogIn
from app.domain.access.errors import CredentialsRefused, LastAdmin, UsernameTaken, UserNotFound
from app.domain.access.passwords import Passwords
from app.domain.access.user_service import UserWriteService
from app.domain.audit.origin import Actor, Origin, acting_from
from app.models import AuditEvent, User, UserSession
from tests.support.api import PASSWORD

ANOTHER = "another password, long enough"


@pytest.fixture
def service(settings, opened):
    return UserWriteService(passwords=Passwords(settings))


@pytest.fixture
def create(service):
    def make(username: str = "ann", password: str = ANOTHER, role: str = "viewer") -> User:
        new = service.ready({"username": username, "password": password, "role": role})
        with transaction():
            return service.create(new)

    return make


def last_event() -> AuditEvent:
    with snapshot() as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def user(username: str) -> User:
    with snapshot():
        return repository.get_by_name(username)


class TestANewUser:
    def test_can_log_in(self, create, logins):
        create()

        done = logins.log_in(LogIn(username="ann", password=ANOTHER), address="::1")

        assert (done.caller.username, done.caller.role) == ("ann", "viewer")

    def test_takes_no_name_that_is_taken(self, create):
        with pytest.raises(UsernameTaken) as caught:
            create("viewer")

        assert caught.value.params == {"name": "viewer"}

    def test_takes_no_name_that_somebody_took_meanwhile(self, create, monkeypatch):
        monkeypatch.setattr(repository, "find_by_name", lambda username: None)

        with pytest.raises(UsernameTaken):
            create("viewer")

    def test_may_differ_in_case_alone(self, create):
        assert create("Viewer").username == "Viewer"

    @pytest.mark.parametrize(
        ("values", "field", "code"),
        [
            ({"username": ""}, "username", "invalid_format"),
            ({"username": "a b"}, "username", "invalid_format"),
            ({"username": "ann\n"}, "username", "invalid_format"),
            ({"username": "a" * 65}, "username", "invalid_format"),
            ({"password": "x" * 11}, "password", "too_short"),
            ({"password": "x" * 257}, "password", "too_long"),
            ({"password": "\x00" * 12}, "password", "control_characters"),
            ({"password": "\ud800" * 12}, "password", "invalid_unicode"),
            ({"role": "root"}, "role", "not_a_choice"),
        ],
    )
    def test_that_is_not_sound_is_refused_by_field(self, create, values, field, code):
        with pytest.raises(Invalid) as caught:
            create(**values)

        assert [(fault.path, fault.code) for fault in caught.value.faults] == [(field, code)]

    @pytest.mark.parametrize("password", ["x" * 12, "x" * 256, "十二个汉字的密码足够长了吧"])
    def test_has_a_password_of_12_to_256_characters(self, create, logins, password):
        create(password=password)

        assert logins.log_in(LogIn(username="ann", password=password), address="::1")

    @pytest.mark.parametrize("other", ["  épée 密码 ONE  ", "épée 密码 one", "  e\u0301pe\u0301e 密码 one  "])
    def test_has_its_password_to_the_letter(self, create, logins, other):
        create(password="  épée 密码 one  ")

        assert logins.log_in(LogIn(username="ann", password="  épée 密码 one  "), address="::1")
        with pytest.raises(CredentialsRefused):
            logins.log_in(LogIn(username="ann", password=other), address="::1")


class TestAnotherPassword:
    def test_replaces_the_old_one_and_ends_all_sessions(self, service, logins, count):
        logins.log_in(LogIn(username="viewer", password=PASSWORD), address="::1")
        logins.log_in(LogIn(username="operator", password=PASSWORD), address="::1")

        new = service.hashed({"password": ANOTHER})
        with transaction():
            service.set_password("viewer", new)

        assert count(UserSession) == 1
        assert logins.log_in(LogIn(username="viewer", password=ANOTHER), address="::1")
        with pytest.raises(Exception, match=r"login\.refused"):
            logins.log_in(LogIn(username="viewer", password=PASSWORD), address="::1")

    def test_is_12_characters_at_least(self, service):
        with pytest.raises(Invalid):
            service.hashed({"password": "short"})

    def test_needs_a_user(self, service):
        with pytest.raises(UserNotFound), transaction():
            service.set_password("nobody", "hash")


class TestHashing:
    @pytest.mark.parametrize("scope", [transaction, snapshot])
    def test_never_keeps_a_transaction_waiting(self, service, scope):
        with scope(), pytest.raises(RuntimeError, match="before the transaction"):
            service.hashed({"password": ANOTHER})

    def test_leaves_nothing_for_a_repr_to_show(self, service):
        new = service.ready({"username": "ann", "password": ANOTHER, "role": "viewer"})

        assert repr(new) == "NewUser(username='ann', role='viewer')"


class TestAnotherRole:
    def test_is_written(self, service):
        with transaction():
            service.set_role("viewer", "dba")

        assert (user("viewer").role, user("viewer").version) == ("dba", 2)

    def test_that_is_the_same_writes_nothing(self, service):
        before = last_event().id

        with transaction():
            service.set_role("viewer", "viewer")

        assert last_event().id == before
        assert user("viewer").version == 1

    @pytest.mark.parametrize("others", [[], ["disabled"]])
    def test_is_refused_to_the_last_active_admin(self, service, create, change_user, others):
        for name in others:
            create(name, role="admin")
            change_user(name, is_active=False)

        with pytest.raises(LastAdmin), transaction():
            service.set_role("admin", "viewer")

        assert user("admin").role == "admin"

    def test_is_given_to_an_admin_who_is_not_the_last(self, service, create):
        create("second", role="admin")

        with transaction():
            service.set_role("admin", "viewer")

        assert user("admin").role == "viewer"

    def test_leaves_an_admin_when_two_demote_each_other_at_once(self, service, create):
        create("second", role="admin")
        together, outcomes = threading.Barrier(2), []

        def demote(username: str) -> None:
            together.wait(10)
            try:
                with transaction():
                    service.set_role(username, "viewer")
                outcomes.append("done")
            except LastAdmin:
                outcomes.append("refused")

        threads = [threading.Thread(target=demote, args=(name,)) for name in ("admin", "second")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert sorted(outcomes) == ["done", "refused"]

    def test_needs_a_user(self, service):
        with pytest.raises(UserNotFound), transaction():
            service.set_role("nobody", "viewer")


class TestTheEvent:
    def test_of_a_plain_command_names_the_user_of_the_system(self, create):
        made = create()

        event = last_event()

        assert (event.action, event.entity_type, event.entity_id) == ("user.create", "user", made.id)
        assert (event.entity_name, event.source) == ("ann", "cli")
        assert (event.actor_name, event.actor_id) == (f"cli:{getpass.getuser()}", None)

    def test_names_the_operator_of_an_edge(self, create, service):
        with acting_from(Origin("api", Actor("admin", 1, "admin"), "r-1")), transaction():
            service.set_role("viewer", "dba", operator_id=1)

        event = last_event()
        assert (event.actor_name, event.actor_id, event.source, event.request_id) == ("admin", 1, "api", "r-1")

    def test_of_a_role_holds_before_and_after(self, service):
        with transaction():
            service.set_role("viewer", "dba")

        assert last_event().changes == [{"field": "role", "before": "viewer", "after": "dba"}]

    def test_goes_with_a_change_that_is_rolled_back(self, service):
        before = last_event().id

        def change() -> None:
            with transaction():
                service.set_role("viewer", "dba")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            change()

        assert last_event().id == before
        assert user("viewer").role == "viewer"

    def test_never_holds_a_password_or_its_hash(self, create, service):
        create()
        new = service.hashed({"password": f"{ANOTHER}!"})
        with transaction():
            service.set_password("ann", new)

        with snapshot() as session:
            told = json.dumps([event.changes for event in session.scalars(select(AuditEvent))])
        assert {"field": "password", "secret": True} in last_event().changes
        assert ANOTHER not in told
        assert "argon2" not in told
