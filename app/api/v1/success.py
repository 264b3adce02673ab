"""What a call that worked says, and how it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from app.http import envelope


@dataclass(frozen=True, slots=True)
class Success:
    """What a call that worked says: the code of its message, its data, and how HTTP puts it.

    A `file` goes out instead of the envelope. `bare` data goes out without it as well, where whoever asks prescribes
    the shape.
    """

    message: str
    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    bare: bool = False
    file: Response | None = None


def respond(done: Success) -> Response:
    """Build the answer; a single thing that has a version brings it as its entity tag."""
    if done.file is not None:
        return done.file
    body = done.data if done.bare else envelope.success(done.message, done.data, meta=done.meta)
    return envelope.json_response(body, done.status, {**_entity_tag(done.data), **done.headers})


def _entity_tag(data: Any) -> dict[str, str]:  # noqa: ANN401 - any data
    if not isinstance(data, dict) or len(data) != 1:
        return {}
    (thing,) = data.values()
    version = thing.get("version") if isinstance(thing, dict) else None
    return etag(version) if isinstance(version, int) else {}


def etag(version: int) -> dict[str, str]:
    """Return the header that names a version, for a later `If-Match`."""
    return {"ETag": f'"{version}"'}
