"""`GET /metrics`, for whoever brings the token of the settings."""

import hmac
from collections.abc import Callable

from flask import Flask, Response, request

from app.core.errors import NotAuthenticated
from app.http.decorators import public
from app.http.metrics.exposition import Exposition
from app.http.probes import METRICS


class MetricsTokenRefused(NotAuthenticated):
    """The token of the metrics is missing or another one."""

    code = "error.metrics_token"


def attach(app: Flask, exposition: Exposition, token: str) -> None:
    """Serve the metrics; the token is no user's, so no login is asked for."""
    app.add_url_rule(METRICS, "metrics", _view(exposition, token.encode()), methods=["GET"])


def _view(exposition: Exposition, token: bytes) -> Callable[[], Response]:
    @public
    def metrics() -> Response:
        """Show the metrics to whoever brings the token."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token):
            raise MetricsTokenRefused
        text, media_type = exposition.show(request.headers.get("Accept", ""))
        return Response(text, content_type=media_type, headers={"Cache-Control": "no-store"})

    return metrics
