"""A private PgBouncer in front of a private server."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import psycopg
import pytest

from tests.support.databases.postgresql_server import PASSWORD, give, postgres_words
from tests.support.ports import free_port


@contextmanager
def pgbouncer(folder: Path, databases: Mapping[str, str], **options: str) -> Iterator[int]:
    """Run one with transaction pooling on a port of 127.0.0.1, and yield the port.

    `databases`: by name the connection strings behind it. Everybody in its list has the tests' password.
    """
    program = which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("PgBouncer is not installed: run `make services` as root")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    word = PASSWORD.replace('"', '""')
    (folder / "users").write_text("".join(f'"{name}" "{word}"\n' for name in ("monitor", "plain", "ghost")))
    own = {
        "listen_addr": "127.0.0.1",
        "listen_port": str(port),
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": str(folder / "users"),
        "pool_mode": "transaction",
        "default_pool_size": "1",
        "server_reset_query_always": "0",
        "server_login_retry": "1",
        "logfile": str(folder / "log"),
        **options,
    }
    lines = ["[databases]", *(f"{name} = {link}" for name, link in databases.items()), "[pgbouncer]"]
    (folder / "ini").write_text("\n".join([*lines, *(f"{name} = {value}" for name, value in own.items())]) + "\n")
    for path in (folder, *folder.iterdir()):
        give(path)
    running = subprocess.Popen(
        postgres_words(program, folder / "ini"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
    )
    try:
        _wait(port, running)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=10)


def _wait(port: int, running: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        assert running.poll() is None, "PgBouncer ended"
        try:
            psycopg.connect(
                host="127.0.0.1", port=port, user="nobody", password="none", dbname="none", sslmode="disable"
            )
        except psycopg.OperationalError as exc:
            if "refused" not in str(exc):
                return
    raise AssertionError("PgBouncer does not listen")
