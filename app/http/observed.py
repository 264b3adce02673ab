"""What is known of a request once it is answered, for whoever keeps count: the log, the metrics."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Response, g, request
from werkzeug.wsgi import ClosingIterator

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_KEY = "muster.observation"


@dataclass(slots=True)
class Observation:
    """One request and its answer; nothing that a caller typed but a harmless id.

    `route` is the template (`/api/v1/tags/<int:tag_id>`), None for a path that is none. `user` is None for a
    stranger, and where nothing asked who is calling.
    """

    method: str
    route: str | None = None
    status: int = 500
    user: str | None = None
    request_id: str | None = None
    action: str | None = None
    streamed: bool = False
    took_s: float = 0.0


class Observer(Protocol):
    """Somebody who keeps count of requests."""

    def began(self) -> None:
        """Take note that a request came in."""

    def ended(self, seen: Observation) -> None:
        """Take note of an answer, once all of it is handed over."""


class Observed:
    """WSGI middleware: tells the observers of each request exactly once."""

    def __init__(self, app: Wsgi, observers: Sequence[Observer]) -> None:
        self._app = app
        self._observers = observers

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        """Answer the request and measure how long that takes."""
        seen = environ[_KEY] = Observation(method if (method := environ["REQUEST_METHOD"]) in _METHODS else "other")
        started = time.perf_counter()
        for observer in self._observers:
            observer.began()

        def end() -> None:
            seen.took_s = time.perf_counter() - started
            for observer in self._observers:
                observer.ended(seen)

        try:
            answer = self._app(environ, start_response)
        except BaseException:
            end()
            raise
        if seen.streamed:
            return ClosingIterator(answer, [end])
        end()
        return answer


def note(response: Response) -> Response:
    """Write down, while the request is still at hand, what the observers are told."""
    seen: Observation = request.environ[_KEY]
    seen.route = request.url_rule.rule if request.url_rule else None
    seen.status = response.status_code
    seen.user = g.get("username")
    seen.request_id = g.get("request_id")
    seen.action = g.get("action")
    seen.streamed = response.is_streamed
    return response
