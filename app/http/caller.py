"""Who is calling: by a token in `Authorization`, or by a session, of which the server's table says whether it lives."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf, validate_csrf

from app.core.errors import NotAuthenticated
from app.domain.access import tokens
from app.domain.access.errors import TokenRefused
from app.domain.access.login import LoggedIn
from app.domain.access.sessions import Caller
from app.domain.audit.origin import Actor, somebody_here
from app.http.local import is_local
from app.http.runtime import runtime


class _SessionUser(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login carries: the opaque session id, and the caller behind it."""

    def __init__(self, token: str, caller: Caller) -> None:
        self.token = token
        self.caller = caller

    def get_id(self) -> str:
        return self.token


class _SessionLogins(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login without its second cookie, which it would verify with a SECRET_KEY that Muster does not have."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        del cookie  # there is no setting that turns it off, and anybody may send one


def init_app(app: Flask) -> None:
    """Attach Flask-Login; redirects and its own cookie checks are off, the server's table decides."""
    manager = _SessionLogins()
    manager.session_protection = None
    load: Callable[[Callable[[str], Any]], Any] = manager.user_loader
    load(_load)
    manager.init_app(app)


def _load(token: str) -> _SessionUser | None:
    caller = runtime().login.sessions.find_caller(token)
    return _SessionUser(token, caller) if caller else None


def find_caller() -> Caller | None:
    """Return who is calling, None for an anonymous request; one statement, once a request.

    A request that brings its own credentials never falls back to the cookie. A probe is anonymous, whatever it
    brings: there may be no store to look into.
    """
    if is_local():
        return Caller(None, somebody_here().name, "admin")
    if g.get("storeless"):
        return None
    found = _by_token() if "Authorization" in request.headers else _by_session()
    if not isinstance(found, Caller):
        return None
    g.username = found.username  # for the log, which outlives a logout
    return found


def _by_session() -> Caller | None:
    user = current_user._get_current_object()  # noqa: SLF001 - the proxy hides which class it is
    return user.caller if isinstance(user, _SessionUser) else None


def _by_token() -> Caller | TokenRefused:
    if "by_token" not in g:
        try:
            g.by_token = tokens.find_caller(request.headers["Authorization"], address=request.remote_addr or "")
        except TokenRefused as exc:
            g.by_token = exc
    found: Caller | TokenRefused = g.by_token
    return found


def refusal() -> NotAuthenticated:
    """Return why nobody is calling: what is wrong with the token, where the request brings one."""
    found = _by_token() if "Authorization" in request.headers else None
    return found if isinstance(found, TokenRefused) else NotAuthenticated()


def caller() -> Caller:
    """Return who is calling on a route that requires a login."""
    found = find_caller()
    if found is None:
        raise LookupError("this route has no api_login_required")
    return found


def actor() -> Actor:
    """Return the caller as audit events name them."""
    if is_local():
        return somebody_here()
    found = find_caller()
    return Actor(found.username, found.id, found.role) if found else Actor("anonymous")


def begin(logged_in: LoggedIn) -> str:
    """Bind the cookie to a new session and return its CSRF token; nothing of the old cookie stays."""
    session.clear()
    login_user(_SessionUser(logged_in.token, logged_in.caller))
    g.username = logged_in.caller.username
    return new_csrf_token()


def forget() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()


def new_csrf_token() -> str:
    """Return a token for the secret in the cookie, which is made when there is none."""
    g.pop("csrf_token", None)
    token: str = generate_csrf(secret_key=_csrf_secrets()[0])
    return token


def is_csrf_token(token: str) -> bool:
    """Tell whether the token belongs to the secret in the cookie."""
    for secret in _csrf_secrets():
        try:
            validate_csrf(token, secret_key=secret)
        except ValueError:  # WTForms' own kind of it
            continue
        return True
    return False


def _csrf_secrets() -> list[str]:
    return runtime().parts().keys.derive("muster csrf token v1")
