"""The way into the recycle bin and back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from app.core import clock
from app.core.db import Base, snapshot, transaction
from app.core.errors import Invalid
from app.domain.instances import repository
from app.domain.instances.errors import InstanceNotFound
from app.domain.instances.record import record_of
from app.domain.instances.write_service import InstanceWriteService
from app.models import Instance
from tests.support.register import events, everything, registered, stored

NOON = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)


def soft_delete(instance_id, operator_id=None, **reason):
    with transaction():
        return InstanceWriteService().soft_delete(instance_id, operator_id=operator_id, **reason)


def restore(instance_id, operator_id=None, **reason):
    with transaction():
        return InstanceWriteService().restore(instance_id, operator_id=operator_id, **reason)


def loaded(instance_id):
    with transaction():
        return repository.get_for_update(instance_id, include_deleted=True)


class TestDeleting:
    def test_tells_which_when_and_how(self, database, monkeypatch):
        instance_id = registered()
        monkeypatch.setattr(clock, "now", lambda: NOON)

        done = soft_delete(instance_id)

        assert (done.instance_id, done.deleted_at, done.deletion_mode) == (instance_id, NOON, "soft")

    def test_keeps_who_when_and_why(self, database, users, monkeypatch):
        instance_id = registered()
        monkeypatch.setattr(clock, "now", lambda: NOON)

        soft_delete(instance_id, users["dba"], reason="replaced by orders-02")

        instance = loaded(instance_id)
        assert (instance.deleted_by.username, instance.delete_reason) == ("dba", "replaced by orders-02")
        assert (instance.deleted_at, instance.updated_at, instance.version) == (NOON, NOON, 2)
        assert instance.status == "deleted"

    def test_again_changes_nothing_and_tells_the_first_time(self, database, users):
        instance_id = registered()
        first = soft_delete(instance_id, users["dba"], reason="first")
        before = everything(database)

        again = soft_delete(instance_id, users["admin"], reason="second")

        assert again == first
        assert everything(database) == before

    def test_of_one_that_is_not_there_is_refused(self, database):
        with pytest.raises(InstanceNotFound):
            soft_delete(999)

    def test_refuses_a_reason_that_is_too_long(self, database):
        instance_id = registered()

        with pytest.raises(Invalid) as caught:
            soft_delete(instance_id, reason="x" * 501)

        assert [(fault.path, fault.code) for fault in caught.value.faults] == [("reason", "too_long")]
        assert loaded(instance_id).deleted_at is None


class TestRestoring:
    def test_brings_back_the_state_before(self, database, add_tags, add_credential, cluster_id):
        add_tags("payments", "gold")
        instance_id = registered(
            tag_names=["gold", "payments"],
            credential_id=add_credential(),
            cluster_id=cluster_id,
            environment="production",
            external_ids={"cmdb": "CI-1"},
            custom={"rack": "B12"},
            is_active=False,
        )
        before = record_of(loaded(instance_id))
        soft_delete(instance_id, reason="a mistake")

        done = restore(instance_id)

        assert done.restored is True
        assert done.instance.id == instance_id
        after = loaded(instance_id)
        assert record_of(after) == before
        assert (after.status, after.version) == ("inactive", 3)
        assert (after.deleted_at, after.deleted_by_id, after.delete_reason) == (None, None, None)

    def test_leaves_who_and_why_in_the_trail(self, database, users):
        instance_id = registered()
        soft_delete(instance_id, users["dba"], reason="gone")

        restore(instance_id, users["admin"], reason="still needed")

        with snapshot():
            trail = [(event.action, event.actor_name, event.reason) for event in events("instance")]
        assert trail[1:] == [("instance.delete", "dba", "gone"), ("instance.restore", "admin", "still needed")]

    def test_of_one_outside_the_bin_changes_nothing(self, database):
        instance_id = registered()
        before = everything(database)

        done = restore(instance_id)

        assert (done.restored, done.instance.id) == (False, instance_id)
        assert everything(database) == before

    def test_of_one_that_is_not_there_is_refused(self, database):
        with pytest.raises(InstanceNotFound):
            restore(999)


class TestIds:
    def test_are_not_used_again_after_the_newest_row_is_gone(self, database):
        registered(name="first")
        newest = registered(name="second")
        with transaction() as session:
            session.execute(delete(Instance).where(Instance.id == newest))

        assert registered(name="third") > newest

    @pytest.mark.sqlite
    @pytest.mark.parametrize("table", sorted(name for name, table in Base.metadata.tables.items() if "id" in table.c))
    def test_come_from_a_counter_in_every_table(self, database, table):
        [(sql,)] = stored(database, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", table)

        assert "AUTOINCREMENT" in sql
