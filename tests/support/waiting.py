"""Waiting for what another thread does: bounded by time, so that a busy machine makes a test slow and not red."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

_Found = TypeVar("_Found")
_MOST_S, _PAUSE_S = 10.0, 0.005


def wait_for(ask: Callable[[], _Found], holds: Callable[[_Found], object] = bool) -> _Found:
    """Ask again and again, for ten seconds, until it holds; return what was found then."""
    pause, ends = threading.Event(), time.monotonic() + _MOST_S
    while not holds(found := ask()):
        assert time.monotonic() < ends, f"it did not happen within {_MOST_S} s: {found}"
        pause.wait(_PAUSE_S)
    return found
