"""A web worker ends with the process that started it: nobody would restart it, and it would keep the port."""

import ctypes
import os
import signal
import sys
from multiprocessing import parent_process

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its parent is gone, however that ends; Linux alone can."""
    parent = parent_process()
    if parent is None:
        return
    # A forked worker begins with the handlers of its parent, which would only take note of the signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent.pid:  # it went before the kernel was asked
        os.kill(os.getpid(), signal.SIGTERM)
