"""The base of all resources: one transaction and one error mapping for each call."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import Response, g, request
from flask_restx import Resource

from app.api.v1.errors import error_response
from app.core.db import snapshot, transaction
from app.domain.audit.origin import Origin, acting_from
from app.http import envelope
from app.http.caller import actor
from app.http.request_id import request_id

Scope = Literal["read", "write", "none"]
_SCOPES: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    "read": snapshot,
    "write": transaction,
    "none": nullcontext,
}


@dataclass(frozen=True, slots=True)
class Success:
    """What a call that worked says: the code of its message, its data, and how HTTP puts it.

    `bare` data goes out without the envelope, where whoever asks prescribes the shape.
    """

    message: str
    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    bare: bool = False


def _origin() -> Origin:
    return Origin(g.get("source", "api"), actor(), request_id())


class BaseResource(Resource):  # type: ignore[misc]  # Flask-RESTX has no types
    """A resource whose methods are `return self.safe_call(work, …)` below their access and contract."""

    def safe_call(
        self,
        work: Callable[[], Success],
        *,
        action: str,
        public_error: str = "error.internal",
        scope: Scope | None = None,
    ) -> Response:
        """Run `work` in one transaction (a read: in one snapshot) and build its answer while the session lives.

        Commits, or rolls everything back and answers with the error envelope. `scope="none"` leaves the
        transactions to the work itself. `public_error` is the code of the sentence that an unexpected
        failure shows.
        """
        g.action = action
        scope = scope or ("read" if request.method in {"GET", "HEAD"} else "write")
        try:
            origin = _origin()
            with acting_from(origin), _SCOPES[scope]():
                done = work()
                body = done.data if done.bare else envelope.success(done.message, done.data, meta=done.meta)
                response = envelope.json_response(body, done.status, done.headers)
        except Exception as exc:  # noqa: BLE001 - the boundary: whatever happened, the caller gets an envelope
            response = error_response(exc, public_error=public_error)
        return response
