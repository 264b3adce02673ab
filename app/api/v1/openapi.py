"""The OpenAPI 3.1 document, from the same declarations that validate and serve."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_restx.swagger import extract_path, extract_path_params
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.api.v1.contract import Contract, contract_of
from app.api.v1.errors import answer_of
from app.api.v1.schemas.envelope import Error
from app.core.errors import Denied, Invalid, MusterError, NotAuthenticated, StorageFull, Unavailable, Unreadable
from app.core.fields import INT64_MAX
from app.core.messages import catalogue
from app.domain.access.errors import CsrfInvalid, CsrfMissing
from app.http.body import BodyTooLarge, MediaTypeUnsupported
from app.http.decorators import Access, access_of

_REF = "#/components/schemas/{model}"
_VERBS = ("get", "post", "put", "patch", "delete")
_DESCRIPTION = (
    "The register of database instances. Every answer is one of two envelopes: `success: true` with `data`, or"
    " `success: false` with a stable `message_code`. Messages are Chinese unless `Accept-Language: en` asks for"
    " English. A write by cookie brings the token of `GET /auth/csrf-token` in `X-CSRFToken`. Integers may come as"
    " strings of digits."
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, with what it declares."""

    path: str
    verb: str
    tag: str
    parameters: Sequence[Mapping[str, Any]]
    access: Access
    contract: Contract


def operations(namespaces: Sequence[Any]) -> Iterator[Operation]:
    """Walk all routes of the namespaces."""
    for namespace in namespaces:
        for entry in namespace.resources:
            resource, urls = entry.resource, entry.urls
            for url in urls:
                rule = namespace.path + url
                for verb in _VERBS:
                    view = getattr(resource, verb, None)
                    if view is not None:
                        yield _operation(namespace, rule, verb, view)


def _operation(namespace: Any, rule: str, verb: str, view: Callable[..., Any]) -> Operation:  # noqa: ANN401
    contract, access = contract_of(view), access_of(view)
    if contract is None or access is None:
        raise TypeError(f"{verb.upper()} {rule} declares no contract or no access")
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "format": "int64", "minimum": 1, "maximum": INT64_MAX},
        }
        for name in extract_path_params(rule)
    ]
    return Operation(extract_path(rule), verb, namespace.name, parameters, access, contract)


def build_document(namespaces: Sequence[Any], *, version: str) -> dict[str, Any]:
    """Return the whole document as plain data."""
    known = list(operations(namespaces))
    refs, schemas = _schemas(known)
    paths: dict[str, dict[str, Any]] = {}
    for operation in known:
        paths.setdefault(operation.path, {})[operation.verb] = _describe(operation, refs, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Muster",
            "version": version,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": one.name, "description": one.description} for one in namespaces],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "muster_session",
                    "description": "The cookie of a login; over TLS its name is `__Host-muster_session`.",
                },
                "csrf": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-CSRFToken",
                    "description": "The token of `GET /auth/csrf-token` or of the login.",
                },
            },
        },
    }


Refs = Mapping[Any, Mapping[str, Any]]  # (model, mode) → its $ref


def _schemas(known: Sequence[Operation]) -> tuple[Refs, dict[str, Any]]:
    modes: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Error, "serialization"): None}
    for operation in known:
        for model in operation.contract.answers.values():
            modes[model, "serialization"] = None
        for command in (operation.contract.command, operation.contract.query):
            if command is not None:
                modes[command, "validation"] = None
    refs, definitions = models_json_schema(list(modes), ref_template=_REF)
    schemas = definitions["$defs"]
    for operation in known:  # the query strings are parameters, not bodies
        if operation.contract.query is not None:
            schemas.pop(_name(refs[operation.contract.query, "validation"]), None)
    return refs, schemas


def _name(ref: Mapping[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _describe(operation: Operation, refs: Refs, schemas: Mapping[str, Any]) -> dict[str, Any]:
    contract = operation.contract
    described: dict[str, Any] = {
        "operationId": contract.operation_id,
        "summary": contract.summary,
        "tags": [operation.tag],
        "parameters": [*operation.parameters, *_query_parameters(contract)],
        "responses": _responses(operation, refs),
        "security": _security(operation.access),
    }
    if operation.access.action:
        described["x-permission"] = operation.access.action
    if contract.command is not None:
        described["requestBody"] = _request_body(contract.command, refs, schemas)
    return described


def _security(access: Access) -> list[dict[str, list[str]]]:
    needs: dict[str, list[str]] = {}
    if access.login or access.csrf:
        needs["session"] = []
    if access.csrf:
        needs["csrf"] = []
    return [needs] if needs else []


def _query_parameters(contract: Contract) -> Iterator[dict[str, Any]]:
    if contract.query is None:
        return
    for name, schema in contract.query.model_json_schema()["properties"].items():
        plain = {key: value for key, value in schema.items() if key not in {"title", "description"}}
        branches = [branch for branch in plain.pop("anyOf", []) if branch.get("type") != "null"]
        if branches:
            plain = {**branches[0], **{key: value for key, value in plain.items() if value is not None}}
        parameter = {"name": name, "in": "query", "required": False, "schema": plain}
        if "description" in schema:
            parameter["description"] = schema["description"]
        yield parameter


def _request_body(command: type[BaseModel], refs: Refs, schemas: Mapping[str, Any]) -> dict[str, Any]:
    ref = dict(refs[command, "validation"])
    content: dict[str, Any] = {"application/json": {"schema": ref}}
    example = _example(schemas[_name(ref)], schemas)
    if example:
        content["application/json"]["example"] = example
    return {"required": any(info.is_required() for info in command.model_fields.values()), "content": content}


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Put together the examples of the fields; required ones without an example get their first choice."""
    del schemas
    example = {}
    for name, part in schema.get("properties", {}).items():
        if part.get("examples"):
            example[name] = part["examples"][0]
        elif name in schema.get("required", ()):
            example[name] = (part.get("enum") or [f"<{name}>"])[0]
    return example


def _responses(operation: Operation, refs: Refs) -> dict[str, Any]:
    responses: dict[int, dict[str, Any]] = {}
    for status, model in operation.contract.answers.items():
        answer = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": dict(refs[model, "serialization"])}},
        }
        if status == HTTPStatus.CREATED:
            answer["headers"] = {"Location": {"description": "Where the new thing is.", "schema": {"type": "string"}}}
        responses[status] = answer
    for status, kinds in _failures(operation).items():
        sentences = sorted({catalogue()[kind.code]["en"] for kind in kinds if "{" not in catalogue()[kind.code]["en"]})
        codes = sorted({answer_of(kind).message_code for kind in kinds})
        answer = {
            "description": f"{', '.join(f'`{code}`' for code in codes)}. {' '.join(sentences)}".strip(),
            "content": {"application/json": {"schema": dict(refs[Error, "serialization"])}},
        }
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
        responses[status] = answer
    return {str(status): responses[status] for status in sorted(responses)}


def _failures(operation: Operation) -> dict[int, list[type[MusterError]]]:
    """Return each status that can occur beside the successes, with the kinds behind it."""
    kinds: list[type[MusterError]] = [Invalid, Unreadable, Unavailable, MusterError, *operation.contract.errors]
    if operation.access.login:
        kinds.append(NotAuthenticated)
    if operation.access.action:
        kinds.append(Denied)
    if operation.access.csrf:
        kinds += [CsrfMissing, CsrfInvalid, StorageFull]
    if operation.contract.command is not None:
        kinds += [MediaTypeUnsupported, BodyTooLarge]
    found: dict[int, list[type[MusterError]]] = {}
    for kind in kinds:
        found.setdefault(answer_of(kind).status, []).append(kind)
    return found
