"""How a write is carried out: once under its key, as a rehearsal, or plainly."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Response, request

from app.api.v1.success import Success, respond
from app.core.db import transaction
from app.core.errors import NotFound
from app.domain.audit import trail
from app.domain.writes import idempotency
from app.domain.writes.idempotency import KeptAnswer
from app.http import envelope, write_request
from app.http.body import canonical_body
from app.http.caller import caller
from app.http.runtime import runtime

Work = Callable[[], Success]
Preview = Callable[[], Any]
REPLAYED = "Idempotency-Replayed"
_PURPOSE = "muster idempotency keys v1"
_KEPT_HEADERS = ("Location", "ETag")


def carry_out(work: Work, preview: Preview | None) -> Response:
    """Do the work in one transaction, in the way that the request asks for."""
    asked = write_request.current()
    if asked.dry_run:
        return _rehearse(work, preview)
    user_id = caller().id if asked.key is not None else None
    if asked.key is not None and user_id is not None:  # keys belong to users; a call from this process is never lost
        return _once(user_id, asked.key, work)
    with transaction():
        return respond(work())


def _rehearse(work: Work, preview: Preview | None) -> Response:
    """Do everything but the COMMIT, and tell what would change; `preview` shows the thing as it was before."""
    with transaction(commit=False), trail.collecting() as events:
        before = _seen(preview) if preview else None
        done = work()
        creates = done.status == HTTPStatus.CREATED
        data = _unborn(done.data) if creates else done.data
        told = {
            "before": before,
            "after": data if creates or preview is None else _seen(preview),
            "changes": _would(events),
        }
        # Neither a place nor an entity tag: what they would name is not there.
        body = envelope.success("write.rehearsed", data, meta={**done.meta, "dry_run": told})
        return envelope.json_response(body, HTTPStatus.OK if creates else done.status)


def _would(events: Sequence[trail.Event]) -> list[dict[str, Any]]:
    """Return the events as they are told; what is not there has no id yet."""
    new = {(event.entity_type, event.entity_id) for event in events if event.action == "create"}
    return [
        {**asdict(event), "entity_id": None if (event.entity_type, event.entity_id) in new else event.entity_id}
        for event in events
    ]


def _seen(preview: Preview) -> Any:  # noqa: ANN401 - what the route shows
    try:
        return preview()
    except NotFound:
        return None


def _unborn(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new thing without the id that it would not get: 0 is nobody's."""
    return {name: {**thing, "id": 0} for name, thing in data.items()}


def _once(user_id: int, key: str, work: Work) -> Response:
    """Answer a repeated call with its first answer; a call that failed has written nothing, and is tried anew."""
    keys, call = runtime().parts().keys, _call_as_text()
    with transaction(claim=f"{user_id} {key}"):
        kept = idempotency.find(user_id, key, is_same=lambda stored: keys.is_marked(call, stored, purpose=_PURPOSE))
        if kept is not None:
            return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"}, mimetype=envelope.JSON)
        response = respond(work())
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        answer = KeptAnswer(response.status_code, headers, response.get_data())
        idempotency.keep(user_id, key, answer, fingerprint=keys.mark(call, purpose=_PURPOSE))
        return response


def _call_as_text() -> str:
    query = request.query_string.decode("latin-1")
    return json.dumps([request.method, request.path, query, canonical_body()])
