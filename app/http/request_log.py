"""One line for each request: who asked which route, how it went, how long it took. No query, no body, no header."""

from app.core.logging import get_logger
from app.http.observed import Observation
from app.http.probes import PATHS

_FIRST_FAILURE = 400


class RequestLog:
    """An observer that logs; probes that find everything well are told at level debug alone."""

    def began(self) -> None:
        """Say nothing yet: the one line comes with the answer."""

    def ended(self, seen: Observation) -> None:
        """Log the line."""
        log = get_logger()
        tell = log.debug if seen.route in PATHS and seen.status < _FIRST_FAILURE else log.info
        tell(
            "request",
            request_id=seen.request_id,
            user=seen.user,
            method=seen.method,
            route=seen.route,
            action=seen.action,
            status=seen.status,
            took_ms=round(seen.took_s * 1000, 1),
        )
