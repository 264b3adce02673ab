"""Real MariaDB servers for the tests, each with a data folder of its own; Debian's programs start them in 0.3 s.

Where the programs are missing, the tests are skipped. Every server ends with its test, by its process id.
"""

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pymysql
import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact
from app.engines.ladder import StepFact
from tests.engine_suite.suite import Permissive
from tests.support.ports import free_port

OTHER_ADDRESS = "127.0.0.2"  # a server keeps no record of 127.0.0.1, which it takes for itself
_Rows = tuple[tuple[Any, ...], ...]
_SMALL = (
    "--innodb-log-file-size=4M",
    "--innodb-buffer-pool-size=8M",
    "--innodb-doublewrite=0",
    "--key-buffer-size=1M",
    "--aria-pagecache-buffer-size=1M",
)
_TLS_FILES = {"cert": "server.pem", "key": "server.key", "ca": "ca.pem"}
_FAST = ("--innodb-flush-log-at-trx-commit=0", "--innodb-fast-shutdown=2")
_STARTS_WITHIN_S = 20.0


def step(done: CheckFact, name: str) -> StepFact:
    """Return how one step of a check went."""
    return next(one for one in done.steps if one.step == name)


def ended(done: CheckFact) -> tuple[str, str | None]:
    """Return how a check ended, and why."""
    return done.verdict.outcome, done.verdict.cause


class MariaDb:
    """One running server; `root` may do everything."""

    def __init__(self, folder: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.folder, self.port, self.process = folder, port, process
        self._root: pymysql.Connection[Any] | None = None

    def run(self, *statements: str) -> _Rows:
        """Run statements as root; return the rows of the last one."""
        if self._root is None:
            self._root = self.connect()
        with self._root.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return tuple(cursor.fetchall())

    def connect(self, user: str = "root", password: str = "") -> "pymysql.Connection[Any]":
        return pymysql.connect(
            host="127.0.0.1", port=self.port, user=user, password=password, ssl_disabled=True, autocommit=True
        )

    def spec(self, user: str | None = "root", password: str = "", **changes: Any) -> ConnectionSpec:
        """Return how a check reaches it; `tls` may be just a mode."""
        tls = changes.pop("tls", "disable")
        values: dict[str, Any] = {
            "db_type": "mariadb",
            "host": "127.0.0.1",
            "port": self.port,
            "guard": Permissive(),
            "login": None if user is None else Login(username=user, password=password),
            "tls": tls if isinstance(tls, TlsOptions) else TlsOptions(mode=tls),
        }
        return ConnectionSpec(**{**values, **changes})

    def show_certificate(self, certificate: str, key: str) -> None:
        """Use another certificate from now on."""
        _write_certificate(self.folder, certificate, key)
        self.run("FLUSH SSL")

    def stop(self) -> None:
        """End it, whatever is connected."""
        if self._root is not None:
            with contextlib.suppress(pymysql.MySQLError):
                self._root.close()
            self._root = None
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@contextmanager
def mariadb(*options: str, tls: tuple[str, str, str] | None = None) -> Iterator[MariaDb]:
    """Run a server with these options beside the usual ones; `tls`: its certificate, key and authority as PEM.

    Its own limits on keys are off, so that it can show a weak certificate.
    """
    folder = Path(tempfile.mkdtemp(prefix="muster-mariadb-", dir=_memory()))
    try:
        shutil.copytree(_template(), folder / "data")
        if tls is not None:
            _write_certificate(folder, *tls[:2])
            (folder / "ca.pem").write_text(tls[2])
            files = (f"--ssl-{name}={folder / file}" for name, file in _TLS_FILES.items())
            options = (*options, *files, "--ssl-cipher=ALL:@SECLEVEL=0")
        _give_away(folder)
        running = _start(folder, options)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_certificate(folder: Path, certificate: str, key: str) -> None:
    (folder / _TLS_FILES["cert"]).write_text(certificate)
    (folder / _TLS_FILES["key"]).write_text(key)


def _start(folder: Path, options: tuple[str, ...]) -> MariaDb:
    port = free_port()
    words = [
        _program("mariadbd"),
        "--no-defaults",
        *_as_mysql(),
        f"--datadir={folder / 'data'}",
        f"--socket={folder / 'socket'}",
        f"--pid-file={folder / 'pid'}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        *_SMALL,
        *_FAST,
        *options,
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    running = MariaDb(folder, port, process)
    ends = time.monotonic() + _STARTS_WITHIN_S
    while "ready for connections" not in running.log:
        if process.poll() is not None or time.monotonic() > ends:
            running.stop()
            raise AssertionError(f"MariaDB did not start: {running.log[-2000:]}")
        time.sleep(0.02)
    return running


@cache
def _template() -> Path:
    """Make a data folder once: that takes seconds, copying it does not."""
    install = _program("mariadb-install-db")
    folder = Path(tempfile.mkdtemp(prefix="muster-mariadb-", dir=_memory()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _give_away(folder)
    words = [
        install,
        "--no-defaults",
        *_as_mysql(),
        f"--datadir={folder / 'data'}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        *_SMALL,
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return folder / "data"


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    if found is None:
        pytest.skip("MariaDB is not installed: run `make services` as root")
    return found


def _memory() -> str | None:
    return next((folder for folder in ("/dev/shm", tempfile.gettempdir()) if os.access(folder, os.W_OK)), None)


def _as_mysql() -> list[str]:
    """As root the server insists on being told another user."""
    return ["--user=mysql"] if os.geteuid() == 0 else []


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "mysql", "mysql")


@contextmanager
def from_other_address(port: int) -> Iterator[int]:
    """Pass connections on to a port of 127.0.0.1 so that they come from `OTHER_ADDRESS`; yields the port to dial."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    server = socket.create_connection(("127.0.0.1", port), source_address=(OTHER_ADDRESS, 0))
                    threading.Thread(target=relay, args=(client, server), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def relay(client: socket.socket, server: socket.socket) -> None:
    with client, server:
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        back.start()
        _pass_on(client, server)
        back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until one side ends; the thread of the other direction closes the same way."""
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
