"""Headers that every answer carries."""

from flask import Response, request

from app.http.language import language
from app.http.request_id import HEADER, request_id

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_API = ("/api/", "/auth/api/", "/instances/api/")


def add_security_headers(response: Response) -> Response:
    """Add what is missing; a page that needs a wider policy has set its own."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _CSP)
    response.headers.setdefault(HEADER, request_id())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.path.startswith(_API):
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Language", language())
        response.vary.update(("Accept-Language", "Cookie"))
    return response
