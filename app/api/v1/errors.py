"""Turn any exception into an envelope and a status: the only status table."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from app.core import clock
from app.core.errors import (
    Conflict,
    Denied,
    Invalid,
    MusterError,
    NotAuthenticated,
    NotFound,
    PreconditionFailed,
    StorageFull,
    TooMany,
    Unavailable,
    Unreadable,
)
from app.core.logging import get_logger
from app.core.messages import fault_sentence, sentence, suggestions
from app.domain.access.errors import CredentialsRefused, CsrfInvalid, CsrfMissing, TokenRefused
from app.domain.credentials.errors import CredentialNotBound
from app.domain.writes.idempotency import KeyReused
from app.http import envelope
from app.http.body import MediaTypeUnsupported
from app.http.denials import note_denial, note_refused_token
from app.http.language import language
from app.http.raw_body import BodyTooLarge
from app.http.request_id import request_id


@dataclass(frozen=True, slots=True)
class Answer:
    """How one kind of failure looks over HTTP."""

    status: int
    message_code: str
    category: str
    severity: str
    recoverable: bool = True


# The first kind that matches counts, so the narrower ones stand first.
TABLE: Mapping[type[Exception], Answer] = {
    Invalid: Answer(400, "VALIDATION_ERROR", "validation", "low"),
    MediaTypeUnsupported: Answer(415, "UNSUPPORTED_MEDIA_TYPE", "validation", "low"),
    BodyTooLarge: Answer(413, "PAYLOAD_TOO_LARGE", "validation", "low"),
    Unreadable: Answer(400, "INVALID_REQUEST", "validation", "low"),
    CredentialsRefused: Answer(401, "INVALID_CREDENTIALS", "authentication", "medium"),
    NotAuthenticated: Answer(401, "AUTHENTICATION_REQUIRED", "authentication", "medium"),
    CsrfMissing: Answer(403, "CSRF_MISSING", "authorization", "medium"),
    CsrfInvalid: Answer(403, "CSRF_INVALID", "authorization", "medium"),
    CredentialNotBound: Answer(403, "CREDENTIAL_NOT_BOUND", "authorization", "medium"),
    Denied: Answer(403, "PERMISSION_REQUIRED", "authorization", "medium"),
    NotFound: Answer(404, "RESOURCE_NOT_FOUND", "business", "low"),
    Conflict: Answer(409, "CONSTRAINT_VIOLATION", "business", "medium"),
    PreconditionFailed: Answer(412, "PRECONDITION_FAILED", "business", "medium"),
    KeyReused: Answer(422, "IDEMPOTENCY_KEY_REUSED", "business", "medium"),
    TooMany: Answer(429, "RATE_LIMIT_EXCEEDED", "security", "medium"),
    StorageFull: Answer(507, "STORAGE_FULL", "database", "high"),
    Unavailable: Answer(503, "SERVICE_UNAVAILABLE", "database", "high"),
}
# How a caller without a login can get in (RFC 6750); browsers ask nobody for it.
CHALLENGE = 'Bearer realm="muster"'
CHALLENGE_AFTER_TOKEN = f'{CHALLENGE}, error="invalid_token"'
UNEXPECTED = Answer(500, "INTERNAL_ERROR", "system", "high", recoverable=False)

# What the web server itself refuses, before any code of ours runs; the second value finds the sentence.
BY_STATUS: Mapping[int, tuple[Answer, str]] = {
    404: (TABLE[NotFound], "error.not_found"),
    405: (Answer(405, "METHOD_NOT_ALLOWED", "validation", "low"), "error.method_not_allowed"),
    415: (TABLE[MediaTypeUnsupported], "error.media_type"),
}


def answer_of(error: type[Exception]) -> Answer:
    """Return how a kind of failure looks."""
    return next((answer for kind, answer in TABLE.items() if issubclass(error, kind)), UNEXPECTED)


def error_response(error: Exception, *, public_error: str = "error.internal") -> Response:
    """Build the answer for an exception; of an unexpected one only its `error_id` is told.

    `public_error` is the code of the sentence that an unexpected failure shows instead.
    """
    if isinstance(error, MusterError):
        return _known(error)
    if isinstance(error, HTTPException):
        return _from_web_server(error)
    error_id = uuid.uuid4().hex
    get_logger().error("request.failed", error_id=error_id, request_id=request_id(), exc_info=error)
    return _response(UNEXPECTED, public_error, error_id=error_id)


def _known(error: MusterError) -> Response:
    extra: dict[str, Any] = dict(error.extra)
    headers: dict[str, str] = {}
    if isinstance(error, Invalid):
        extra["fields"] = [
            {"field": fault.path, "code": fault.code, "message": fault_sentence(fault, language())}
            for fault in error.faults
        ]
    else:
        extra["reason"] = error.code
    if isinstance(error, Denied):
        note_denial(error)
    if isinstance(error, TokenRefused):
        note_refused_token(error)
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = CHALLENGE_AFTER_TOKEN if isinstance(error, TokenRefused) else CHALLENGE
    if isinstance(error, Unavailable | StorageFull):
        get_logger().error(
            "request.unavailable", cause=error.code, request_id=request_id(), exc_info=error.__cause__ and error
        )
    return _response(answer_of(type(error)), error.code, params=error.params, extra=extra, headers=headers)


def _from_web_server(error: HTTPException) -> Response:
    status = error.code or 500
    answer, code = BY_STATUS.get(status, (TABLE[Unreadable], "error.request"))
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return _response(answer, code, headers=headers)


def _response(
    answer: Answer,
    code: str,
    *,
    params: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    error_id: str | None = None,
) -> Response:
    body: dict[str, Any] = {
        "success": False,
        "error": True,
        "error_id": error_id or uuid.uuid4().hex,
        "category": answer.category,
        "severity": answer.severity,
        "message_code": answer.message_code,
        "message": sentence(code, language(), params),
        "timestamp": clock.now(),
        "recoverable": answer.recoverable,
        "suggestions": suggestions(code, language(), params),
        "context": envelope.context(),
    }
    if extra:
        body["extra"] = extra
    return envelope.json_response(body, answer.status, headers)
