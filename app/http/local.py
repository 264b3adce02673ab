"""Calls that a command of this very process makes: by somebody at the machine, without a login.

No request over the network can be one: its headers reach the environ under `HTTP_`, and a mark that is another
object than ours, such as one that a server's own extension had set, counts as none.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import request

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

_KEY = "muster.local"
_MARK = object()


def for_this_process(app: WsgiApp) -> WsgiApp:
    """Return the application for calls from this process: each is somebody's at the machine, who may do everything."""

    def marked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - PEP 3333
        return app({**environ, _KEY: _MARK}, start_response)

    return marked


def is_local() -> bool:
    """Tell whether the current request comes from this very process."""
    return request.environ.get(_KEY) is _MARK
