"""Who may give an instance which credential: the bindings, and those who may extend them."""

import pytest
from sqlalchemy import text

CREATE = "/api/v1/instances"


def code(answer):
    return answer.status_code, answer.json.get("message_code")


@pytest.fixture
def endpoints(house):
    """Return the exact endpoints that a credential is bound to."""

    def bound(credential):
        shown = house.admin.get(f"/api/v1/credentials/{credential['id']}").json["data"]["credential"]
        return [(one["db_type"], one["host"], one["port"]) for one in shown["bindings"]["endpoints"]]

    return bound


class TestAnUnboundCredential:
    def test_is_not_for_an_operator_to_give(self, house, endpoints):
        credential, rows = house.credential(), house.rows()

        answer = house.as_role("operator").post(CREATE, house.body(credential_id=credential["id"]))

        assert code(answer) == (403, "CREDENTIAL_NOT_BOUND")
        assert answer.json["extra"]["credential_id"] == credential["id"]
        assert endpoints(credential) == []
        assert house.rows() == rows

    def test_is_not_for_an_operator_to_give_later_either(self, house):
        credential, body = house.credential(), house.body()
        instance = house.made("instances", body)

        answer = house.as_role("operator").put(
            f"{CREATE}/{instance['id']}", {**body, "credential_id": credential["id"], "port": 1}
        )

        assert code(answer) == (403, "CREDENTIAL_NOT_BOUND")
        assert house.detail(instance["id"]) == instance

    @pytest.mark.parametrize("role", ["dba", "admin"])
    def test_is_bound_to_the_exact_endpoint_by_whoever_manages_credentials(self, house, endpoints, role):
        credential = house.credential()
        body = house.body(host="DB7.Example.com.", port=7000, credential_id=credential["id"])

        answer = house.as_role(role).post(CREATE, body, headers={"X-Request-ID": f"bind-{role}"})

        assert answer.status_code == 201
        assert endpoints(credential) == [("postgresql", "db7.example.com", 7000)]
        with house.database.engine.connect() as connection:
            event = connection.execute(
                text(
                    "SELECT actor_name, entity_name, changes FROM audit_events WHERE request_id = :id AND action = :act"
                ),
                {"id": f"bind-{role}", "act": "credential.bind"},
            ).one()
        assert tuple(event)[:2] == (role, credential["name"])
        assert "postgresql db7.example.com:7000" in str(event.changes)

    def test_once_bound_there_is_for_operators_there_and_nowhere_else(self, house, endpoints):
        credential = house.credential()
        house.as_role("dba").post(CREATE, house.body(host="shared.example.com", credential_id=credential["id"]))
        operator = house.as_role("operator")

        there = operator.post(CREATE, house.body(host="SHARED.example.com", credential_id=credential["id"]))
        elsewhere = [
            operator.post(
                CREATE, house.body(**{"host": "shared.example.com", "credential_id": credential["id"], **other})
            )
            for other in ({"port": 1}, {"db_type": "mysql"}, {"host": "other.example.com"})
        ]

        assert there.status_code == 201
        assert [code(answer) for answer in elsewhere] == [(403, "CREDENTIAL_NOT_BOUND")] * 3
        assert len(endpoints(credential)) == 1


class TestMovingAnInstanceWithACredential:
    @pytest.fixture
    def held(self, house):
        """An instance whose credential is bound to its endpoint alone; returns its body and path."""
        body = house.body(credential_id=house.credential()["id"])
        return body, f"{CREATE}/{house.made('instances', body)['id']}"

    @pytest.mark.parametrize("move", [{"host": "elsewhere.example.com"}, {"port": 1}, {"db_type": "mysql"}])
    def test_outside_its_bindings_is_not_for_an_operator(self, house, held, move):
        body, path = held
        rows = house.rows()

        with_id = house.as_role("operator").put(path, {**body, **move})
        without = {key: value for key, value in body.items() if key != "credential_id"}
        absent = house.as_role("operator").put(path, {**without, **move})

        assert code(with_id) == code(absent) == (403, "CREDENTIAL_NOT_BOUND")
        assert house.rows() == rows

    @pytest.mark.parametrize("move", [{"host": "moved.example.com"}, {"port": 1}, {"db_type": "mysql"}])
    def test_binds_the_new_endpoint_when_a_dba_does_it(self, house, held, endpoints, move):
        body, path = held

        assert house.as_role("dba").put(path, {**body, **move}).status_code == 200
        bound = endpoints({"id": body["credential_id"]})
        new = {**body, **move}
        assert (new["db_type"], new["host"], new["port"]) in bound
        assert len(bound) == 2

    @pytest.mark.parametrize("change", [{"description": "new"}, {"name": "renamed-by-operator"}, {"sid": "A"}])
    def test_is_not_what_other_changes_are(self, house, held, change):
        body, path = held

        assert house.as_role("operator").put(path, {**body, **change}).status_code == 200

    def test_without_the_credential_is_for_an_operator(self, house, held):
        body, path = held

        answer = house.as_role("operator").put(path, {**body, "port": 1, "credential_id": None})

        assert answer.status_code == 200
        assert answer.json["data"]["instance"]["credential"] is None

    def test_that_lost_its_binding_may_stay_where_it_is(self, house, held):
        body, path = held
        credential = house.admin.get(f"/api/v1/credentials/{body['credential_id']}").json["data"]["credential"]
        house.admin.put(
            f"/api/v1/credentials/{credential['id']}",
            {"name": credential["name"], "username": "muster", "bindings": None},
        )

        operator = house.as_role("operator")
        assert operator.put(path, {**body, "description": "new"}).status_code == 200
        assert code(operator.put(path, {**body, "port": 1})) == (403, "CREDENTIAL_NOT_BOUND")

    def test_back_from_the_bin_needs_nothing(self, house, held):
        path = held[1]
        house.admin.post(f"{path}/delete")

        assert house.as_role("operator").post(f"{path}/restore").status_code == 200


class TestRules:
    @pytest.mark.parametrize(
        ("bindings", "endpoint", "allowed"),
        [
            ({"hosts": ["a.example.com"]}, {"host": "A.example.com."}, True),
            ({"hosts": ["a.example.com"]}, {"host": "b.a.example.com"}, False),
            ({"hosts": ["2001:db8::1"]}, {"host": "2001:DB8:0::1"}, True),
            ({"suffixes": ["example.com"]}, {"host": "a.example.com"}, True),
            ({"suffixes": ["example.com"]}, {"host": "badexample.com"}, False),
            ({"suffixes": [".example.com"]}, {"host": "a.example.com.evil.net"}, False),
            ({"networks": ["10.1.0.0/16"]}, {"host": "10.1.255.255"}, True),
            ({"networks": ["10.1.0.0/16"]}, {"host": "10.2.0.1"}, False),
            ({"networks": ["10.1.0.0/16"]}, {"host": "::ffff:10.1.0.1"}, True),
            ({"networks": ["0.0.0.0/0"]}, {"host": "localhost"}, False),
            ({"networks": ["fd00::/8"]}, {"host": "fd00::5"}, True),
            ({"engines": ["mysql"]}, {"db_type": "mysql"}, False),
            ({"engines": ["mysql"], "suffixes": ["example.com"]}, {"db_type": "mysql", "host": "a.example.com"}, True),
            ({"engines": ["mysql"], "suffixes": ["example.com"]}, {"host": "a.example.com"}, False),
            ({"hosts": ["x"], "networks": ["10.1.0.0/16"]}, {"host": "10.1.0.1"}, True),
            ({"endpoints": [{"db_type": "postgresql", "host": "E.x", "port": 5432}]}, {"host": "e.x"}, True),
        ],
    )
    def test_say_where_an_operator_may_use_the_credential(self, house, bindings, endpoint, allowed):
        credential = house.credential(bindings=bindings)

        answer = house.as_role("operator").post(CREATE, house.body(credential_id=credential["id"], **endpoint))

        assert answer.status_code == (201 if allowed else 403), answer.json
        if not allowed:
            assert answer.json["message_code"] == "CREDENTIAL_NOT_BOUND"

    def test_are_not_extended_where_they_allow_already(self, house, endpoints):
        credential = house.credential(bindings={"suffixes": ["example.com"]})

        house.as_role("dba").post(CREATE, house.body(credential_id=credential["id"]))

        assert endpoints(credential) == []
