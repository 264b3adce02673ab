"""Examples in the OpenAPI document: made from the schemas, and from the sentences of the catalogue."""

from collections.abc import Mapping
from typing import Any

from app.api.v1.errors import answer_of
from app.api.v1.json_schema import schema_name
from app.core.errors import FieldFault, Invalid, MusterError, TooMany
from app.core.messages import fault_sentence, sentence, suggestions

Schema = Mapping[str, Any]

_MOMENT = "2026-11-01T08:30:00+00:00"
_FAULT = FieldFault("port", "out_of_range", {"bounds": "≤ 65535"})
# What stands in the places of sentences such as "There is no instance {id}".
_PARAMS = {
    "name": "orders-01",
    "id": 7,
    "count": 1,
    "version": 4,
    "limit": 10_485_760,
    "seconds": 30,
    "role": "viewer",
    "action": "create",
    "system": "cmdb",
    "external_id": "CI-4711",
    "holder": "orders-02",
    "fields": "port",
    "endpoint": "postgresql db1.example.com:5432",
    "tls": "tls=require",
    "tls_there": "tls=prefer",
    "at": "2027-01-31T08:00:00+00:00",
}


def example_of(schema: Schema, schemas: Mapping[str, Schema], *, name: str = "text") -> Any:  # noqa: ANN401
    """Return a value that fits the schema: its own examples where it has some, else the plainest value.

    What may be null and has no example is null; optional fields without an example are left out.
    """
    if "$ref" in schema:
        return example_of(schemas[schema_name(schema)], schemas, name=name)
    for given in (schema.get("examples"), schema.get("enum"), [schema["const"]] if "const" in schema else None):
        if given:
            return given[0]
    if "anyOf" in schema and "type" not in schema:
        branches = schema["anyOf"]
        return None if {"type": "null"} in branches else example_of(branches[0], schemas, name=name)
    return _plain(schema, schemas, name=name)


def _plain(schema: Schema, schemas: Mapping[str, Schema], *, name: str) -> Any:  # noqa: ANN401
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {
                field: example_of(part, schemas, name=field)
                for field, part in sorted(schema.get("properties", {}).items(), key=lambda one: one[0] not in required)
                if field in required or "examples" in part
            }
        case "array":
            return [example_of(schema["items"], schemas, name=name)]
        case "integer":
            return schema.get("minimum", 1)
        case "boolean":
            return schema.get("default", True)
        case "string":
            return _MOMENT if schema.get("format") == "date-time" else f"<{name}>"
        case _:
            return None


def example_name(kind: type[MusterError]) -> str:
    """Return the name of a failure's example: its code, which `extra.reason` of an answer repeats."""
    return kind.code


def failure_example(kind: type[MusterError]) -> dict[str, Any]:
    """Return the error envelope of one kind of failure, with a summary, as OpenAPI wants it."""
    answer = answer_of(kind)
    body: dict[str, Any] = {
        "success": False,
        "error": True,
        "error_id": "0f8fad5bd9cb469fa16570867728950e",
        "category": answer.category,
        "severity": answer.severity,
        "message_code": answer.message_code,
        "message": sentence(kind.code, "en", _PARAMS),
        "timestamp": _MOMENT,
        "recoverable": answer.recoverable,
        "suggestions": suggestions(kind.code, "en", _PARAMS),
        "context": {"request_id": "7c9e6679742540de944be07fc1f90ae7", "path": "/api/v1/instances", "method": "POST"},
    }
    extra = _extra(kind)
    return {"summary": body["message"], "value": {**body, "extra": extra} if extra else body}


def _extra(kind: type[MusterError]) -> dict[str, Any]:
    if kind is MusterError:
        return {}
    if issubclass(kind, Invalid):
        return {"fields": [{"field": _FAULT.path, "code": _FAULT.code, "message": fault_sentence(_FAULT, "en")}]}
    if issubclass(kind, TooMany):
        return {"retry_after_s": _PARAMS["seconds"], "reason": kind.code}
    return {"reason": kind.code}
