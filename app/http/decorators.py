"""Access to a route: login, then permission, then CSRF, each before the body is validated.

Each decorator marks the function, so that a test lists every route with the access it declares.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import request

from app.core.errors import Denied
from app.domain.access.errors import CsrfInvalid, CsrfMissing
from app.domain.access.permissions import Action, may
from app.http.body import csrf_token_in_body
from app.http.caller import caller, find_caller, is_csrf_token, refusal
from app.http.local import is_local
from app.http.runtime import runtime

View = TypeVar("View", bound=Callable[..., Any])
CSRF_HEADER = "X-CSRFToken"


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of its callers; `public` is said, never assumed."""

    public: bool = False
    login: bool = False
    action: Action | None = None
    csrf: bool = False


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return the access that a view declares, None when it declares none."""
    found: Access | None = getattr(view, "access", None)
    return found


def public(view: View) -> View:
    """Declare that anybody may call the route."""
    view.access = replace(access_of(view) or Access(), public=True)  # type: ignore[attr-defined]
    return view


def api_login_required(view: View) -> View:
    """Let callers pass who are logged in or bring a token.

    :raises NotAuthenticated: nobody is logged in, the session has ended, or the token does not count.
    """

    def check() -> None:
        if find_caller() is None:
            raise refusal()

    return _guard(view, check, login=True)


def api_permission_required(action: Action) -> Callable[[View], View]:
    """Let callers pass whose role includes the action.

    :raises Denied: the role does not include it.
    """

    def check() -> None:
        who = caller()
        if not may(who.role, action):
            raise Denied(params={"action": action, "role": who.role}, extra={"action": action})

    return lambda view: _guard(view, check, action=action)


def require_csrf(view: View) -> View:
    """Let requests pass that bring the CSRF token of their session and come from this site.

    A request that brings its own credentials, or comes from this process, is no work of another site: it needs no
    token.

    :raises CsrfMissing: there is no token, in the header or in the body.
    :raises CsrfInvalid: the token is another session's, or the Origin is another site.
    """

    def check() -> None:
        if "Authorization" in request.headers or is_local():
            return
        _check_origin()
        token = request.headers.get(CSRF_HEADER) or csrf_token_in_body()
        if not token:
            raise CsrfMissing
        if not is_csrf_token(token):
            raise CsrfInvalid

    return _guard(view, check, csrf=True)


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is None:
        return
    try:
        site = urlsplit(origin).netloc.lower()
    except ValueError:  # no address at all
        raise CsrfInvalid from None
    # Behind a proxy the host of the request may be an inner one; the address of the settings is ours as well.
    base = urlsplit(runtime().settings.base_url or "").netloc.lower()
    if not site or site not in {request.host.lower(), base}:
        raise CsrfInvalid


def _guard(view: View, check: Callable[[], None], **declares: Any) -> View:  # noqa: ANN401 - fields of Access
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passes through
        check()
        return view(*args, **kwargs)

    guarded.access = replace(access_of(view) or Access(), **declares)  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]
