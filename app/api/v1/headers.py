"""What the OpenAPI document says of paths and headers."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from app.api.v1.contract import Contract
from app.core.fields import INT64_MAX
from app.domain.instances.commands import InstanceName
from app.http.write_request import KEY_HEADER, KEY_PATTERN, METHODS, REASON_HEADER, TICKET_HEADER

_TEXT = {"type": "string"}
_NAME = TypeAdapter(InstanceName).json_schema()  # instances alone are found by name
_ETAG = {"description": "The version, for a later If-Match.", "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
_LOCATION = {"description": "Where the new thing is.", "required": True, "schema": _TEXT}
_REPLAYED = {
    "description": "Only on the first answer given again to a repeated Idempotency-Key.",
    "schema": {"type": "string", "enum": ["true"]},
}
FAILURE_HEADERS: Mapping[int, Mapping[str, Any]] = {
    HTTPStatus.TOO_MANY_REQUESTS: {
        "Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer", "minimum": 1}}
    },
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"description": "`Bearer`.", "required": True, "schema": _TEXT}},
}


def path_parameter(name: str) -> dict[str, Any]:
    """Describe one variable part of a path: an id, or a name."""
    described = {"name": name, "in": "path", "required": True}
    if not name.endswith("_id"):
        return {**described, "description": f"The {name}.", "schema": _NAME}
    schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": INT64_MAX}
    return {**described, "description": f"The id of the {name.removesuffix('_id')}.", "schema": schema}


def header_parameters(contract: Contract, verb: str) -> Iterator[dict[str, Any]]:
    """Describe the headers that a call may bring; what would do something has no example, which pages fill in."""
    yield _header("Accept-Language", "The language of the messages: zh (default) or en.", {**_TEXT, "examples": ["en"]})
    if verb.upper() not in METHODS:
        return
    if contract.if_match:
        yield _header(
            "If-Match",
            'The version that was seen, as its ETag ("3"); when it is another one by now, nothing is written (412).',
            {**_TEXT, "pattern": r'^(\*|(W/)?"[^"]*")$'},
        )
    if verb == "post" and contract.safe:
        yield _header(
            KEY_HEADER,
            "Makes the call repeatable for 24 hours: the same key with the same body gets the first answer again.",
            {**_TEXT, "pattern": KEY_PATTERN},
        )
    if contract.safe:
        yield _header(
            REASON_HEADER,
            "Why, for the audit trail; beyond ASCII as UTF-8'' with percent signs.",
            _short(500, r"[\t -~]"),
        )
        yield _header(TICKET_HEADER, "The ticket that asked for the change, for the audit trail.", _short(100, "[ -~]"))


def _header(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": dict(schema)}


def _short(most: int, inside: str) -> dict[str, Any]:
    return {**_TEXT, "minLength": 1, "maxLength": most, "pattern": f"^[!-~]({inside}*[!-~])?$"}


def success_headers(contract: Contract, verb: str, status: int) -> dict[str, Any]:
    """Return the headers of an answer that worked, under `headers`; nothing where there are none."""
    headers: dict[str, Any] = {}
    if status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
        headers["Location"] = _LOCATION
    versions = _have_versions(contract, contract.answers[status])
    if any(versions):
        # A rehearsal answers 200, and there is nothing that its version would name.
        rehearsable = contract.safe and verb.upper() in METHODS and status == HTTPStatus.OK
        headers["ETag"] = {**_ETAG, "required": True} if all(versions) and not rehearsable else _ETAG
    if contract.safe and verb == "post":
        headers["Idempotency-Replayed"] = _REPLAYED
    return {"headers": headers} if headers else {}


def _have_versions(contract: Contract, answer: type[BaseModel]) -> list[bool]:
    """Tell of each thing that the answer may be about whether it brings its version, as the ETag."""
    data: Any = answer.model_fields["data"].annotation if "data" in answer.model_fields else None
    if not (isinstance(data, type) and issubclass(data, BaseModel)):
        return []
    if contract.if_match:
        return [True]  # the thing itself, or what became of it
    if len(data.model_fields) != 1:
        return []
    (thing,) = data.model_fields.values()
    kinds: tuple[Any, ...] = get_args(thing.annotation) or (thing.annotation,)
    return [_is_versioned(kind) for kind in kinds]


def _is_versioned(kind: type[Any]) -> bool:
    version = getattr(kind, "model_fields", {}).get("version")
    return version is not None and version.annotation is int
