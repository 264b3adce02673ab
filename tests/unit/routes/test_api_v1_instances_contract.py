"""The contract of the instance writes, as a client without any help of ours sees it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.api import PASSWORD

INSTANCE = {"name": "订单库-01", "db_type": "mysql", "host": "10.1.4.20", "port": 3306}
Post = Callable[..., TestResponse]


@pytest.fixture(params=["http://localhost", "https://localhost"])
def client(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = request.param.partition(":")[0]
    return client


@pytest.fixture
def write(client: FlaskClient) -> Post:
    """Log in, then send writes with the token of `GET /auth/api/csrf-token`."""

    def send(path: str, body: object = None, *, method: str = "POST") -> TestResponse:
        answer = client.get("/auth/api/csrf-token")
        assert answer.status_code == 200
        token = answer.get_json()["data"]["csrf_token"]
        return client.open(path, method=method, json=body, headers={"X-CSRFToken": token})

    assert send("/auth/api/login", {"username": "admin", "password": PASSWORD}).status_code == 200
    return send


def assert_success(response: TestResponse, status: int, message: str) -> dict:
    body = response.get_json()
    assert response.status_code == status, body
    assert set(body) <= {"success", "error", "message", "timestamp", "data", "meta"}
    assert body["success"] is True
    assert body["error"] is False
    assert body["message"] == message
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
    return body["data"]


def assert_error(response: TestResponse, status: int, code: str) -> dict:
    body = response.get_json()
    assert response.status_code == status, body
    required = {
        "success", "error", "error_id", "category", "severity", "message_code", "message", "timestamp", "recoverable",
        "suggestions", "context",
    }  # fmt: skip
    assert required <= set(body) <= required | {"extra"}
    assert body["success"] is False
    assert body["error"] is True
    assert body["message_code"] == code
    assert set(body["context"]) == {"request_id", "path", "method"}
    return body


def test_api_v1_instances_create_contract(client: FlaskClient, write: Post) -> None:
    response = write("/api/v1/instances", INSTANCE)

    instance = assert_success(response, 201, "实例创建成功")["instance"]
    assert {name: instance[name] for name in INSTANCE} == INSTANCE
    assert response.headers["Location"] == f"/api/v1/instances/{instance['id']}"
    assert client.get(response.headers["Location"]).get_json()["data"]["instance"] == instance
    taken = write("/api/v1/instances", INSTANCE)
    assert_error(taken, 409, "CONSTRAINT_VIOLATION")
    wrong = write("/api/v1/instances", {**INSTANCE, "name": "x", "port": 70000, "tag_names": ["unknown"]})
    fields = assert_error(wrong, 400, "VALIDATION_ERROR")["extra"]["fields"]
    assert {one["field"] for one in fields} == {"port", "tag_names.0"}
    assert_error(client.post("/api/v1/instances", json=INSTANCE), 403, "CSRF_MISSING")


def test_api_v1_instances_update_contract(write: Post) -> None:
    instance_id = write("/api/v1/instances", {**INSTANCE, "description": "old"}).get_json()["data"]["instance"]["id"]

    response = write(f"/api/v1/instances/{instance_id}", {**INSTANCE, "port": "3307"}, method="PUT")

    instance = assert_success(response, 200, "实例更新成功")["instance"]
    assert (instance["port"], instance["description"], instance["version"]) == (3307, "old", 2)
    cleared = write(f"/api/v1/instances/{instance_id}", {**INSTANCE, "description": None}, method="PUT")
    assert cleared.get_json()["data"]["instance"]["description"] is None
    assert_error(write("/api/v1/instances/999999", INSTANCE, method="PUT"), 404, "RESOURCE_NOT_FOUND")
    deprecated = write(f"/instances/api/{instance_id}/edit", {**INSTANCE, "port": 3308})
    assert_success(deprecated, 200, "实例更新成功")
    assert deprecated.headers["Link"] == f'</api/v1/instances/{instance_id}>; rel="successor-version"'
    assert deprecated.headers["Deprecation"].startswith("@")


def test_api_v1_instances_soft_delete_contract(client: FlaskClient, write: Post) -> None:
    instance_id = write("/api/v1/instances", INSTANCE).get_json()["data"]["instance"]["id"]

    first = assert_success(write(f"/api/v1/instances/{instance_id}/delete"), 200, "实例已移入回收站")

    assert set(first) == {"instance_id", "deleted_at", "deletion_mode"}
    assert (first["instance_id"], first["deletion_mode"]) == (instance_id, "soft")
    again = assert_success(write(f"/instances/api/{instance_id}/delete", {"reason": "twice"}), 200, "实例已移入回收站")
    assert again == first
    assert_error(client.get(f"/api/v1/instances/{instance_id}"), 404, "RESOURCE_NOT_FOUND")
    hidden = client.get(f"/api/v1/instances/{instance_id}?include_deleted=true").get_json()["data"]["instance"]
    assert (hidden["status"], hidden["deleted_by"]["username"]) == ("deleted", "admin")
    holder = assert_error(write("/api/v1/instances", INSTANCE), 409, "CONSTRAINT_VIOLATION")["extra"]["holder"]
    assert holder == {"id": instance_id, "in_bin": True}


def test_api_v1_instances_restore_contract(client: FlaskClient, write: Post) -> None:
    before = write("/api/v1/instances", INSTANCE).get_json()["data"]["instance"]
    path = f"/api/v1/instances/{before['id']}"
    write(f"{path}/delete", {"reason": "a mistake"})

    after = assert_success(write(f"{path}/restore"), 200, "实例恢复成功")["instance"]

    changing = {"version", "updated_at"}
    assert {name: after[name] for name in after if name not in changing} == {
        name: before[name] for name in before if name not in changing
    }
    assert_success(write(f"/instances/api/{before['id']}/restore"), 200, "实例未删除，无需恢复")
    assert client.get(path).status_code == 200
    assert_error(write("/api/v1/instances/999999/restore"), 404, "RESOURCE_NOT_FOUND")
