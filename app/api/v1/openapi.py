"""The OpenAPI 3.1 document, from the same declarations that validate and serve."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask_restx.swagger import extract_path, extract_path_params
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.api.v1.contract import Contract, contract_of, query_of
from app.api.v1.errors import answer_of
from app.api.v1.examples import example_name, example_of, failure_example
from app.api.v1.headers import FAILURE_HEADERS, header_parameters, path_parameter, success_headers
from app.api.v1.json_schema import REF, Schemas, as_text, form_encoding, form_of, schema_name
from app.api.v1.schemas.envelope import Error
from app.api.v1.schemas.files import File
from app.core.db import CommitOutcomeUnknown, StillRunning
from app.core.errors import Denied, Invalid, MusterError, NotAuthenticated, StorageFull, Unavailable, Unreadable
from app.core.fields import Command
from app.domain.access.errors import CsrfInvalid, CsrfMissing, TokenExpired, TokenFromElsewhere, TokenUnknown
from app.domain.access.permissions import ROLES, may
from app.domain.instances.sheets.files import MEDIA_TYPES
from app.domain.writes.idempotency import KeyReused
from app.domain.writes.if_match import VersionChanged
from app.http.body import MediaTypeUnsupported, takes_file
from app.http.decorators import CSRF_HEADER, Access, access_of
from app.http.raw_body import BodyTooLarge
from app.http.runtime import NotReady

_VERBS = ("get", "post", "put", "patch", "delete")
_JSON = "application/json"
_MULTIPART = "multipart/form-data"
_FORMS = ("application/x-www-form-urlencoded", _MULTIPART)
_FILES = tuple(dict.fromkeys(one.partition(";")[0] for one in MEDIA_TYPES.values()))
_LISTS = (_JSON, "application/yaml")
_BYTES = {"type": "string", "format": "binary"}
_ROWS = {"type": "array", "items": {"type": "object"}}  # whoever reads such a file reads a list
_DESCRIPTION = (
    "The register of database instances. Every answer is one of two envelopes: `success: true` with `data`, or"
    " `success: false` with a stable `message_code`; its `extra.reason` is finer, its `extra.fields` names each"
    " field that is wrong. Messages are Chinese unless `Accept-Language: en` asks for English. A write by cookie"
    " brings the token of `GET /auth/csrf-token` in `X-CSRFToken`; in the interactive documents log in with"
    " `POST /auth/login`, the page then brings the token by itself. With `Authorization: Bearer <token of POST"
    " /tokens>` every call works without cookie and CSRF token. Integers may come as strings of digits. Times are"
    " ISO 8601 with an offset. `X-Request-ID` comes back on every answer and stands in the audit trail."
)
_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "muster_session",
        "description": "The cookie of a login; over TLS its name is `__Host-muster_session`.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "The token of `GET /auth/csrf-token` or of the login.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "muster_…",
        "description": "A token of `POST /tokens`, instead of cookie and CSRF token.",
    },
}


# What callers read where the docstring speaks to programmers.
_SENTENCES: Mapping[type[MusterError], str] = {
    MusterError: "Something unexpected; the log of the server holds it under `error_id`.",
    Invalid: "Fields are missing or wrong; `extra.fields` names each.",
    Unreadable: "The request as a whole cannot be read.",
    Denied: "The role does not include the action.",
}


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
    parameters = [path_parameter(name) for name in extract_path_params(rule)]
    return Operation(extract_path(rule), verb, namespace.name, parameters, access, contract)


def build_document(namespaces: Sequence[Any], *, version: str) -> dict[str, Any]:
    """Return the whole document as plain data."""
    known = list(operations(namespaces))
    refs, schemas = _schemas(known)
    paths: dict[str, dict[str, Any]] = {}
    for operation in known:
        paths.setdefault(operation.path, {})[operation.verb] = _describe(operation, refs, schemas)
    kinds = {kind for operation in known for kinds in _failures(operation).values() for kind in kinds}
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
            "examples": {example_name(kind): failure_example(kind) for kind in sorted(kinds, key=example_name)},
            "securitySchemes": _SCHEMES,
        },
    }


Refs = Mapping[Any, Mapping[str, Any]]  # (model, mode) → its $ref


def _schemas(known: Sequence[Operation]) -> tuple[Refs, dict[str, Any]]:
    modes: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Error, "serialization"): None}
    for operation in known:
        for model in operation.contract.answers.values():
            if model is File:
                continue
            modes[model, "serialization"] = None
        if operation.contract.command is not None:
            modes[operation.contract.command, "validation"] = None
    refs, definitions = models_json_schema(list(modes), ref_template=REF, schema_generator=Schemas)
    schemas = definitions["$defs"]
    for schema in schemas.values():
        schema.pop("title", None)
    return refs, schemas


def _describe(operation: Operation, refs: Refs, schemas: dict[str, Any]) -> dict[str, Any]:
    contract = operation.contract
    described: dict[str, Any] = {
        "operationId": contract.operation_id,
        "summary": contract.summary,
        "description": _who(operation.access),
        "tags": [operation.tag],
        "parameters": [
            *operation.parameters,
            *_query_parameters(contract, operation.verb),
            *header_parameters(contract, operation.verb),
        ],
        "responses": _responses(operation, refs, schemas),
        "security": _security(operation.access),
    }
    if operation.access.action:
        described["x-permission"] = operation.access.action
    if contract.command is not None:
        described["requestBody"] = _request_body(contract.command, refs, schemas)
    return described


def _who(access: Access) -> str:
    if access.action:
        roles = ", ".join(role for role in ROLES if may(role, access.action))
        return f"Needs the action `{access.action}`, which these roles have: {roles}."
    return "For everybody who is logged in." if access.login else "For everybody."


def _security(access: Access) -> list[dict[str, list[str]]]:
    needs: dict[str, list[str]] = {}
    if access.login or access.csrf:
        needs["session"] = []
    if access.csrf:
        needs["csrf"] = []
    return [needs, {"bearer": []}] if needs else []


def _query_parameters(contract: Contract, verb: str) -> Iterator[dict[str, Any]]:
    parameters = query_of(contract, verb.upper()).model_json_schema(schema_generator=Schemas)
    for name, schema in parameters.get("properties", {}).items():
        plain = as_text(schema)
        described = {"description": plain.pop("description")} if "description" in plain else {}
        required = name in parameters.get("required", ())
        yield {"name": name, "in": "query", "required": required, **described, "schema": plain}


def _request_body(command: type[Command], refs: Refs, schemas: dict[str, Any]) -> dict[str, Any]:
    ref = dict(refs[command, "validation"])
    example = example_of(ref, schemas)
    content: dict[str, Any] = {_JSON: {"schema": ref, **({"example": example} if example else {})}}
    if command.model_fields and not command.json_only:
        form = f"{schema_name(ref)}Form"
        schemas[form] = form_of(schemas[schema_name(ref)])
        encoding = form_encoding(schemas[form])
        described = {"schema": {"$ref": REF.format(model=form)}, **({"encoding": encoding} if encoding else {})}
        if takes_file(command):
            content = {_MULTIPART: described}
        else:
            content.update(dict.fromkeys(_FORMS, described))
    return {"required": any(info.is_required() for info in command.model_fields.values()), "content": content}


def _responses(operation: Operation, refs: Refs, schemas: Mapping[str, Any]) -> dict[str, Any]:
    responses: dict[int, dict[str, Any]] = {}
    for status, model in operation.contract.answers.items():
        if model is File:
            content = {one: {"schema": _ROWS if one in _LISTS else _BYTES} for one in _FILES}
            responses[status] = {"description": "A file.", "content": content}
            continue
        ref = dict(refs[model, "serialization"])
        responses[status] = {
            "description": HTTPStatus(status).phrase,
            "content": {_JSON: {"schema": ref, "example": example_of(ref, schemas)}},
            **success_headers(operation.contract, operation.verb, status),
        }
    created = responses.get(HTTPStatus.CREATED)
    if created and operation.contract.safe and HTTPStatus.OK not in responses:
        responses[HTTPStatus.OK] = {
            "description": "A dry run: nothing was made, the id is 0.",
            "content": created["content"],
        }
    for status, kinds in _failures(operation).items():
        examples = {example_name(kind): {"$ref": f"#/components/examples/{example_name(kind)}"} for kind in kinds}
        answer = {
            "description": "\n".join(f"- `{answer_of(kind).message_code}`: {_what(kind)}" for kind in kinds),
            "content": {_JSON: {"schema": dict(refs[Error, "serialization"]), "examples": examples}},
        }
        if status in FAILURE_HEADERS:
            answer["headers"] = FAILURE_HEADERS[status]
        responses[status] = answer
    return {str(status): responses[status] for status in sorted(responses)}


def _what(kind: type[MusterError]) -> str:
    return _SENTENCES.get(kind) or (kind.__doc__ or "").partition("\n")[0]


def _failures(operation: Operation) -> dict[int, list[type[MusterError]]]:
    """Return each status that can occur beside the successes, with the kinds behind it."""
    kinds: list[type[MusterError]] = [Invalid, Unreadable, Unavailable, NotReady, MusterError]
    if operation.access.login:
        kinds += [NotAuthenticated, TokenUnknown, TokenExpired, TokenFromElsewhere]
    if operation.access.action:
        kinds.append(Denied)
    if operation.access.csrf:
        kinds += [CsrfMissing, CsrfInvalid, BodyTooLarge, StorageFull, CommitOutcomeUnknown]
    if operation.contract.command is not None:
        kinds += [MediaTypeUnsupported, BodyTooLarge]
    if operation.contract.if_match:
        kinds.append(VersionChanged)
    if operation.verb == "post" and operation.contract.safe:
        kinds += [KeyReused, StillRunning]
    found: dict[int, list[type[MusterError]]] = {}
    for kind in dict.fromkeys([*kinds, *operation.contract.errors]):
        found.setdefault(answer_of(kind).status, []).append(kind)
    return found
