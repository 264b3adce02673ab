"""Tell the audit trail that a known caller was denied something."""

from flask import g

from app.core.errors import Denied
from app.domain.access.errors import CsrfInvalid, CsrfMissing
from app.domain.audit import refusals
from app.domain.audit.origin import Origin, acting_from
from app.http.caller import actor
from app.http.request_id import request_id
from app.http.runtime import runtime


def note_denial(error: Denied) -> None:
    """Count a denial; never fails the answer.

    A missing or foreign CSRF token is none: it tells of a stale page or of another site, not of what a user wanted.
    """
    who = actor()
    if isinstance(error, CsrfMissing | CsrfInvalid) or who.id is None:
        return
    wanted = str(error.params.get("action") or f"credential {error.params.get('name')}")
    with acting_from(Origin(g.get("source", "api"), who, request_id())):
        runtime().refusals.note(refusals.denied(who, wanted=wanted))
