"""`POST /checks`: an endpoint that is not registered, with a login that is kept or comes along and is forgotten."""

from typing import ClassVar

import pytest

from app.domain.access import permissions
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

    def test_is_checked_with_a_kept_credential_by_whoever_may_allow_it_there(self, house, engine):
        login = house.credential()

        answer = house.as_role("dba").post("/api/v1/checks", {**self.BODY, "credential_id": login["id"]})
        after = house.admin.get(f"/api/v1/credentials/{login['id']}").json["data"]["credential"]

        assert answer.json["data"]["check"]["outcome"] == "ok"
        assert (after["bindings"]["endpoints"], after["version"]) == ([], login["version"])

    def test_gets_no_credential_that_the_caller_may_not_send_there(self, house, engine, monkeypatch):
        login = house.credential()
        may = permissions.TABLE["dba"] - {"credentials"}
        monkeypatch.setattr(permissions, "TABLE", {**permissions.TABLE, "dba": may})
        before = house.rows()

        answer = house.as_role("dba").post("/api/v1/checks", {**self.BODY, "credential_id": login["id"]})

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
