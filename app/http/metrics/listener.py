"""The metrics' own address: one process of all serves it, and another takes over when that one ends."""

import fcntl
import threading
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server

from app.core.logging import get_logger


def listen_when_alone(address: tuple[str, int], registry: CollectorRegistry, folder: Path) -> None:
    """Wait in a thread of its own until no other process of the folder serves the address, then serve it."""
    threading.Thread(target=_listen, args=(address, registry, folder), name="metrics", daemon=True).start()


def _listen(address: tuple[str, int], registry: CollectorRegistry, folder: Path) -> None:
    host, port = address
    with (folder / "listener").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            _, serving = start_http_server(port, host, registry)
        except OSError as exc:
            get_logger().error("metrics.address_unusable", address=f"{host}:{port}", reason=exc.strerror)
            return
        get_logger().info("metrics.serving", address=f"{host}:{port}")
        serving.join()
