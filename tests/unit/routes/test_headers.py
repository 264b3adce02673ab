"""Headers of every answer, request ids, and what the deprecated doors add."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.api.legacy import DOORS
from app.bootstrap import create_app
from tests.support.store import make_settings

CREATE = "/api/v1/instances"
EVERYWHERE = [
    "/",
    CREATE,
    f"{CREATE}/999999",
    "/api/v1/nothing",
    "/nothing",
    "/instances/api/instances",
    "/auth/api/me",
]


class TestSecurityHeaders:
    @pytest.mark.parametrize("path", EVERYWHERE)
    @pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD"])
    def test_are_on_every_answer(self, house, method, path):
        headers = house.anonymous.client.open(path, method=method).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        policy = set(headers["Content-Security-Policy"].split("; "))
        assert policy >= {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"}
        assert not [name for name, _ in headers if name.startswith("Access-Control-")]
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-ID"]
        assert "Strict-Transport-Security" not in headers

    def test_ask_for_tls_where_there_is_tls(self, house):
        answer = house.anonymous.client.get(CREATE, base_url="https://localhost")

        assert answer.headers["Strict-Transport-Security"] == f"max-age={365 * 24 * 3600}"

    @pytest.mark.parametrize("path", [path for path in EVERYWHERE if path not in {"/", "/nothing"}])
    def test_keep_answers_out_of_caches(self, house, path):
        headers = house.anonymous.client.get(path).headers

        assert headers["Cache-Control"] == "no-store"
        assert {"Accept-Language", "Cookie"} <= {part.strip() for part in headers["Vary"].split(",")}

    def test_are_on_a_crash_too(self, house, monkeypatch):
        def crash(*_, **__):
            raise RuntimeError

        monkeypatch.setattr("app.api.v1.namespaces.instances.repository.list_page", crash)
        answer = house.admin.get(CREATE)

        assert (answer.status_code, answer.headers["Cache-Control"]) == (500, "no-store")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


class TestARequestId:
    @pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64, "0"])
    def test_from_outside_is_kept(self, house, given):
        answer = house.anonymous.get(CREATE, headers={"X-Request-ID": given})

        assert answer.headers["X-Request-ID"] == given
        assert answer.json["context"]["request_id"] == given

    @pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a/b", "<script>", "é", "a\t", "１"])
    def test_that_could_do_harm_is_replaced(self, house, given):
        raw = given.encode("utf-8").decode("latin-1")
        answer = house.anonymous.get(CREATE, environ_overrides={"HTTP_X_REQUEST_ID": raw})

        assert answer.headers["X-Request-ID"] not in {given, raw}
        assert answer.headers["X-Request-ID"] == answer.json["context"]["request_id"]

    def test_of_two_calls_differs(self, house):
        assert len({house.anonymous.get(CREATE).headers["X-Request-ID"] for _ in range(3)}) == 3


@pytest.mark.parametrize("door", DOORS, ids=[f"{door.method} {door.path}" for door in DOORS])
class TestADeprecatedDoor:
    @pytest.mark.parametrize("role", ["admin", "anonymous"])
    def test_says_so_and_where_its_successor_is(self, house, door, role):
        caller = house.anonymous if role == "anonymous" else house.as_role(role)

        answer = caller.client.open(door.path.replace("<int:instance_id>", "12345"), method=door.method)

        successor = f"/api/v1{door.successor}".replace("<int:instance_id>", "12345")
        assert answer.headers["Link"] == f'<{successor}>; rel="successor-version"'
        since = datetime.fromtimestamp(int(answer.headers["Deprecation"].removeprefix("@")), UTC)
        assert since.year == 2026
        assert answer.headers["Cache-Control"] == "no-store"

    def test_says_so_to_a_method_that_it_does_not_take(self, house, door):
        answer = house.anonymous.client.open(door.path.replace("<int:instance_id>", "12345"), method="DELETE")

        successor = f"/api/v1{door.successor}".replace("<int:instance_id>", "12345")
        assert answer.status_code == 405
        assert answer.headers["Link"] == f'<{successor}>; rel="successor-version"'
        assert answer.headers["Deprecation"].startswith("@")

    def test_answers_as_its_successor_does(self, house, door):
        body = {"json": {"colour": 1}, "headers": {"X-CSRFToken": house.admin.token}} if door.method == "POST" else {}

        def answered(method, path):
            answer = house.admin.client.open(path.replace("<int:instance_id>", "12345"), method=method, **body)
            moving = {"timestamp", "error_id", "context", "data"}
            return answer.status_code, {key: answer.json[key] for key in answer.json.keys() - moving}

        assert answered(door.method, door.path) == answered(door.verb.upper(), f"/api/v1{door.successor}")

    def test_is_absent_when_it_is_switched_off(self, without_doors, door):
        answer = without_doors.test_client().open(door.path.replace("<int:instance_id>", "1"), method=door.method)

        assert (answer.status_code, answer.json["message_code"]) == (404, "RESOURCE_NOT_FOUND")
        assert "Deprecation" not in answer.headers


@pytest.fixture
def without_doors(house) -> Flask:
    """Another application on the same store."""
    return _second(house, legacy_routes=False)


def _second(house, **changes) -> Flask:
    settings = make_settings(house.settings.data_dir, **changes)
    app = create_app(settings)
    app.extensions["muster"]._parts = house.app.extensions["muster"].parts()
    return app


class TestTheDocuments:
    def test_can_be_switched_off(self, house):
        client = _second(house, docs=False).test_client()

        assert client.get("/api/v1/docs").status_code == 404
        assert client.get("/api/v1/docs/docs.js").json["message_code"] == "RESOURCE_NOT_FOUND"
        assert client.get("/api/v1/openapi.json").status_code == 200

    def test_name_no_deprecated_door(self, house):
        document = house.anonymous.get("/api/v1/openapi.json").json

        assert document["openapi"].startswith("3.1")
        assert not any("/api/" in path for path in document["paths"])
