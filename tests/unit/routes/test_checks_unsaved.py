"""`POST /checks`: an endpoint that is not registered, with a login that is kept or comes along and is forgotten."""

from datetime import timedelta
from typing import ClassVar

import pytest

from app.core import clock
from tests.support.api import faults
from tests.support.engines import failing
from tests.support.store import stored_bytes


def uses(house, credential):
    """Return the events of a credential's use."""
    path = f"/api/v1/audit-events?entity_type=credential&entity_id={credential['id']}&action=credential.use"
    return house.admin.get(path).json["data"]["items"]


class TestAnEndpointThatIsNotRegistered:
    BODY: ClassVar = {"db_type": "postgresql", "host": "192.0.2.7", "port": 5432}

    def test_is_checked_with_a_login_that_comes_along_and_is_not_kept(self, house, engine):
        typed = "typed-and-forgotten-1"
        before = house.rows()

        answer = house.admin.post("/api/v1/checks", {**self.BODY, "username": "eve", "password": typed})
        found = answer.json["data"]["check"]
        grown = {name: count - before[name] for name, count in house.rows().items() if count != before[name]}

        assert (answer.status_code, found["outcome"], found["instance_id"]) == (200, "ok", None)
        assert (engine.seen[-1].login.username, engine.seen[-1].login.password) == ("eve", typed)
        assert grown == {"checks": 1, "check_steps": 8}
        assert typed.encode() not in stored_bytes(house.settings)

    def test_takes_the_options_of_a_connection(self, house, engine):
        house.admin.post("/api/v1/checks", {**self.BODY, "tls_mode": "disable", "deadline_ms": 2_000})

        spec = engine.seen[-1]
        assert (spec.tls.mode, spec.deadline_ms, spec.connect_timeout_ms) == ("disable", 2_000, 3_000)

    @pytest.mark.parametrize("unattended", [False, True])
    def test_is_checked_with_a_kept_credential_that_is_bound_there(self, house, engine, unattended):
        login = house.credential(bindings={"hosts": ["192.0.2.7"], "engines": ["postgresql"]})

        answer = house.as_role("dba").post(
            "/api/v1/checks", {**self.BODY, "credential_id": login["id"], "unattended": unattended}
        )

        assert answer.json["data"]["check"]["outcome"] == "ok"
        assert engine.seen[-1].login.username == "muster"
        [event] = uses(house, login)
        assert event["actor"]["username"] == "dba"
        assert event["changes"][0]["after"] == "postgresql 192.0.2.7:5432"

    def test_leaves_an_event_of_the_credential_by_token_too(self, house, engine):
        login = house.credential(bindings={"hosts": ["192.0.2.7"]})
        until = (clock.now() + timedelta(days=1)).isoformat()
        token = house.made("tokens", {"name": house.new_name("token"), "role": "dba", "expires_at": until})
        authorization = {"Authorization": f"Bearer {token['secret']}"}

        answer = house.anonymous.post(
            "/api/v1/checks", {**self.BODY, "credential_id": login["id"]}, headers=authorization
        )

        assert answer.json["data"]["check"]["attended"] is False
        assert len(uses(house, login)) == 1

    @pytest.mark.parametrize("role", ["dba", "admin"])
    @pytest.mark.parametrize("bindings", [{}, {"hosts": ["192.0.2.7"], "engines": ["mariadb"]}, {"hosts": ["db1"]}])
    def test_gets_no_credential_that_is_not_bound_there_whoever_asks(self, house, engine, role, bindings):
        login = house.credential(bindings=bindings)
        caller, before = house.as_role(role), house.rows()

        answer = caller.post("/api/v1/checks", {**self.BODY, "credential_id": login["id"]})

        assert (answer.status_code, answer.json["message_code"]) == (403, "CREDENTIAL_NOT_BOUND")
        assert answer.json["extra"] == {"credential_id": login["id"], "reason": "credential.not_bound"}
        assert "postgresql 192.0.2.7:5432" in answer.json["message"]
        assert "PUT /api/v1/credentials" in answer.json["suggestions"][0]
        assert engine.seen == []
        assert house.rows() == before
        assert uses(house, login) == []

    @pytest.mark.parametrize("weaker", [{"tls_mode": "disable"}, {"tls_legacy": True}])
    def test_gets_a_credential_under_weaker_tls_than_it_is_bound_under_from_nobody(self, house, engine, weaker):
        endpoint = {"db_type": "postgresql", "host": "192.0.2.7", "port": 5432}
        login = house.credential(bindings={"endpoints": [endpoint]})
        body = {**self.BODY, "credential_id": login["id"]}

        refused = house.admin.post("/api/v1/checks", {**body, **weaker})
        sent = house.admin.post("/api/v1/checks", body)

        assert (refused.status_code, refused.json["message_code"]) == (403, "CREDENTIAL_NOT_BOUND")
        assert refused.json["extra"]["reason"] == "credential.bound_under_tls"
        assert "tls=require" in refused.json["message"]
        assert sent.json["data"]["check"]["outcome"] == "ok"
        assert len(engine.seen) == 1

    @pytest.mark.parametrize("weaker", [{"tls_mode": "disable"}, {"tls_mode": "prefer"}, {"tls_legacy": True}])
    def test_gets_a_credential_that_a_rule_allows_there_under_encryption_alone(self, house, engine, weaker):
        login = house.credential(bindings={"hosts": ["192.0.2.7"]})

        refused = house.admin.post("/api/v1/checks", {**self.BODY, **weaker, "credential_id": login["id"]})

        assert (refused.status_code, refused.json["extra"]["reason"]) == (403, "credential.bound_under_tls")
        assert engine.seen == []
        assert uses(house, login) == []

    def test_shows_a_viewer_no_more_than_the_check_of_an_instance_does(self, house, engine):
        login = house.credential(bindings={"hosts": ["192.0.2.7"]})
        made = house.instance(host="192.0.2.7", port=5432, credential_id=login["id"])
        posted = [
            house.admin.post("/api/v1/checks", {**self.BODY, "username": "mallory", "password": "typed-2"}),
            house.admin.post("/api/v1/checks", {**self.BODY, "credential_id": login["id"]}),
            house.admin.post(f"/api/v1/instances/{made['id']}/check"),
        ]

        seen = [
            house.as_role("viewer").get(f"/api/v1/checks/{one.json['data']['check']['id']}").json["data"]["check"]
            for one in posted
        ]

        assert {tuple(sorted(one)) for one in seen} == {tuple(sorted(seen[-1]))}
        assert not {"username", "password", "credential_id", "credential"} & set(seen[0])
        assert all("mallory" not in str(one) and "typed-2" not in str(one) for one in seen)

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"credential_id": 1, "username": "eve", "password": "x"}, {"credential_id": "login_in_two_ways"}),
            ({"username": "eve"}, {"password": "required"}),
            ({"password": "x"}, {"username": "required"}),
            ({"credential_id": 999_999}, {"credential_id": "unknown_reference"}),
            ({"host": "127.1"}, {"host": "invalid_host"}),
        ],
    )
    def test_is_refused_when_the_login_is_none(self, house, engine, more, told):
        assert faults(house.admin.post("/api/v1/checks", {**self.BODY, **more})) == told

    def test_is_not_dialled_at_a_forbidden_address(self, house, engine):
        found = house.admin.post("/api/v1/checks", {**self.BODY, "host": "169.254.169.254"}).json["data"]["check"]

        assert (found["outcome"], found["cause"]) == ("failed", "guard.network_forbidden")
        assert engine.seen == []


class TestARefusedLogin:
    BODY: ClassVar = {"db_type": "postgresql", "host": "192.0.2.8", "port": 5432}

    def refused(self, house, engine, **who):
        """Check unattended while the server refuses every login; returns the cause."""
        engine.script = failing("login", "login.refused")
        answer = house.admin.post("/api/v1/checks", {**self.BODY, **who, "unattended": True})
        return answer.json["data"]["check"]["cause"]

    def test_of_a_kept_credential_is_counted_for_every_check_of_that_server(self, house, engine):
        login = house.credential(bindings={"hosts": ["192.0.2.8"]})
        instance = house.instance(**self.BODY, credential_id=login["id"])

        causes = [self.refused(house, engine, credential_id=login["id"]) for _ in range(3)]
        scheduled = house.admin.post(f"/api/v1/instances/{instance['id']}/check", {"unattended": True})

        assert causes == ["login.refused", "login.refused", "login.suspended"]
        assert scheduled.json["data"]["check"]["cause"] == "login.suspended"

    def test_of_a_registered_instance_counts_there_too(self, house, engine):
        login = house.credential(bindings={"hosts": ["192.0.2.8"]})
        instance = house.instance(**self.BODY, credential_id=login["id"])
        engine.script = failing("login", "login.refused")
        for _ in range(2):
            house.admin.post(f"/api/v1/instances/{instance['id']}/check", {"unattended": True})

        assert self.refused(house, engine, credential_id=login["id"]) == "login.suspended"

    def test_that_was_typed_suspends_nothing(self, house, engine):
        typed = {"username": "muster", "password": "typed-and-wrong-1"}
        before = house.rows()

        causes = [self.refused(house, engine, **typed) for _ in range(4)]
        grown = {name for name, count in house.rows().items() if count != before[name]}

        assert causes == ["login.refused"] * 4
        assert grown == {"checks", "check_steps"}
