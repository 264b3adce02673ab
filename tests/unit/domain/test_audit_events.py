"""The trail: one event for every change, in the transaction of the change."""

import getpass
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from app.core import clock
from app.core.db import current_session, snapshot, transaction
from app.domain.access.passwords import Passwords
from app.domain.access.user_service import UserWriteService
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.instances.write_service import InstanceWriteService
from app.domain.tags.write_service import TagWriteService
from app.models import AuditEvent, Instance, User
from tests.support.api import an_instance
from tests.support.register import events, registered, stored

NOON = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)


def update(instance_id, operator_id=None, **fields):
    with transaction():
        InstanceWriteService().update(instance_id, an_instance(**fields), operator_id=operator_id)


def last_event(entity_type="instance"):
    with snapshot():
        return events(entity_type)[-1]


class TestEvents:
    def test_are_one_for_each_change(self, database):
        instance_id = registered()
        update(instance_id, port=5433)
        with transaction():
            service = InstanceWriteService()
            service.soft_delete(instance_id, operator_id=None)
            service.restore(instance_id, operator_id=None)

        with snapshot():
            found = [(event.action, event.entity_id, event.entity_name) for event in events("instance")]

        actions = ("instance.create", "instance.update", "instance.delete", "instance.restore")
        assert found == [(action, instance_id, "orders-01") for action in actions]

    def test_are_in_the_transaction_of_the_change(self, database):
        with transaction():
            InstanceWriteService().create(an_instance(), operator_id=None)

            assert [event.action for event in events("instance")] == ["instance.create"]
            assert stored(database, "SELECT count(*) FROM audit_events WHERE entity_type = 'instance'") == [(0,)]

    def test_hold_what_each_field_was_and_became(self, database, add_tags, cluster_id):
        add_tags("payments", "gold")
        instance_id = registered(tag_names=["payments"], owner="dba", external_ids={"cmdb": "1"})

        update(instance_id, port=5433, tag_names=["gold"], owner=None, cluster_id=cluster_id, external_ids={})

        changes = {change["field"]: (change["before"], change["after"]) for change in last_event().changes}
        assert changes == {
            "port": (5432, 5433),
            "tag_names": (["payments"], ["gold"]),
            "owner": ("dba", None),
            "cluster": (None, {"id": cluster_id, "name": "orders"}),
            "external_ids": ({"cmdb": "1"}, {}),
        }

    def test_of_a_creation_hold_what_was_set_and_no_nulls(self, database):
        registered(owner="dba", muted_until=NOON)

        changes = {change["field"]: change for change in last_event().changes}

        assert changes["owner"] == {"field": "owner", "before": None, "after": "dba"}
        assert changes["muted_until"]["after"] == NOON.isoformat()
        assert "contact" not in changes

    def test_hold_the_moment(self, database, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: NOON)

        registered()

        assert last_event().at == NOON

    @pytest.mark.parametrize("model", [Instance, User])
    def test_outlive_what_they_speak_of(self, database, users, model):
        operator = users["operator"]
        instance_id = registered(operator)
        update(instance_id, operator, name="renamed")
        with transaction() as session:
            session.execute(delete(model).where(model.id.in_([instance_id, operator])))

        with snapshot():
            names = [(event.entity_name, event.actor_name) for event in events("instance")]

        assert names == [("orders-01", "operator"), ("renamed", "operator")]

    def test_of_a_detached_tag_are_one_for_each_carrier_and_one_for_the_tag(self, database, add_tags):
        [tag_id, _] = add_tags("gold", "payments")
        first = registered(name="first", tag_names=["gold", "payments"])
        second = registered(name="second", tag_names=["gold"])

        with transaction():
            TagWriteService(detach=True).delete(tag_id, operator_id=None)

        with snapshot():
            found = [(event.action, event.entity_id, event.changes) for event in events()[-3:]]
        assert found[:2] == [
            (
                "instance.update",
                first,
                [{"field": "tag_names", "before": ["gold", "payments"], "after": ["payments"]}],
            ),
            ("instance.update", second, [{"field": "tag_names", "before": ["gold"], "after": []}]),
        ]
        assert found[2][:2] == ("tag.delete", tag_id)


class TestSecrets:
    def test_are_in_no_event(self, database, settings, credential_service):
        secrets = ("first-s3cret-value", "second-s3cret-value", "third-s3cret-value", "fourth-s3cret-value")
        people = UserWriteService(passwords=Passwords(settings))
        mei = people.ready({"username": "mei", "password": secrets[2], "role": "dba"})
        another = people.hashed({"password": secrets[3]})
        with transaction():
            made = credential_service.create(
                {"name": "monitor", "username": "muster", "password": secrets[0]}, operator_id=None
            )
            credential_service.update(
                made.id, {"name": "monitor", "username": "muster", "password": secrets[1]}, operator_id=None
            )
            people.create(mei)
            people.set_password("mei", another)

            hashes = current_session().scalars(select(User.password_hash)).all()

        trail = str(stored(database, "SELECT * FROM audit_events"))
        assert "monitor" in trail
        assert not [secret for secret in (*secrets, *hashes) if secret in trail]
        assert last_event("credential").changes == [{"field": "password", "secret": True}]
        assert last_event("user").changes == [{"field": "password", "secret": True}]

    def test_that_stay_the_same_are_no_change(self, database, add_credential, credential_service):
        credential_id = add_credential()
        before = stored(database, "SELECT * FROM audit_events")

        with transaction():
            same = {"name": "monitor", "username": "muster", "password": "s3cret-of-the-test"}
            row = credential_service.update(credential_id, same, operator_id=None)

        assert row.version == 1
        assert stored(database, "SELECT * FROM audit_events") == before


class TestActor:
    def test_is_the_caller_that_the_edge_has_named(self, database, users):
        with acting_from(Origin("legacy", Actor("dba", users["dba"], "dba"), "req-1")):
            registered(users["dba"])

        event = last_event()
        assert (event.actor_id, event.actor_name, event.source, event.request_id) == (
            users["dba"], "dba", "legacy", "req-1"
        )  # fmt: skip

    def test_is_the_person_at_the_machine_without_an_edge(self, database, monkeypatch):
        monkeypatch.setattr(getpass, "getuser", lambda: "ops")

        registered()

        event = last_event()
        assert (event.actor_id, event.actor_name, event.source, event.request_id) == (None, "cli:ops", "cli", None)

    @pytest.mark.parametrize("error", [KeyError("uid"), OSError("no entry")])
    def test_has_a_name_where_the_system_has_none(self, database, monkeypatch, error):
        def nameless():
            raise error

        monkeypatch.setattr(getpass, "getuser", nameless)

        registered()

        assert last_event().actor_name == "cli:unknown"

    def test_is_looked_up_when_a_program_acts_for_a_user(self, database, users):
        registered(users["operator"])

        event = last_event()
        assert (event.actor_id, event.actor_name) == (users["operator"], "operator")

    def test_keeps_its_id_when_no_such_user_is_left(self, database):
        registered(4711)

        assert last_event().actor_name == "user:4711"

    def test_of_one_edge_does_not_stay_for_the_next(self, database, monkeypatch):
        monkeypatch.setattr(getpass, "getuser", lambda: "ops")
        with acting_from(Origin("api", Actor("dba", 3, "dba"), "req-1")):
            pass

        registered()

        assert last_event().actor_name == "cli:ops"


def test_an_event_is_never_changed_by_a_later_write(database):
    instance_id = registered()
    before = stored(database, f"SELECT * FROM {AuditEvent.__tablename__} ORDER BY id")

    update(instance_id, port=5433)

    assert stored(database, f"SELECT * FROM {AuditEvent.__tablename__} ORDER BY id")[: len(before)] == before
