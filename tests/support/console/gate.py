"""A gate before a database: connections wait until it is opened, so that a test sees a check while it runs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.databases.mariadb_server import relay

_LONGEST_S = 30.0


class Gate:
    """Listens on `port`; passes nothing on before `open()`."""

    def __init__(self, target: int) -> None:
        self._target, self._opened = target, threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def open(self) -> None:
        """Pass on what waits, and all that comes."""
        self._opened.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._opened.wait(_LONGEST_S)
        relay(client, socket.create_connection(("127.0.0.1", self._target)))

    def close(self) -> None:
        self.open()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def gate_to(target: int) -> Iterator[Gate]:
    gate = Gate(target)
    try:
        yield gate
    finally:
        gate.close()
