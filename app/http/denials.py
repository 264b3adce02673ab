"""Tell the audit trail that a known caller was denied something, or that a token was refused."""

from flask import g, request

from app.core.errors import Denied
from app.domain.access.errors import CsrfInvalid, CsrfMissing, TokenMalformed, TokenRefused
from app.domain.access.throttle import site
from app.domain.audit import refusals
from app.domain.audit.origin import Actor, Origin, acting_from
from app.domain.audit.refusals import Refusal
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
    _note(refusals.denied(who, wanted=wanted), by=who)


def note_refused_token(error: TokenRefused) -> None:
    """Count a token that does not count; never fails the answer.

    What could never have been a token is none: anybody can send that, and it tells of nothing that was ever given.
    """
    if isinstance(error, TokenMalformed):
        return
    address = site(request.remote_addr or "")
    token_id, name = error.params.get("id"), error.params.get("name")
    refusal = refusals.token_refused(token_id=token_id, name=name, why=error.code, address=address)
    _note(refusal, by=Actor("anonymous"))


def _note(refusal: Refusal, *, by: Actor) -> None:
    with acting_from(Origin(g.get("source", "api"), by, request_id())):
        runtime().refusals.note(refusal)
