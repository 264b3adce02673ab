"""Who may send which secret where."""

import pytest

from app.core.db import snapshot, transaction
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.credentials.errors import CredentialNotBound
from app.domain.instances.write_service import InstanceWriteService
from tests.support.api import an_instance
from tests.support.register import events, registered, stored

BOUND = {"hosts": ["db1.example.com"], "suffixes": [".prod.example.com"], "networks": ["10.1.0.0/16", "fd00:10::/64"]}


def update(instance_id, operator_id, **fields):
    with transaction():
        return InstanceWriteService().update(instance_id, an_instance(**fields), operator_id=operator_id)


def endpoints(database):
    return stored(database, "SELECT db_type, host_key, port FROM credential_endpoints ORDER BY id")


class TestOperatorWithoutTheAction:
    @pytest.mark.parametrize(
        "host",
        [
            "db1.example.com",
            "DB1.Example.COM.",
            "a.prod.example.com",
            "A.B.PROD.example.com.",
            "10.1.255.255",
            "::ffff:10.1.0.1",
            "::FFFF:0A01:0001",
            "fd00:10::1",
            "FD00:0010:0:0::1",
        ],
    )
    def test_may_use_it_within_its_bindings(self, database, users, add_credential, host):
        credential_id = add_credential(**BOUND)

        instance_id = registered(users["operator"], host=host, credential_id=credential_id)

        assert instance_id
        assert endpoints(database) == []

    @pytest.mark.parametrize(
        "host",
        [
            "db2.example.com",
            "db1.example.com.evil.example",
            "xdb1.example.com",
            "prod.example.com",
            "evilprod.example.com",
            "evil-prod.example.com",
            "10.2.0.1",
            "::ffff:10.2.0.1",
            "64:ff9b::10.1.0.1",
            "fd00:10:0:1::1",
            "10.1.0.1.example.com",
        ],
    )
    def test_may_not_use_it_elsewhere(self, database, users, add_credential, host):
        credential_id = add_credential(**BOUND)
        before = stored(database, "SELECT count(*) FROM audit_events")

        with pytest.raises(CredentialNotBound) as caught:
            registered(users["operator"], host=host, credential_id=credential_id)

        assert caught.value.extra == {"credential_id": credential_id}
        assert (caught.value.code, caught.value.params["endpoint"].split()[0]) == ("credential.not_bound", "postgresql")
        assert stored(database, "SELECT count(*) FROM instances") == [(0,)]
        assert stored(database, "SELECT count(*) FROM audit_events") == before

    @pytest.mark.parametrize(("db_type", "allowed"), [("postgresql", True), ("mysql", False)])
    def test_is_narrowed_by_engines(self, database, users, add_credential, db_type, allowed):
        credential_id = add_credential(**BOUND, engines=["postgresql", "oracle"])

        def assign():
            return registered(users["operator"], db_type=db_type, credential_id=credential_id)

        if allowed:
            assert assign()
        else:
            with pytest.raises(CredentialNotBound):
                assign()

    @pytest.mark.parametrize("bindings", [{}, {"engines": ["postgresql"]}], ids=["nothing", "engines alone"])
    def test_may_not_use_an_unbound_one(self, database, users, add_credential, bindings):
        credential_id = add_credential(**bindings)

        with pytest.raises(CredentialNotBound):
            registered(users["operator"], credential_id=credential_id)

    @pytest.mark.parametrize(
        "fields", [{"host": "evil.example"}, {"port": 5433}, {"db_type": "mysql"}], ids=["host", "port", "engine"]
    )
    def test_may_not_move_an_instance_that_has_it(self, database, users, add_credential, fields):
        credential_id = add_credential()
        instance_id = registered(users["dba"], credential_id=credential_id)

        with pytest.raises(CredentialNotBound):
            update(instance_id, users["operator"], **fields)

        assert stored(database, "SELECT db_type, host, port FROM instances") == [
            ("postgresql", "db1.example.com", 5432)
        ]

    def test_may_not_move_and_keep_it_by_naming_it_again(self, database, users, add_credential):
        credential_id = add_credential()
        instance_id = registered(users["dba"], credential_id=credential_id)

        with pytest.raises(CredentialNotBound):
            update(instance_id, users["operator"], host="evil.example", credential_id=credential_id)

    def test_may_not_swap_in_one_that_is_bound_elsewhere(self, database, users, add_credential):
        mine, other = add_credential("mine", **BOUND), add_credential("other")
        instance_id = registered(users["operator"], credential_id=mine)

        with pytest.raises(CredentialNotBound):
            update(instance_id, users["operator"], credential_id=other)

    def test_may_change_everything_else(self, database, users, add_credential):
        credential_id = add_credential()
        instance_id = registered(users["dba"], credential_id=credential_id)

        changed = update(instance_id, users["operator"], name="renamed", host="DB1.example.com.", owner="ops")

        assert (changed.name, changed.credential_id) == ("renamed", credential_id)

    def test_may_move_it_after_taking_the_credential_off(self, database, users, add_credential):
        instance_id = registered(users["dba"], credential_id=add_credential())

        assert update(instance_id, users["operator"], host="evil.example", credential_id=None).credential_id is None

    def test_may_use_an_endpoint_that_somebody_with_the_action_has_bound(self, database, users, add_credential):
        credential_id = add_credential()
        registered(users["dba"], name="first", host="DB1.example.com", credential_id=credential_id)

        second = registered(users["operator"], name="second", host="db1.example.com.", credential_id=credential_id)

        assert second
        assert endpoints(database) == [("postgresql", "db1.example.com", 5432)]


class TestWhoeverManagesCredentials:
    @pytest.mark.parametrize("role", ["dba", "admin"])
    def test_binds_the_exact_endpoint_by_assigning(self, database, users, add_credential, role):
        credential_id = add_credential()

        registered(users[role], host="DB9.example.com.", port=6432, credential_id=credential_id)

        assert endpoints(database) == [("postgresql", "db9.example.com", 6432)]
        with snapshot():
            bind = events("credential")[-1]
        assert (bind.action, bind.entity_id, bind.actor_name) == ("credential.bind", credential_id, role)
        assert bind.changes == [{"field": "endpoints", "before": None, "after": "postgresql db9.example.com:6432"}]

    def test_binds_nothing_where_the_bindings_allow_it(self, database, users, add_credential):
        registered(users["dba"], credential_id=add_credential(**BOUND))

        assert endpoints(database) == []

    def test_binds_once(self, database, users, add_credential):
        credential_id = add_credential()
        registered(users["dba"], name="first", credential_id=credential_id)

        registered(users["admin"], name="second", credential_id=credential_id)

        assert len(endpoints(database)) == 1

    def test_binds_the_new_endpoint_when_it_moves(self, database, users, add_credential):
        instance_id = registered(users["dba"], credential_id=add_credential())

        update(instance_id, users["dba"], host="fd00::1")

        assert endpoints(database)[-1] == ("postgresql", "fd00::1", 5432)


class TestRole:
    @pytest.mark.parametrize("role", ["viewer", "operator", "auditor"])
    def test_is_looked_up_for_an_operator_who_is_not_the_caller(self, database, users, add_credential, role):
        credential_id = add_credential()
        admin = Origin("job", Actor("admin", users["admin"], "admin"))

        with acting_from(admin), pytest.raises(CredentialNotBound):
            registered(users[role], credential_id=credential_id)

    def test_of_the_caller_counts_as_the_request_has_read_it(self, database, users, add_credential):
        with acting_from(Origin("api", Actor("operator", users["operator"], "dba"))):
            assert registered(users["operator"], credential_id=add_credential())

    def test_of_an_operator_who_does_not_exist_includes_nothing(self, database, add_credential):
        credential_id = add_credential()

        with pytest.raises(CredentialNotBound):
            registered(4711, credential_id=credential_id)

    def test_is_not_needed_at_the_machine_itself(self, database, add_credential):
        assert registered(None, credential_id=add_credential())

    def test_is_not_left_out_by_leaving_out_the_operator(self, database, users, add_credential):
        credential_id = add_credential()
        caller = Origin("api", Actor("operator", users["operator"], "operator"))

        with acting_from(caller), pytest.raises(CredentialNotBound):
            registered(None, credential_id=credential_id)
