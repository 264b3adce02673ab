"""`POST /checks`: an endpoint that is not registered, with a login that is kept or comes along and is forgotten."""

from typing import ClassVar

import pytest

from tests.support.api import faults
from tests.support.store import stored_bytes


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

    @pytest.mark.parametrize("body", [{}, {"unattended": True}])
    def test_is_checked_with_a_kept_credential_where_that_is_bound_and_the_use_is_told(self, house, engine, body):
        login = house.credential(bindings={"hosts": [self.BODY["host"]]})

        answer = house.as_role("dba").post("/api/v1/checks", {**self.BODY, **body, "credential_id": login["id"]})

        assert answer.json["data"]["check"]["outcome"] == "ok"
        wanted = f"entity_type=credential&entity_id={login['id']}&action=credential.use"
        [event] = house.admin.get(f"/api/v1/audit-events?{wanted}").json["data"]["items"]
        assert event["actor"]["username"] == "dba"
        assert self.BODY["host"] in event["changes"][0]["after"]

    @pytest.mark.parametrize("role", ["dba", "admin"])
    def test_gets_no_credential_that_is_not_bound_there_whoever_asks(self, house, engine, role):
        elsewhere = {"hosts": [self.BODY["host"]], "engines": ["oracle"]}
        logins = [house.credential()["id"], house.credential(bindings=elsewhere)["id"]]
        before = house.rows()

        for login in logins:
            answer = house.as_role(role).post("/api/v1/checks", {**self.BODY, "credential_id": login})

            assert (answer.status_code, answer.json["message_code"]) == (403, "CREDENTIAL_NOT_BOUND")
        assert engine.seen == []
        assert house.rows() == before

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
