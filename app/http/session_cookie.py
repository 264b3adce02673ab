"""The session cookie: signed with a key derived from the key ring, `__Host-` and Secure under TLS.

It holds a CSRF secret and, after login, an opaque session id; whether that session lives is up to the server.
"""

from typing import Any

from flask import Flask, Request, g, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app.core.crypto import KeyRing
from app.core.errors import MusterError
from app.http.console_paths import is_of_console
from app.http.probes import is_probe
from app.http.runtime import runtime

_NAME = "muster_session"
_PURPOSE = "muster session cookie v1"


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, whose key exists only once the store is open."""

    def __init__(self) -> None:
        self._signer: tuple[KeyRing, URLSafeTimedSerializer] | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the store before the cookie; a failure is kept for the first handler, which answers with it.

        A probe gets neither: it has to be answered while the store is gone. Nor does a page of the console, which is
        the same for everybody.
        """
        g.not_ready = None
        g.storeless = is_probe() or is_of_console(request.path)
        if g.storeless:
            return SecureCookieSession()
        try:
            runtime().parts()
        except MusterError as exc:
            g.not_ready = exc
            return SecureCookieSession()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer; the active key signs, the others still verify."""
        if g.get("not_ready") is not None or g.get("storeless"):
            return None
        keys = runtime().parts().keys
        if self._signer is None or self._signer[0] is not keys:
            self._signer = (keys, self._make_signer(keys))
        return self._signer[1]

    def _make_signer(self, keys: KeyRing) -> URLSafeTimedSerializer:
        oldest_first = list(reversed(keys.derive(_PURPOSE)))  # itsdangerous signs with the last of its list
        options: dict[str, Any] = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
        return URLSafeTimedSerializer(oldest_first, salt=self.salt, serializer=self.serializer, signer_kwargs=options)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name; the prefix makes browsers refuse the cookie outside of TLS and from other hosts."""
        return f"__Host-{_NAME}" if self.get_cookie_secure(app) else _NAME

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether the request came over TLS."""
        return has_request_context() and request.is_secure

    def get_cookie_domain(self, app: Flask) -> str | None:
        """Return None: the cookie is for this host alone."""
        return None

    def get_cookie_samesite(self, app: Flask) -> str:
        """Keep the cookie out of requests that other sites cause, links apart."""
        return "Lax"

    def save_session(self, app: Flask, session: Any, response: Any) -> None:  # noqa: ANN401 - Flask's signature
        """Write the cookie unless the store is not open."""
        if g.get("not_ready") is None and not g.get("storeless"):
            super().save_session(app, session, response)
