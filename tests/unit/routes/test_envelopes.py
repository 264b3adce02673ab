"""One of two envelopes everywhere: each status with its category, paths that lead nowhere, crashes."""

import json
import re
import sqlite3
from datetime import datetime

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from tests.support.api import PASSWORD, ApiCaller

CREATE = "/api/v1/instances"
ERROR = {
    "success", "error", "error_id", "category", "severity", "message_code", "message", "timestamp", "recoverable",
    "suggestions", "context",
}  # fmt: skip


def failure(code: int) -> sqlite3.OperationalError:
    """Return what SQLite raises for one of its result codes."""
    error = sqlite3.OperationalError("the driver says something")
    error.sqlite_errorcode = code
    return error


@pytest.fixture
def broken(house):
    """Let every statement on instances fail."""
    house.as_role("admin")
    listeners = []

    def with_error(error: Exception) -> ApiCaller:
        def fail(_connection, _cursor, statement, *_):
            if "instances" in statement:
                raise error

        event.listen(house.database.engine, "before_cursor_execute", fail)
        listeners.append(fail)
        return house.admin

    yield with_error
    for listener in listeners:
        event.remove(house.database.engine, "before_cursor_execute", listener)


def too_many_logins(house):
    stranger = ApiCaller(house.app)
    stranger.token = stranger.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
    wrong = {"username": "auditor", "password": "wrong"}
    answers = [stranger.post("/api/v1/auth/login", wrong) for _ in range(6)]
    return answers[-1]


def logged_out(house):
    stranger = ApiCaller(house.app)
    stranger.token = stranger.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
    return stranger


TRIGGERS = {
    "VALIDATION_ERROR": lambda house: house.admin.post(CREATE, {}),
    "INVALID_REQUEST": lambda house: house.admin.post(CREATE, data=b"{", content_type="application/json"),
    "AUTHENTICATION_REQUIRED": lambda house: house.anonymous.get(CREATE),
    "INVALID_CREDENTIALS": lambda house: logged_out(house).post(
        "/api/v1/auth/login", {"username": "viewer", "password": "wrong"}
    ),
    "PERMISSION_REQUIRED": lambda house: house.as_role("viewer").post(CREATE, {}),
    "CSRF_MISSING": lambda house: house.admin.post(CREATE, {}, headers={"X-CSRFToken": ""}),
    "CSRF_INVALID": lambda house: house.admin.post(CREATE, {}, headers={"X-CSRFToken": "x"}),
    "CREDENTIAL_NOT_BOUND": lambda house: house.as_role("operator").post(
        CREATE, house.body(credential_id=house.credential()["id"])
    ),
    "RESOURCE_NOT_FOUND": lambda house: house.admin.get(f"{CREATE}/999999"),
    "METHOD_NOT_ALLOWED": lambda house: house.admin.delete(CREATE),
    "PAYLOAD_TOO_LARGE": lambda house: house.admin.post(CREATE, data=b"x" * (11 * 1024 * 1024)),
    "UNSUPPORTED_MEDIA_TYPE": lambda house: house.admin.post(CREATE, data=b"x", content_type="text/plain"),
    "CONSTRAINT_VIOLATION": lambda house: house.admin.post(CREATE, house.body(name=house.instance()["name"])),
    "RATE_LIMIT_EXCEEDED": too_many_logins,
}


def assert_error(answer, status, message_code, category, severity, *, recoverable):
    body = answer.json
    assert (answer.status_code, body["message_code"]) == (status, message_code)
    assert (body["category"], body["severity"], body["recoverable"]) == (category, severity, recoverable)
    assert ERROR <= set(body) <= ERROR | {"extra"}
    assert (body["success"], body["error"]) == (False, True)
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
    assert re.fullmatch(r"[0-9a-f]{32}", body["error_id"])
    assert body["message"]
    assert all(isinstance(line, str) for line in body["suggestions"])
    assert body["context"]["path"] == answer.request.path
    assert body["context"]["method"] == answer.request.method
    assert body["context"]["request_id"] == answer.headers["X-Request-ID"]
    assert answer.content_type == "application/json"


class TestAnError:
    @pytest.mark.parametrize(
        ("status", "message_code", "category", "severity"),
        [
            (400, "VALIDATION_ERROR", "validation", "low"),
            (400, "INVALID_REQUEST", "validation", "low"),
            (401, "AUTHENTICATION_REQUIRED", "authentication", "medium"),
            (401, "INVALID_CREDENTIALS", "authentication", "medium"),
            (403, "PERMISSION_REQUIRED", "authorization", "medium"),
            (403, "CSRF_MISSING", "authorization", "medium"),
            (403, "CSRF_INVALID", "authorization", "medium"),
            (403, "CREDENTIAL_NOT_BOUND", "authorization", "medium"),
            (404, "RESOURCE_NOT_FOUND", "business", "low"),
            (405, "METHOD_NOT_ALLOWED", "validation", "low"),
            (413, "PAYLOAD_TOO_LARGE", "validation", "low"),
            (415, "UNSUPPORTED_MEDIA_TYPE", "validation", "low"),
            (409, "CONSTRAINT_VIOLATION", "business", "medium"),
            (429, "RATE_LIMIT_EXCEEDED", "security", "medium"),
        ],
    )
    def test_is_told_as_the_table_says(self, house, status, message_code, category, severity):
        answer = TRIGGERS[message_code](house)

        assert_error(answer, status, message_code, category, severity, recoverable=True)
        assert ("Retry-After" in answer.headers) == (status == 429)

    @pytest.mark.sqlite
    @pytest.mark.parametrize(
        ("code", "status", "message_code"),
        [
            (sqlite3.SQLITE_FULL, 507, "STORAGE_FULL"),
            (sqlite3.SQLITE_BUSY, 503, "SERVICE_UNAVAILABLE"),
            (sqlite3.SQLITE_IOERR, 503, "SERVICE_UNAVAILABLE"),
        ],
    )
    def test_of_the_store_is_not_the_callers_fault(self, house, broken, code, status, message_code):
        answer = broken(failure(code)).post("/api/v1/instances", house.body())

        assert_error(answer, status, message_code, "database", "high", recoverable=True)
        assert "driver says" not in answer.get_data(as_text=True)

    def test_has_an_id_of_its_own(self, house):
        answers = [house.admin.get(f"{CREATE}/999999") for _ in range(2)]

        assert len({answer.json["error_id"] for answer in answers}) == 2


class TestACrash:
    @pytest.mark.parametrize(
        "call", [("GET", CREATE), ("POST", CREATE), ("GET", "/instances/api/instances"), ("PUT", f"{CREATE}/1")]
    )
    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_is_a_500_that_tells_nothing_but_an_id_which_the_log_has(self, house, broken, call, language):
        method, path = call
        body, crash = None if method == "GET" else house.body(), RuntimeError("hunter2 at postgres://secret")
        admin = broken(crash)

        with capture_logs() as log:
            answer = admin.call(method, path, body, headers={"Accept-Language": language})

        assert_error(answer, 500, "INTERNAL_ERROR", "system", "high", recoverable=False)
        text = answer.get_data(as_text=True)
        assert not any(word in text for word in ("hunter2", "RuntimeError", "Traceback", "SELECT"))
        line = next(line for line in log if line["event"] == "request.failed")
        assert (line["error_id"], line["exc_info"]) == (answer.json["error_id"], crash)
        assert line["request_id"] == answer.json["context"]["request_id"]

    def test_in_a_write_leaves_nothing_behind(self, house, monkeypatch):
        body, tag = house.body(), house.tag()["name"]
        rows = house.rows()

        def crash(*_, **__):
            raise RuntimeError

        monkeypatch.setattr("app.api.v1.namespaces.instances.shown", crash)
        answer = house.admin.post(CREATE, {**body, "tag_names": [tag]})

        assert answer.status_code == 500
        assert house.rows() == rows


class TestASuccess:
    def test_says_what_a_client_needs(self, house):
        answer = house.admin.post(CREATE, house.body())

        assert set(answer.json) == {"success", "error", "message", "timestamp", "data"}
        assert (answer.json["success"], answer.json["error"]) == (True, False)
        assert datetime.fromisoformat(answer.json["timestamp"]).tzinfo is not None
        assert answer.content_type == "application/json"
        assert json.loads(answer.get_data().decode("utf-8")) == answer.json

    def test_of_a_login_holds_the_token_and_no_password(self, house):
        answer = logged_out(house).post("/api/v1/auth/login", {"username": "dba", "password": PASSWORD})

        assert set(answer.json["data"]) == {"user", "csrf_token"}
        assert PASSWORD not in answer.get_data(as_text=True)
