"""Hold every answer that a test receives against the OpenAPI document."""

import re
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from app.bootstrap import openapi_document

# Where they work these answer with a file.
NO_ENVELOPE = (
    "/api/v1/docs",
    "/api/v1/openapi.json",
    "/api/v1/instances/export",
    "/api/v1/instances/import/template",
)


@cache
def document() -> dict[str, Any]:
    return openapi_document()


@cache
def _routes() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    prefix = document()["servers"][0]["url"]
    return [
        (re.compile(prefix + re.sub(r"\{[^}]+\}", "[^/]+", path)), operations)
        for path, operations in sorted(document()["paths"].items(), key=lambda item: item[0].count("{"))
    ]


@cache
def _validator(ref: str) -> Draft202012Validator:
    schema = {"$ref": ref, "components": document()["components"]}
    return Draft202012Validator(schema, validate_formats=True)


def check(response: TestResponse) -> None:
    """Fail when an answer of v1 has a status or a body that the document does not know.

    Statuses of the web server itself (405, and 404 for an id that no path takes) have the error envelope.
    """
    request = response.request
    if request.method in {"HEAD", "OPTIONS"} or not request.path.startswith("/api/v1/"):
        return
    if request.path.startswith(NO_ENVELOPE) and response.status_code == 200:
        return
    operation = next(
        (operations.get(request.method.lower()) for route, operations in _routes() if route.fullmatch(request.path)),
        None,
    )
    if operation is None or (response.status_code == 404 and "404" not in operation["responses"]):
        assert response.status_code in {400, 404, 405}, (request.method, request.path, response.status_code)
        _validator("#/components/schemas/Error").validate(response.json)
        return
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{request.method} {request.path} answered {response.status_code}, which is not documented"
    _validator(described["content"]["application/json"]["schema"]["$ref"]).validate(response.json)
