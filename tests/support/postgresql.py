"""A private PostgreSQL server for one run of the tests, started when the first of them asks for it.

`TEST_POSTGRESQL_URL` names one that is running instead: a role that may create databases and roles. Otherwise
Debian's programs start one on a free port of 127.0.0.1; where they are missing, the tests are skipped.
All workers of a run share it; each store is a database of its own.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import URL, make_url

from tests.support.ports import free_port

if TYPE_CHECKING:
    import psycopg  # only where it is used: tests look at what a process has imported

_FOLDER = "TEST_POSTGRESQL_FOLDER"
_ROLE = "muster_tests"  # what the tests log in as: no superuser, as in a company
PASSWORD = "p@ss/w:rd?of the#tests"  # holds all that means something in an address
_LIKE = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' STRATEGY FILE_COPY"


def begin_run() -> None:
    """Reserve the folder of the server; called once, before any worker starts."""
    parent = next((folder for folder in ("/dev/shm", tempfile.gettempdir()) if os.access(folder, os.W_OK)), None)
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="muster-postgresql-", dir=parent)


def end_run() -> None:
    """Stop the server if a worker has started it, and remove its folder."""
    folder = Path(os.environ.pop(_FOLDER))
    if (folder / "data" / "postmaster.pid").exists():
        _as_postgres(_programs() / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate", "-w")
    shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL that Debian's packages have installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        pytest.skip("PostgreSQL is not installed: run `make services` as root, or set TEST_POSTGRESQL_URL")
    return versions[-1]


def _as_postgres(*command: object) -> None:
    """Run a program as the user that PostgreSQL insists on not being root."""
    switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    words = [*switch, *(str(word) for word in command)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, cwd="/")
    assert done.returncode == 0, (words, done.stdout, done.stderr)


@cache
def admin_url() -> URL:
    """Return the address under which databases are made; starts the server when nobody has."""
    given = os.environ.get("TEST_POSTGRESQL_URL")
    if given:
        url = make_url(given)
    else:
        folder = Path(os.environ[_FOLDER])
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "url").exists():
                (folder / "url").write_text(_start(folder))
            url = make_url((folder / "url").read_text())
    with as_admin(url) as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (_ROLE,))
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {_ROLE} LOGIN PASSWORD '{PASSWORD}'")
    return url


def _start(folder: Path) -> str:
    programs, data, port, password = _programs(), folder / "data", free_port(), secrets.token_urlsafe(12)
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (folder, folder / "password"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    kind = ("--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--auth=scram-sha-256", "--no-sync")
    _as_postgres(programs / "initdb", "-D", data, *kind, f"--pwfile={folder / 'password'}")
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "max_connections": 200,
        "shared_buffers": "64MB",
        "dynamic_shared_memory_type": "mmap",
        "max_wal_size": "256MB",
        "log_min_messages": "fatal",
    }
    words = " ".join(f"-c {name}={value}" for name, value in options.items())
    _as_postgres(programs / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", words)
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


@contextmanager
def as_admin(url: URL | None = None, *, database: str | None = None) -> Iterator["psycopg.Cursor[Any]"]:
    """Yield a cursor of the one who may do everything, each statement a transaction of its own."""
    import psycopg

    url = url or admin_url()
    if database:
        url = url.set(database=database)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection, connection.cursor() as cursor:
        yield cursor


def new_database(*, template: str | None = None) -> URL:
    """Make a database, empty or as a copy, and return the address under which the tests use it."""
    name = f"t_{secrets.token_hex(8)}"
    with as_admin() as cursor:
        cursor.execute(f"CREATE DATABASE {name} OWNER {_ROLE} TEMPLATE {template or 'template0'} {_LIKE}")
    return admin_url().set(drivername="postgresql", username=_ROLE, password=PASSWORD, database=name)


def drop(url: URL) -> None:
    """Remove a database, whoever is connected to it."""
    with as_admin() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)")


def text_of(url: URL) -> str:
    """Return the address as a setting holds it."""
    return url.render_as_string(hide_password=False)
