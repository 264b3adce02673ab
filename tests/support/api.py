"""A caller of the API: a cookie jar, a login, the CSRF token on every write."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support import contract

PASSWORD = "correct horse battery staple"
DATABASE_PASSWORD = "s3cret-of-the-database"


class ApiCaller:
    """What a script would be: it keeps its cookie and brings its token."""

    def __init__(self, app: Flask, *, base_url: str = "http://localhost") -> None:
        self.client = app.test_client()
        self.base_url = base_url
        self.token: str | None = None

    def log_in(self, username: str, password: str = PASSWORD) -> "ApiCaller":
        self.token = self.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        answer = self.post("/api/v1/auth/login", {"username": username, "password": password})
        assert answer.status_code == 200, answer.json
        self.token = answer.json["data"]["csrf_token"]
        return self

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {"Accept-Language": "en", **options.pop("headers", {})}
        if self.token and method not in {"GET", "HEAD", "OPTIONS"}:
            headers.setdefault("X-CSRFToken", self.token)
        if body is not None:
            options["json"] = body
        response = self.client.open(path, method=method, headers=headers, base_url=self.base_url, **options)
        contract.check(response)
        return response

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("DELETE", path, body, **options)


def an_instance(**fields: Any) -> dict[str, Any]:
    """Return the body of a sound create, with some fields as given."""
    return {"name": "orders-01", "db_type": "postgresql", "host": "db1.example.com", "port": 5432, **fields}


def faults(response: TestResponse) -> dict[str, str]:
    """Return field → code of a validation error."""
    assert response.status_code == 400, (response.status_code, response.json)
    assert response.json["message_code"] == "VALIDATION_ERROR", response.json
    return {fault["field"]: fault["code"] for fault in response.json["extra"]["fields"]}
