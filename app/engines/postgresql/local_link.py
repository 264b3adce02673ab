"""The way from libpq to this process: a local socket that nobody else gets hold of."""

import os
import secrets
import socket
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = "5432"  # part of the socket's name, no port
_ABSTRACT = sys.platform == "linux"  # names of sockets that lie in no folder
_ACCEPT_S = 2.0


@contextmanager
def listen() -> Iterator[tuple[socket.socket, str]]:
    """Listen for libpq where only this process finds it; yield the socket and libpq's name for its folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        if _ABSTRACT:
            folder = f"@muster-{secrets.token_hex(16)}"
            listener.bind(f"\0{folder[1:]}/.s.PGSQL.{PORT}")
            listener.listen(1)
            yield listener, folder
            return
        with tempfile.TemporaryDirectory(prefix="muster-") as folder:
            listener.bind(str(Path(folder) / f".s.PGSQL.{PORT}"))
            listener.listen(1)
            yield listener, folder


def accept(listener: socket.socket) -> socket.socket:
    """Return libpq's end; abstract names can be read by others of the machine, who are sent away."""
    listener.settimeout(_ACCEPT_S)
    while True:
        local, _ = listener.accept()
        if not _ABSTRACT or _peer_pid(local) == os.getpid():
            return local
        local.close()


def _peer_pid(local: socket.socket) -> int:
    told = local.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", told)[0])
