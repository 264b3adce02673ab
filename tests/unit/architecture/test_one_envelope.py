"""Whatever anybody calls, the answer is one of the two envelopes."""

from datetime import datetime

import pytest

from tests.support.routes import ROUTES

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATHS = sorted({route.path for route in ROUTES})
# These answer something else where they work; an error on them is an envelope too.
NO_ENVELOPE = {
    ("GET", "/"),
    ("GET", "/nothing"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/docs"),
    ("GET", "/api/v1/discovery/prometheus"),
    ("GET", "/api/v1/instances/export"),
    ("GET", "/api/v1/instances/import/template"),
}
STRANGE = [
    "/api", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/instances/", "/api/v1/instances/x", "/api/v2/instances",
    "/api/v1/swagger.json", "/api/v1/instances/9223372036854775808", "/api/v1/instances/-1", "/api//v1/instances",
    "/instances/api", "/instances/api/nothing/at/all", "/auth/api/", "/auth/api/nothing", "/nothing.js",
    "/swaggerui/x.js", "/assets", "/assets/", "/health", "/health/nothing", "/metrics", "/metrics/nothing",
]  # fmt: skip
SUCCESS = {"success", "error", "message", "timestamp", "data"}
ERROR = {
    "success", "error", "error_id", "category", "severity", "message_code", "message", "timestamp", "recoverable",
    "suggestions", "context",
}  # fmt: skip


def assert_envelope(answer):
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.get_json()
    works = answer.status_code < 400
    assert (body["success"], body["error"]) == (works, not works)
    required, optional = (SUCCESS, {"meta"}) if works else (ERROR, {"extra"})
    assert required <= set(body) <= required | optional
    assert datetime.fromisoformat(body["timestamp"]).utcoffset() is not None


@pytest.fixture
def client(app):
    return app.test_client()


class TestAnonymous:
    @pytest.mark.parametrize("verb", VERBS)
    def test_gets_an_envelope_from_every_path(self, client, verb):
        for path in PATHS:
            if (verb, path) in NO_ENVELOPE:
                continue

            answer = client.open(path, method=verb)

            assert_envelope(answer)
            assert answer.status_code in {200, 401, 403, 404, 405}, (verb, path, answer.status_code)

    @pytest.mark.parametrize("path", STRANGE)
    def test_gets_an_envelope_from_a_path_that_is_none(self, client, path):
        answer = client.get(path)

        assert_envelope(answer)
        assert answer.status_code == 404
        assert answer.get_json()["message_code"] == "RESOURCE_NOT_FOUND"

    @pytest.mark.parametrize("verb", ["TRACE", "PROPFIND", "FROBNICATE"])
    def test_gets_an_envelope_for_a_method_that_nothing_has(self, client, verb):
        answer = client.open("/api/v1/instances", method=verb)

        assert_envelope(answer)
        assert (answer.status_code, answer.get_json()["message_code"]) == (405, "METHOD_NOT_ALLOWED")
        assert "GET" in answer.headers["Allow"]

    @pytest.mark.parametrize("verb", ["HEAD", "OPTIONS"])
    def test_gets_no_body_for_what_has_none(self, client, verb):
        for path in PATHS:
            with client.open(path, method=verb) as answer:
                assert answer.data == b"", (verb, path)


class TestAdmin:
    @pytest.mark.parametrize("verb", VERBS)
    def test_gets_an_envelope_from_every_path(self, admin, verb):
        headers = {"X-CSRFToken": admin.token}
        # The one that ends the session comes last.
        for path in sorted(PATHS, key=lambda path: path.endswith("/logout")):
            if (verb, path) in NO_ENVELOPE:
                continue

            answer = admin.client.open(path, method=verb, headers=headers)

            assert_envelope(answer)
            assert answer.status_code != 500
