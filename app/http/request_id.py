"""The id under which one request is found in answers, log lines and audit events."""

import re
import uuid

from flask import g, request

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def assign_request_id() -> str:
    """Take the caller's id when it is harmless, otherwise make one."""
    given = request.headers.get(HEADER, "")
    g.request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
    return request_id()


def request_id() -> str:
    """Return the id of this request."""
    found: str = g.request_id
    return found
