"""Hold every answer that a test receives against the OpenAPI document: status, headers, content type, body."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import httpx
import orjson
from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from app.bootstrap import openapi_document

_JSON = "application/json"
_ERROR = "#/components/schemas/Error"
_PATTERNS = {"integer": "[0-9]+"}


@dataclass(frozen=True)
class Answer:
    """What came back, whoever asked: the test client of Flask, or httpx over a socket."""

    method: str
    path: str
    query: str
    status: int
    headers: Any
    body: bytes

    @classmethod
    def of(cls, response: TestResponse | httpx.Response) -> "Answer":
        request = response.request
        if isinstance(response, httpx.Response):
            path, query, body = request.url.path, request.url.query.decode(), response.content
        else:
            path, query, body = request.path, request.query_string.decode("latin-1"), response.data
        return cls(request.method, path, query, response.status_code, response.headers, body)

    def __str__(self) -> str:
        return f"{self.method} {self.path} answered {self.status}"

    @property
    def media_type(self) -> str:
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip()

    @property
    def is_of_now(self) -> bool:
        """Tell whether it shows what is there: a rehearsal does not, nor does a look into the past."""
        query = parse_qs(self.query)
        return "as_of" not in query and query.get("dry_run", ["false"])[-1].lower() not in {"true", "1", "on"}


@cache
def document() -> dict[str, Any]:
    return openapi_document()


@cache
def _routes() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    prefix = document()["servers"][0]["url"]
    found = []
    for path, operations in document()["paths"].items():
        some = next(iter(operations.values()))
        types = {one["name"]: one["schema"]["type"] for one in some.get("parameters", ()) if one["in"] == "path"}
        pattern = re.sub(r"\{([^}]+)\}", lambda part, types=types: _PATTERNS.get(types[part[1]], "[^/]+"), path)
        found.append((re.compile(prefix + pattern), operations))
    return found


@cache
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator({**orjson.loads(schema), "components": document()["components"]}, validate_formats=True)


def _validate(schema: dict[str, Any], value: Any) -> None:
    _validator(orjson.dumps(schema)).validate(value)


def check(response: TestResponse | httpx.Response) -> None:
    """Fail when an answer of v1 has a status, a header, a content type or a body that the document does not know.

    Statuses of the web server itself (405, and 404 for an id that no path takes) have the error envelope.
    """
    answer = Answer.of(response)
    if not answer.path.startswith("/api/v1/"):
        return
    if answer.method in {"HEAD", "OPTIONS"}:
        assert not answer.body, f"{answer} with a body"
        return
    if answer.path.startswith(("/api/v1/docs", "/api/v1/openapi.json")) and answer.status == 200:
        return
    operation = next(
        (operations.get(answer.method.lower()) for route, operations in _routes() if route.fullmatch(answer.path)),
        None,
    )
    if operation is None or (answer.status == 404 and "404" not in operation["responses"]):
        assert answer.status in {400, 404, 405}, f"{answer}, which nothing documents"
        _check_content(answer, {_JSON: {"schema": {"$ref": _ERROR}}})
        return
    described = operation["responses"].get(str(answer.status))
    assert described, f"{answer}, which is not documented"
    _check_content(answer, described["content"])
    _check_headers(answer, described.get("headers", {}))


def _check_content(answer: Answer, content: dict[str, Any]) -> None:
    """Hold a body of JSON against its schema; of a file the content type is all that a document tells."""
    assert answer.media_type in content, f"{answer} with {answer.media_type!r} instead of {list(content)}"
    if answer.media_type == _JSON and content[_JSON]["schema"].get("format") != "binary":
        _validate(content[_JSON]["schema"], orjson.loads(answer.body))


def _check_headers(answer: Answer, described: dict[str, Any]) -> None:
    for name, header in described.items():
        value = answer.headers.get(name)
        if value is None:
            assert not header.get("required"), f"{answer} without {name}"
            assert name != "ETag" or not answer.is_of_now, f"{answer} without {name}, and shows what is there"
        elif header["schema"].get("type") == "integer":
            assert re.fullmatch("[0-9]+", value), f"{answer} with {name}: {value}"
            _validate(header["schema"], int(value))
        else:
            _validate(header["schema"], value)
    assert "ETag" in described or "ETag" not in answer.headers, f"{answer} with an ETag that is not documented"
    assert "Location" in described or "Location" not in answer.headers, f"{answer} with an undocumented Location"
