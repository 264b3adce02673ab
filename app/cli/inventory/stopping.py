"""Let Ctrl-C and SIGTERM end work between two steps and not within one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping_between_steps() -> Iterator[threading.Event]:
    """Yield an event that is set once somebody wants the work to stop; who insists ends it at once."""
    wanted = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # signals are for the main thread
        yield wanted
        return

    def stop(number: int, frame: object) -> None:
        del number, frame
        if wanted.is_set():
            raise KeyboardInterrupt
        wanted.set()

    before = {one: signal.signal(one, stop) for one in _SIGNALS}
    try:
        yield wanted
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
