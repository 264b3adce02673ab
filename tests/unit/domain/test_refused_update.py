"""A refused write leaves nothing behind, even for a caller who catches the refusal and goes on."""

import pytest

from app.core.db import current_session, transaction
from app.domain.credentials.errors import CredentialNotBound
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken
from app.domain.instances.write_service import InstanceWriteService
from tests.support.api import an_instance
from tests.support.register import everything, registered, stored


class TestARefusedUpdate:
    @pytest.fixture
    def instance_id(self, database, users, add_credential):
        return registered(users["dba"], credential_id=add_credential())

    def test_of_the_endpoint_leaves_the_session_clean(self, database, users, instance_id):
        before = everything(database)

        with transaction():
            with pytest.raises(CredentialNotBound):
                InstanceWriteService().update(
                    instance_id, an_instance(host="evil.example.com"), operator_id=users["operator"]
                )
            assert not current_session().dirty

        assert everything(database) == before

    def test_of_the_name_leaves_the_session_clean(self, database, users, instance_id):
        registered(users["dba"], name="orders-02", host="db2.example.com")
        before = everything(database)

        with transaction():
            with pytest.raises(InstanceNameTaken):
                InstanceWriteService().update(instance_id, an_instance(name="orders-02"), operator_id=users["dba"])
            assert not current_session().dirty

        assert everything(database) == before

    def test_tells_a_taken_name_though_the_role_is_looked_up_first(self, database, users, instance_id):
        registered(users["dba"], name="orders-02", host="db2.example.com")

        with transaction(), pytest.raises(InstanceNameTaken):
            InstanceWriteService().update(
                instance_id, an_instance(name="orders-02", host="db3.example.com"), operator_id=users["dba"]
            )


class TestAConflictInTheStore:
    def test_does_not_let_the_caller_go_on_as_if_nothing_had_happened(self, database):
        registered(external_ids={"cmdb": "CI-1"})

        with pytest.raises(Exception, match="rolled back"), transaction():  # noqa: PT012 - both must be inside
            InstanceWriteService().create(an_instance(name="a", host="a.example.com"), operator_id=None)
            with pytest.raises(ExternalIdTaken):
                InstanceWriteService().create(
                    an_instance(name="b", host="b.example.com", external_ids={"cmdb": "CI-1"}), operator_id=None
                )

        assert stored(database, "SELECT name FROM instances ORDER BY name") == [("orders-01",)]


class TestAChangeOfANumber:
    @pytest.mark.parametrize(("old", "new"), [(1, 1.0), (1.0, 1), (0.0, -0.0), (1, True), (False, 0)])
    def test_is_a_change_when_json_writes_it_otherwise(self, database, old, new):
        instance_id = registered(custom={"x": old})

        with transaction():
            InstanceWriteService().update(instance_id, an_instance(custom={"x": new}), operator_id=None)

        assert stored(database, "SELECT version FROM instances") == [(2,)]
        assert stored(database, "SELECT count(*) FROM audit_events WHERE entity_type = 'instance'") == [(2,)]


class TestNeighbours:
    def test_are_named_up_to_twenty_and_never_hide_the_holder_of_the_name(self, database):
        for number in range(30):
            registered(name=f"twin-{number:02}")
        instance_id = registered(name="orders-02", host="db2.example.com")
        service = InstanceWriteService()

        with transaction():
            service.update(instance_id, an_instance(name="orders-02"), operator_id=None)
        with transaction(), pytest.raises(InstanceNameTaken):
            service.update(instance_id, an_instance(name="twin-29"), operator_id=None)

        assert len(service.same_endpoint) == 20

    def test_are_told_when_a_restore_makes_one(self, database):
        instance_id = registered()
        with transaction():
            InstanceWriteService().soft_delete(instance_id, operator_id=None)
        registered(name="orders-02")
        service = InstanceWriteService()

        with transaction():
            service.restore(instance_id, operator_id=None)

        assert [one.name for one in service.same_endpoint] == ["orders-02"]
