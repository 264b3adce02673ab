"""The two envelopes: every answer of the API is one of them."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, request

from app.core import clock
from app.core.messages import sentence
from app.http.language import language
from app.http.request_id import request_id

JSON = "application/json"


def success(code: str, data: Any, *, meta: Mapping[str, Any] | None = None) -> dict[str, Any]:  # noqa: ANN401
    """Build the envelope of a call that worked; `code` finds the message."""
    body = {
        "success": True,
        "error": False,
        "message": sentence(code, language()),
        "timestamp": clock.now(),
        "data": data,
    }
    if meta:
        body["meta"] = meta
    return body


def context() -> dict[str, str]:
    """Tell which request an error answers."""
    return {"request_id": request_id(), "path": _safe(request.path), "method": request.method}


def _safe(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:500]


def json_response(body: Any, status: int, headers: Mapping[str, str] | None = None) -> Response:  # noqa: ANN401
    """Serialize once, with orjson: moments in ISO 8601 with offset. OPTIONS gets the status alone."""
    text = b"" if request.method == "OPTIONS" else orjson.dumps(body, default=_plain)
    return Response(text, status=status, headers=dict(headers or {}), mimetype=JSON)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
