"""The base of all resources: one transaction and one error mapping for each call."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Literal

from flask import Response, g, request
from flask_restx import Resource

from app.api.v1.errors import error_response
from app.api.v1.safe_writes import carry_out
from app.api.v1.success import Success, respond
from app.core.db import snapshot
from app.domain.audit.origin import Origin, acting_from
from app.http import write_request
from app.http.caller import actor
from app.http.request_id import request_id

__all__ = ["BaseResource", "Success"]

Scope = Literal["read", "write", "none"]


def _origin() -> Origin:
    note = write_request.current().note
    return Origin(g.get("source", "api"), actor(), request_id(), note.reason, note.ticket)


class BaseResource(Resource):  # type: ignore[misc]  # Flask-RESTX has no types
    """A resource whose methods are `return self.safe_call(work, …)` below their access and contract."""

    def safe_call(
        self,
        work: Callable[[], Success],
        *,
        action: str,
        public_error: str = "error.internal",
        scope: Scope | None = None,
        preview: Callable[[], Any] | None = None,
    ) -> Response:
        """Run `work` in one transaction (a read: in one snapshot) and build its answer while the session lives.

        Commits, or rolls everything back and answers with the error envelope. `scope="none"` leaves the
        transactions to the work itself. `public_error` is the code of the sentence that an unexpected
        failure shows. `preview` shows the thing that the work changes, before and after, to whoever asked for a
        dry run.
        """
        g.action = action
        scope = scope or ("read" if request.method in {"GET", "HEAD"} else "write")
        try:
            origin = _origin()
            with acting_from(origin):
                response = _run(work, scope, preview)
        except Exception as exc:  # noqa: BLE001 - the boundary: whatever happened, the caller gets an envelope
            response = error_response(exc, public_error=public_error)
        return response


def _run(work: Callable[[], Success], scope: Scope, preview: Callable[[], Any] | None) -> Response:
    if scope == "write":
        return carry_out(work, preview)
    with snapshot() if scope == "read" else nullcontext():
        return respond(work())
