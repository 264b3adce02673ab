"""The service that changes the register, called as any edge calls it."""

from datetime import UTC, datetime

import pytest

from app.core import clock
from app.core.db import NoTransaction, transaction
from app.core.errors import Invalid
from app.domain.instances import repository
from app.domain.instances.commands import CreateInstance, UpdateInstance
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.domain.instances.record import record_of
from app.domain.instances.write_service import InstanceWriteService
from app.models import Instance
from tests.support.api import an_instance
from tests.support.register import everything, registered, stored

CALLS = {
    "create": lambda service: service.create(an_instance(), operator_id=None),
    "update": lambda service: service.update(1, an_instance(), operator_id=None),
    "soft_delete": lambda service: service.soft_delete(1, operator_id=None),
    "restore": lambda service: service.restore(1, operator_id=None),
}


def update(instance_id, **fields):
    with transaction():
        return InstanceWriteService().update(instance_id, an_instance(**fields), operator_id=None)


def shown(instance_id):
    with transaction():
        return record_of(repository.get_for_update(instance_id, include_deleted=True))


class TestTransaction:
    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_is_needed_by_every_method(self, database, call):
        with pytest.raises(NoTransaction):
            call(InstanceWriteService())

    def test_is_left_open_with_everything_flushed(self, database):
        with transaction() as session:
            made = InstanceWriteService().create(an_instance(), operator_id=None)

            assert made.id is not None
            assert session.get(Instance, made.id) is made
            assert not session.new
            assert not session.dirty
            assert session.in_transaction()
            assert stored(database, "SELECT count(*) FROM instances") == [(0,)]

        assert stored(database, "SELECT name FROM instances") == [("orders-01",)]

    @pytest.mark.parametrize("method", CALLS)
    def test_takes_everything_back_when_it_fails(self, database, add_tags, add_credential, method):
        add_tags("payments", "gold")
        credential_id = add_credential()
        active = registered(name="active", tag_names=["payments"], external_ids={"cmdb": "1"})
        binned = registered(name="binned", host="db2.example.com")
        with transaction():
            InstanceWriteService().soft_delete(binned, operator_id=None)
        fields = an_instance(
            name="new", tag_names=["gold"], credential_id=credential_id, external_ids={"cmdb": "2"}, host="10.0.0.9"
        )
        arguments = {"create": (fields,), "update": (active, fields), "soft_delete": (active,), "restore": (binned,)}
        before = everything(database)

        def write_and_fail():
            with transaction() as session:
                getattr(InstanceWriteService(), method)(*arguments[method], operator_id=None)
                session.flush()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            write_and_fail()

        assert everything(database) == before

    def test_takes_the_first_of_two_writes_back_when_the_second_is_refused(self, database):
        def write_twice():
            with transaction():
                InstanceWriteService().create(an_instance(), operator_id=None)
                InstanceWriteService().update(999, an_instance(name="other"), operator_id=None)

        with pytest.raises(InstanceNotFound):
            write_twice()

        assert stored(database, "SELECT count(*) FROM instances") == [(0,)]
        assert stored(database, "SELECT count(*) FROM audit_events WHERE entity_type = 'instance'") == [(0,)]


class TestPayload:
    @pytest.mark.parametrize("made", [dict, CreateInstance.parse], ids=["mapping", "command"])
    def test_is_a_mapping_or_the_command_for_create(self, database, made):
        payload = made(an_instance(port="5433", owner="dba team"))

        with transaction():
            instance = InstanceWriteService().create(payload, operator_id=None)

        assert (instance.port, instance.owner) == (5433, "dba team")

    @pytest.mark.parametrize("made", [dict, UpdateInstance.parse], ids=["mapping", "command"])
    def test_is_a_mapping_or_the_command_for_update(self, database, made):
        instance_id = registered(owner="dba team")

        with transaction():
            instance = InstanceWriteService().update(instance_id, made(an_instance(port=5433)), operator_id=None)

        assert (instance.port, instance.owner) == (5433, "dba team")

    def test_has_all_its_faults_told_together_and_writes_nothing(self, database):
        payload = an_instance(
            port=0, host="127.1", tag_names=["nope"], environment="nope", cluster_id=9, credential_id=9, size=1
        )

        with pytest.raises(Invalid) as caught, transaction():
            InstanceWriteService().create(payload, operator_id=None)

        assert {fault.path: fault.code for fault in caught.value.faults} == {
            "port": "out_of_range",
            "host": "invalid_host",
            "size": "unknown",
            "tag_names.0": "unknown_reference",
            "environment": "unknown_reference",
            "cluster_id": "unknown_reference",
            "credential_id": "unknown_reference",
        }
        assert stored(database, "SELECT count(*) FROM instances") == [(0,)]


class TestCreate:
    def test_sets_the_defaults(self, database):
        record = shown(registered())

        assert (record["is_active"], record["lifecycle"]) == (True, "active")
        assert (record["endpoint_kind"], record["platform"]) == ("server", "self_hosted")

    def test_invents_no_zero_for_what_nothing_has_collected(self, database):
        instance_id = registered()

        counts = stored(
            database, "SELECT active_db_count, active_account_count FROM instances WHERE id = ?", instance_id
        )

        assert counts == [(None, None)]

    def test_names_the_others_at_the_same_endpoint(self, database):
        first = registered(name="first", host="DB1.example.com.")
        registered(name="elsewhere", port=5433)
        registered(name="other-sid", sid="ORCL")

        with transaction():
            service = InstanceWriteService()
            service.create(an_instance(name="second"), operator_id=None)

        assert [(one.id, one.name) for one in service.same_endpoint] == [(first, "first")]


class TestUpdate:
    def test_keeps_what_is_absent_and_clears_what_is_null(self, database, add_tags, cluster_id):
        add_tags("payments")
        kept = {
            "owner": "dba",
            "environment": "production",
            "tag_names": ["payments"],
            "external_ids": {"cmdb": "CI-1"},
            "custom": {"rack": "B12"},
            "cluster_id": cluster_id,
            "muted_until": datetime(2030, 1, 1, tzinfo=UTC),
        }
        instance_id = registered(**kept, description="old", is_active=False)
        before = shown(instance_id)

        update(instance_id, description="new")
        assert shown(instance_id) == {**before, "description": "new"}

        update(instance_id, **dict.fromkeys([*kept, "description"]))
        cleared = dict.fromkeys(("owner", "environment", "custom", "muted_until", "cluster"))
        assert shown(instance_id) == {
            **before, **cleared, "description": None, "tag_names": [], "external_ids": {}
        }  # fmt: skip

    def test_sets_the_default_where_a_field_with_one_is_null(self, database):
        set_fields = {"is_active": False, "lifecycle": "planned", "endpoint_kind": "proxy", "platform": "polardb"}
        instance_id = registered(**set_fields)

        update(instance_id, **dict.fromkeys(set_fields))

        record = shown(instance_id)
        assert {name: record[name] for name in set_fields} == {
            "is_active": True, "lifecycle": "active", "endpoint_kind": "server", "platform": "self_hosted"
        }  # fmt: skip

    def test_counts_versions_and_moves_updated_at(self, database, monkeypatch):
        instance_id = registered()
        later = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: later)

        instance = update(instance_id, owner="dba")

        assert (instance.version, instance.updated_at) == (2, later)
        assert instance.created_at < later

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"port": "5432"},
            {"owner": "dba", "tag_names": ["gold", "payments", "gold"]},
            {"external_ids": {"b": "2", "a": "1"}, "custom": {"y": None, "x": 1}},
        ],
        ids=["the required fields alone", "a digit string", "tags in another order", "objects in another order"],
    )
    def test_writes_nothing_when_nothing_changes(self, database, add_tags, fields):
        add_tags("payments", "gold")
        instance_id = registered(
            owner="dba",
            tag_names=["payments", "gold"],
            external_ids={"a": "1", "b": "2"},
            custom={"x": 1, "y": None},
        )
        before = everything(database)

        instance = update(instance_id, **fields)

        assert instance.version == 1
        assert everything(database) == before

    def test_of_one_that_is_not_there_is_refused(self, database):
        with pytest.raises(InstanceNotFound):
            update(999)

    def test_of_one_in_the_bin_is_refused(self, database):
        instance_id = registered()
        with transaction():
            InstanceWriteService().soft_delete(instance_id, operator_id=None)

        with pytest.raises(InstanceInBin):
            update(instance_id, owner="dba")


def test_the_model_has_no_column_that_the_record_misses(database):
    machine_made = {
        "id", "host_key", "environment_id", "cluster_id", "credential_id", "flavour", "main_version",
        "database_version", "detailed_version", "active_db_count", "active_account_count", "last_sync_time",
        "last_connected", "deleted_at", "deleted_by_id", "delete_reason", "search_text", "created_at", "updated_at",
        "version", "admin_credential_id", "tls_client_key_seal_id", "tls_client_key_key_id", "tls_client_key_blob",
        "tls_client_key_digest", "last_attempt_at", "last_error_at", "last_outcome", "last_cause", "last_check_id",
        "outcome_since", "last_network", "role", "tls_state", "tls_not_after",
    }  # fmt: skip

    assert set(Instance.__table__.columns.keys()) - machine_made <= set(shown(registered()))
