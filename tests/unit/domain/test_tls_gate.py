"""Under which TLS a credential may be sent to the exact endpoint that it is bound to, and who may change that."""

import pytest

from app.core.db import snapshot, transaction
from app.domain.credentials.errors import CredentialNotBound
from app.domain.egress.protection import TLS_MODES, Protection, effective_mode
from app.domain.instances.bulk.outcome import BatchRefused
from app.domain.instances.bulk.service import InstanceBatchService
from app.domain.instances.write_service import InstanceWriteService
from tests.support import pem
from tests.support.api import an_instance
from tests.support.register import events, registered, stored

CA, OTHER_CA = pem.authority(), pem.authority("another authority")
WEAKER = [{"tls_mode": "disable"}, {"tls_mode": "prefer"}, {"tls_legacy": True}]


def update(instance_id, operator_id, **fields):
    with transaction():
        return InstanceWriteService().update(instance_id, an_instance(**fields), operator_id=operator_id)


def batch(operator_id, *operations):
    with transaction():
        return InstanceBatchService().change({"operations": list(operations)}, operator_id=operator_id)


def bound(database):
    return stored(database, "SELECT tls_mode, tls_ca_digest, tls_legacy FROM credential_endpoints ORDER BY id")


class TestAnExactEndpoint:
    @pytest.mark.parametrize("login", ["credential_id", "admin_credential_id"])
    @pytest.mark.parametrize("weaker", WEAKER)
    def test_is_not_for_an_operator_to_reach_under_weaker_tls(self, database, users, add_credential, login, weaker):
        instance_id = registered(users["dba"], **{login: add_credential()})

        with pytest.raises(CredentialNotBound) as caught:
            update(instance_id, users["operator"], **weaker)

        assert caught.value.code == "credential.bound_under_tls"
        assert caught.value.params["endpoint"] == "postgresql db1.example.com:5432"
        assert caught.value.params["tls"] == "tls=require"

        assert stored(database, "SELECT tls_mode, tls_legacy FROM instances") == [(None, 0)]

    @pytest.mark.parametrize("weaker", WEAKER)
    def test_is_not_for_an_operator_to_register_again_under_weaker_tls(self, database, users, add_credential, weaker):
        credential_id = add_credential()
        registered(users["dba"], credential_id=credential_id)

        with pytest.raises(CredentialNotBound):
            registered(users["operator"], name="again", credential_id=credential_id, **weaker)

    @pytest.mark.parametrize("stronger", [{"tls_mode": "verify-full"}, {"tls_ca": CA}, {"tls_mode": "verify-ca"}])
    def test_is_for_an_operator_to_reach_under_stronger_tls(self, database, users, add_credential, stronger):
        instance_id = registered(users["dba"], credential_id=add_credential())

        assert update(instance_id, users["operator"], **stronger)
        assert bound(database) == [("require", None, 0)]

    @pytest.mark.parametrize(
        "change",
        [{"tls_ca": OTHER_CA}, {"tls_ca": None}, {"tls_mode": "verify-ca"}, {"tls_mode": "require"}],
        ids=["another CA", "the system's", "no host name", "no CA"],
    )
    def test_that_is_verified_stays_so_for_an_operator(self, database, users, add_credential, change):
        instance_id = registered(users["dba"], credential_id=add_credential(), tls_ca=CA)

        with pytest.raises(CredentialNotBound):
            update(instance_id, users["operator"], **{"tls_ca": CA, **change})

    def test_takes_another_client_certificate_from_an_operator(self, database, users, add_credential):
        """It says who we are, and not who gets the password."""
        instance_id = registered(users["dba"], credential_id=add_credential(), tls_ca=CA)

        assert update(instance_id, users["operator"], tls_ca=CA, tls_client_cert=pem.client()[0])

    def test_is_bound_anew_by_whoever_manages_credentials(self, database, users, add_credential):
        credential_id = add_credential()
        instance_id = registered(users["dba"], credential_id=credential_id)
        version = stored(database, "SELECT version FROM credentials")[0][0]

        update(instance_id, users["dba"], tls_mode="disable", tls_legacy=True)

        assert bound(database) == [("disable", None, 1)]
        assert stored(database, "SELECT version FROM credentials") == [(version + 1,)]
        with snapshot():
            bind = events("credential")[-1]
        endpoint = "postgresql db1.example.com:5432"
        change = {"field": "endpoints", "before": endpoint, "after": f"{endpoint} tls=disable legacy"}
        assert (bind.action, bind.entity_id, bind.changes) == ("credential.bind", credential_id, [change])

    def test_once_bound_weakly_is_there_for_operators(self, database, users, add_credential):
        credential_id = add_credential()
        registered(users["dba"], credential_id=credential_id, tls_mode="prefer")

        assert registered(users["operator"], name="again", credential_id=credential_id, tls_mode="prefer")
        with pytest.raises(CredentialNotBound):
            registered(users["operator"], name="third", credential_id=credential_id, tls_mode="disable")

    def test_is_bound_under_what_the_absent_mode_means(self, database, users, add_credential):
        registered(users["dba"], credential_id=add_credential(), tls_ca=CA)

        mode, digest, legacy = bound(database)[0]
        assert (mode, len(digest), legacy) == ("verify-full", 64, 0)


class TestTheRules:
    @pytest.mark.parametrize("weaker", WEAKER)
    def test_of_a_credential_allow_an_operator_no_weak_tls(self, database, users, add_credential, weaker):
        credential_id = add_credential(hosts=["db1.example.com"])

        with pytest.raises(CredentialNotBound):
            registered(users["operator"], credential_id=credential_id, **weaker)
        instance_id = registered(users["operator"], credential_id=credential_id)
        with pytest.raises(CredentialNotBound):
            update(instance_id, users["operator"], **weaker)

    @pytest.mark.parametrize("strong", [{}, {"tls_mode": "require"}, {"tls_mode": "verify-full"}, {"tls_ca": CA}])
    def test_of_a_credential_allow_any_other_tls(self, database, users, add_credential, strong):
        credential_id = add_credential(suffixes=[".example.com"])

        assert registered(users["operator"], credential_id=credential_id, **strong)
        assert bound(database) == []

    def test_take_an_exact_endpoint_beside_them_for_weak_tls(self, database, users, add_credential):
        credential_id = add_credential(networks=["10.1.0.0/16"])
        weak = {"host": "10.1.2.3", "credential_id": credential_id, "tls_mode": "disable"}

        registered(users["dba"], **weak)

        assert bound(database) == [("disable", None, 0)]
        with snapshot():
            told = events("credential")[-1]
        change = {"field": "endpoints", "before": None, "after": "postgresql 10.1.2.3:5432 tls=disable"}
        assert (told.action, told.changes) == ("credential.bind", [change])
        assert registered(users["operator"], name="again", **weak)

    @pytest.mark.parametrize("weaker", WEAKER)
    def test_allow_no_weak_tls_in_a_batch_either(self, database, users, add_credential, weaker):
        data = an_instance(credential_id=add_credential(hosts=["db1.example.com"]), **weaker)

        with pytest.raises(BatchRefused) as caught:
            batch(users["operator"], {"op": "create", "data": data})
        assert [(one.path, one.code) for one in caught.value.faults] == [
            ("operations.0.data.credential_id", "bound_under_tls")
        ]

        batch(users["dba"], {"op": "create", "data": data})
        assert len(bound(database)) == 1


class TestASecondLogin:
    def test_passes_the_gate_like_the_first(self, database, users, add_credential):
        first, second = add_credential("first", hosts=["db1.example.com"]), add_credential("second")

        with pytest.raises(CredentialNotBound) as caught:
            registered(users["operator"], credential_id=first, admin_credential_id=second)

        assert caught.value.extra == {"credential_id": second}

    def test_is_bound_by_assigning(self, database, users, add_credential):
        first, second = add_credential("first"), add_credential("second")

        registered(users["dba"], credential_id=first, admin_credential_id=second)

        rows = stored(database, "SELECT credential_id, host_key FROM credential_endpoints ORDER BY id")
        assert rows == [(first, "db1.example.com"), (second, "db1.example.com")]

    def test_that_is_the_first_one_as_well_is_bound_once(self, database, users, add_credential):
        one = add_credential()

        registered(users["dba"], credential_id=one, admin_credential_id=one)

        assert bound(database) == [("require", None, 0)]

    def test_does_not_go_along_when_an_operator_moves_the_instance(self, database, users, add_credential):
        instance_id = registered(users["dba"], admin_credential_id=add_credential())

        with pytest.raises(CredentialNotBound):
            update(instance_id, users["operator"], host="evil.example")
        assert update(instance_id, users["operator"], host="evil.example", admin_credential_id=None)


class TestABatch:
    @pytest.mark.parametrize("login", ["credential_id", "admin_credential_id"])
    @pytest.mark.parametrize("change", [*WEAKER, {"host": "evil.example"}])
    def test_refuses_an_operator_as_a_single_write_does(self, database, users, add_credential, login, change):
        registered(users["dba"], **{login: add_credential()})

        for target in ({"name": "orders-01"}, {"filter": {"name": ["orders-01"]}}):
            with pytest.raises(BatchRefused) as caught:
                batch(users["operator"], {"op": "update", **target, "data": change})
            assert [(one.path, one.code) for one in caught.value.faults] == [
                (f"operations.0.data.{login}", "not_bound" if "host" in change else "bound_under_tls")
            ]

    def test_binds_anew_and_lets_later_steps_use_that(self, database, users, add_credential):
        credential_id = add_credential()
        registered(users["dba"], credential_id=credential_id)
        weak = {"tls_mode": "disable"}
        more = an_instance(name="again", credential_id=credential_id, **weak)

        batch(users["dba"], {"op": "update", "name": "orders-01", "data": weak}, {"op": "create", "data": more})

        assert bound(database) == [("disable", None, 0)]
        with snapshot():
            assert [one.action for one in events("credential")] == ["credential.create"] + ["credential.bind"] * 2

    def test_binds_both_logins_of_a_new_instance(self, database, users, add_credential):
        first, second = add_credential("first"), add_credential("second")
        data = an_instance(credential_id=first, admin_credential_id=second, tls_mode="disable")

        batch(users["dba"], {"op": "create", "data": data})

        rows = stored(database, "SELECT credential_id, tls_mode FROM credential_endpoints ORDER BY credential_id")
        assert rows == [(first, "disable"), (second, "disable")]


class TestAProtection:
    @pytest.mark.parametrize("mode", TLS_MODES)
    def test_admits_itself_and_says_itself_again(self, mode):
        for digest in (None, "ab" * 32):
            for legacy in (False, True):
                one = Protection(mode, digest if mode.startswith("verify") else None, legacy)
                assert one.admits(one)
                assert Protection.parse(str(one)) == one

    def test_admits_no_weaker_mode(self):
        for place, mode in enumerate(TLS_MODES):
            admitted = [Protection(mode).admits(Protection(other)) for other in TLS_MODES]
            assert admitted == [other >= place for other in range(len(TLS_MODES))]

    @pytest.mark.parametrize(
        ("mode", "ca", "means"),
        [(None, None, "require"), (None, CA, "verify-full"), ("require", CA, "require"), ("disable", None, "disable")],
    )
    def test_is_that_of_the_mode_that_counts(self, mode, ca, means):
        assert effective_mode(mode, ca) == means
