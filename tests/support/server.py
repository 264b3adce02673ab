"""The real `muster serve`, as a process of its own on a free port of 127.0.0.1, and callers that speak HTTP to it."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.support import contract
from tests.support.api import PASSWORD
from tests.support.ports import free_port
from tests.support.store import store_settings

__all__ = ["HttpCaller", "Server", "environment", "free_port", "inherited", "run", "serving", "start", "wait_until"]

_MUSTER = "from app.bootstrap import main; main()"
_ROOT = Path(__file__).parents[2]
_START_S, _STOP_S, _TICK_S = 60.0, 45.0, 0.05


def inherited() -> dict[str, str]:
    """Return this environment without Muster's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a command: nothing of this machine's `MUSTER_*`, cheap hashes, a known admin.

    A setting that is None is left out.
    """
    values = {
        "data_dir": folder,
        "admin_password": PASSWORD,
        "argon2_memory_kib": 8192,
        "argon2_time_cost": 1,
        **store_settings(folder),
        **settings,
    }
    given = {f"MUSTER_{name.upper()}": str(value) for name, value in values.items() if value is not None}
    return inherited() | given


def start(code: str, *arguments: str, folder: Path, **settings: object) -> subprocess.Popen[str]:
    """Start a Python process of its own that reads standard input and keeps what it says."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment(folder, **settings),
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        umask=0,
    )


def run(*arguments: str, folder: Path, stdin: str = "", **settings: object) -> subprocess.CompletedProcess[str]:
    """Run one `muster` command to its end."""
    process = start(_MUSTER, *arguments, folder=folder, **settings)
    try:
        out, err = process.communicate(stdin, timeout=_START_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def wait_until(holds: Any, *, seconds: float = 10.0, what: str = "it") -> None:
    """Ask again and again, with an end, until `holds()` is true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(_TICK_S)


class Server:
    """One running Muster; `log` is all that it has said so far."""

    def __init__(self, folder: Path, *, workers: int = 1, **settings: object) -> None:
        self.folder = folder
        self.scheme = "https" if "tls_certificate" in settings else "http"
        self.port = free_port()
        self._log = folder.parent / f"{folder.name}-{self.port}.log"
        self._output = self._log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-c", _MUSTER, "serve", "--port", str(self.port), "--workers", str(workers)],
            env=environment(folder, **settings),
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            umask=0,  # so that the modes of files are the server's own doing
        )
        self.certificate = settings.get("tls_certificate")
        self._asked = False

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait(self) -> "Server":
        """Return once the server answers."""
        end = time.monotonic() + _START_S
        while not self._answers():
            assert self.process.poll() is None, f"the server ended by itself:\n{self.log}"
            assert time.monotonic() < end, f"the server did not answer:\n{self.log}"
            time.sleep(_TICK_S)
        return self

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                answer = client.get("/api/v1/auth/csrf-token")
        except httpx.TransportError:
            return False
        assert answer.status_code == 200, f"{answer.text}\n{self.log[-4000:]}"
        return True

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        if self.process.poll() is not None:
            return []
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [pid for pid in map(int, children.split()) if _is_worker(pid)]

    def client(self, **options: Any) -> httpx.Client:
        """Return a bare HTTP client with its own cookies."""
        verify = ssl.create_default_context(cafile=str(self.certificate)) if self.certificate else False
        return httpx.Client(base_url=self.url, verify=verify, timeout=30, trust_env=False, **options)

    def caller(self, username: str | None = "admin", password: str = PASSWORD) -> "HttpCaller":
        """Return a caller who has logged in; with None one who has not."""
        caller = HttpCaller(self.client())
        return caller.log_in(username, password) if username else caller

    def connect(self) -> socket.socket:
        """Open a bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def kill(self) -> None:
        """End everything at once, as a power cut would."""
        for pid in [self.process.pid, *self.workers()]:
            with suppress(ProcessLookupError):  # a worker may have gone with its supervisor
                os.kill(pid, signal.SIGKILL)
        self.process.wait(_STOP_S)
        self._output.close()

    def ask_to_end(self) -> None:
        """Send SIGTERM, once: a second one may meet an interpreter that has already taken its handlers down."""
        if not self._asked and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self._asked = True

    def stop(self) -> int:
        """Ask the server to end, and return its exit code."""
        self.ask_to_end()
        try:
            return self.process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end on SIGTERM:\n{self.log}") from None
        finally:
            self._output.close()


def _is_worker(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return False
    return b"resource_tracker" not in command


@contextmanager
def serving(folder: Path, *, workers: int = 1, **settings: object) -> Iterator[Server]:
    """Serve from a data folder; at the end the server has to go without complaint."""
    server = Server(folder, workers=workers, **settings)
    try:
        yield server.wait()
    except BaseException:
        if server.process.poll() is None:
            server.stop()
        raise
    if server.process.poll() is None:
        assert server.stop() == 0, server.log
        assert "Traceback" not in server.log, server.log


class HttpCaller:
    """What a script would be: it keeps its cookie and brings its token."""

    def __init__(self, client: httpx.Client, token: str = "") -> None:
        self.client = client
        self.token = token

    def __enter__(self) -> "HttpCaller":
        return self

    def __exit__(self, *exc: object) -> None:
        self.client.close()

    def log_in(self, username: str, password: str = PASSWORD) -> "HttpCaller":
        self.token = self.client.get("/api/v1/auth/csrf-token").json()["data"]["csrf_token"]
        answer = self.post("/api/v1/auth/login", {"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["data"]["csrf_token"]
        return self

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        headers = {"Accept-Language": "en", "X-CSRFToken": self.token, **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        response = self.client.request(method, path, headers=headers, **options)
        contract.check(response)
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.call("PATCH", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.call("DELETE", path, body, **options)
