"""A connection to PostgreSQL that a test can cut at a moment of its choosing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Passes bytes on in both directions; what a client sends is searched for `cut_at`, and then all is cut.

    With `after_passing` the server still gets the fatal bytes, and only its answer is lost.
    """

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.cut_at: bytes | None = None
        self.after_passing = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target, timeout=10)
            server.settimeout(None)
            self._open |= {client, server}
            for source, target, is_client in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, target, is_client), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_client and self.cut_at is not None and self.cut_at in data:
                    self.cut_at = None
                    if self.after_passing:
                        source.shutdown(socket.SHUT_RDWR)  # the client hears nothing any more
                        target.sendall(data)
                        target.recv(65536)
                    break
                target.sendall(data)
        self._end(source, target)

    def cut_all(self) -> None:
        """End every connection, as a restart of the server would."""
        self._end(*list(self._open))

    def _end(self, *ends: socket.socket) -> None:
        for one in ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            self._open.discard(one)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the next caller
        self._listener.close()
        self.cut_all()


@contextmanager
def proxy_to(host: str, port: int) -> Iterator[Proxy]:
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
