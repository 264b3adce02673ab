"""Ctrl-C while `muster check` waits for servers that say nothing: it ends at once, with no traceback."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import run, serving, start
from tests.support.tokens import new_token

MUSTER = "from app.bootstrap import main; main()"
PROMPTLY_S = 5.0


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        server.settimeout(30)
        yield server


def fill(folder: Path, port: int) -> None:
    assert run("db", "upgrade", folder=folder).returncode == 0
    for number in range(3):
        endpoint = ("--db-type", "postgresql", "--host", "127.0.0.1", "--port", str(port))
        limits = ("--set", "connect_timeout_ms=30000", "--set", "deadline_ms=60000")
        made = run("instances", "create", f"silent-{number}", *endpoint, *limits, folder=folder)
        assert made.returncode == 0, made.stderr


def interrupted(process: "subprocess.Popen[str]", server: socket.socket) -> tuple[int, str, str, float]:
    """Send what Ctrl-C sends once a server was dialled; return the exit code, what was said, and the seconds."""
    dialled = [server.accept()[0] for _ in range(2)]
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    took_s = time.monotonic() - began
    for one in dialled:
        one.close()
    return process.returncode, out, err, took_s


def last_check(folder: Path) -> list[str]:
    shown = run("instances", "list", "--columns", "name,last_outcome,last_cause", "-o", "csv", folder=folder)
    return shown.stdout.replace("\n", ",").split(",")


@pytest.mark.parametrize(("words", "code"), [(["--all"], 1), (["--all", "--watch"], 0)])
class TestCtrlC:
    def test_ends_a_run_on_the_store_of_the_machine(
        self, tmp_path: Path, silent: socket.socket, words: list[str], code: int
    ) -> None:
        folder = tmp_path / "data"
        fill(folder, silent.getsockname()[1])

        ended, out, err, took_s = interrupted(start(MUSTER, "check", *words, folder=folder), silent)

        assert (ended, "Traceback" in err, "Exception ignored" in err) == (code, False, False), (out, err)
        assert took_s < PROMPTLY_S
        assert {"failed", "check.interrupted"} <= set(last_check(folder))

    def test_ends_a_run_over_the_network(
        self, tmp_path: Path, silent: socket.socket, words: list[str], code: int
    ) -> None:
        folder = tmp_path / "data"
        fill(folder, silent.getsockname()[1])
        with serving(folder, allow_loopback="true") as server:
            with server.caller() as admin:
                token = new_token(admin, "watch", role="operator")
            process = start(MUSTER, "check", *words, folder=tmp_path / "none", url=server.url, token=token)

            ended, out, err, took_s = interrupted(process, silent)

        assert (ended, "Traceback" in err, "Exception ignored" in err) == (code, False, False), (out, err)
        assert took_s < PROMPTLY_S
