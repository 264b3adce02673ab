"""Private PostgreSQL clusters that checks are tried on: with accounts of every kind, TLS, standbys, in any language.

The owner comes by the local socket, where he is trusted; checks come by 127.0.0.1 and meet pg_hba.conf.
"""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.certificates import Authority
from tests.support.ports import free_port

PASSWORD = "Sw0rdfish-'\\ of=the tests"  # holds what means something to libpq
_OPTIONS = {
    "listen_addresses": "'127.0.0.1'",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "20",
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "log_connections": "on",
    "log_statement": "all",
    "password_encryption": "'scram-sha-256'",
}
# By role: each meets the line that its test is about; the database `unlisted` has none for anybody.
_HBA = """\
local   all          all                               trust
local   replication  all                               trust
host    replication  all           127.0.0.1/32        trust
host    all          rejected      127.0.0.1/32        reject
hostssl all          tls_only      127.0.0.1/32        scram-sha-256
hostssl all          certified     127.0.0.1/32        scram-sha-256 clientcert=verify-ca
hostssl all          by_cert       127.0.0.1/32        cert
host    all          trusted       127.0.0.1/32        trust
host    all          untold        127.0.0.1/32        trust
host    all          clear         127.0.0.1/32        password
host    all          old_hash      127.0.0.1/32        md5
host    all          by_ident      127.0.0.1/32        ident
host    all          by_ldap       127.0.0.1/32        ldap ldapserver=127.0.0.1 ldapport=1 ldapprefix="cn="
host    postgres,closed,denied,crowded,nowhere  all  127.0.0.1/32  scram-sha-256
"""
_ROLES = """\
CREATE ROLE monitor LOGIN PASSWORD {0}; GRANT pg_monitor TO monitor;
CREATE ROLE plain LOGIN PASSWORD {0};
CREATE ROLE expired LOGIN PASSWORD {0} VALID UNTIL '2001-01-01';
CREATE ROLE no_login NOLOGIN PASSWORD {0};
CREATE ROLE no_password LOGIN;
CREATE ROLE limited LOGIN PASSWORD {0} CONNECTION LIMIT 0;
CREATE ROLE rejected LOGIN PASSWORD {0}; CREATE ROLE tls_only LOGIN PASSWORD {0};
CREATE ROLE certified LOGIN PASSWORD {0}; CREATE ROLE by_cert LOGIN;
CREATE ROLE trusted LOGIN; CREATE ROLE by_ident LOGIN; CREATE ROLE by_ldap LOGIN;
CREATE ROLE clear LOGIN PASSWORD {0};
SET password_encryption = 'md5'; CREATE ROLE old_hash LOGIN PASSWORD {0}; RESET password_encryption;
"""


def programs() -> Path:
    """Return the folder of the newest PostgreSQL that Debian's packages have installed; skip the test without one."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        pytest.skip("PostgreSQL is not installed: run `make services` as root")
    return versions[-1]


def as_postgres(*command: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program as the user that PostgreSQL insists on not being root."""
    done = subprocess.run(postgres_words(*command), capture_output=True, text=True, check=False, timeout=60, cwd="/")
    assert done.returncode == 0 or not check, (command, done.stdout, done.stderr)
    return done


def postgres_words(*command: object) -> list[str]:
    """Return the command as it is started for that user."""
    switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return [*switch, *(str(word) for word in command)]


def give(path: Path) -> None:
    """Give a file or a folder to that user."""
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(path, owner.pw_uid, owner.pw_gid)


def locale_exists(name: str) -> bool:
    """Tell whether the system has a language for messages."""
    told = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.lower()
    return name.lower().replace("-", "") in told.replace("-", "").split()


class PostgresqlServer:
    """One cluster in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.port = folder, folder / "data", free_port()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        give(folder)

    def create(self, **options: str) -> "PostgresqlServer":
        """Make an empty cluster; `options` go into its postgresql.conf."""
        kind = ("--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--auth=trust", "--no-sync")
        as_postgres(programs() / "initdb", "-D", self.data, *kind)
        (self.data / "pg_hba.conf").write_text(_HBA)
        self.configure(**{**_OPTIONS, **options})
        return self

    def configure(self, **options: str) -> None:
        """Set options, for the next start or reload."""
        own = {"port": str(self.port), "unix_socket_directories": f"'{self.folder}'"}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in {**own, **options}.items())

    def start(self, *, wait: bool = True) -> None:
        """Start it; without `wait` it may not take anybody yet."""
        words = ("start", "-D", self.data, "-l", self.log, "-w" if wait else "-W")
        as_postgres(programs() / "pg_ctl", *words)

    def stop(self, mode: str = "immediate", *, wait: bool = True) -> None:
        """Stop it, if it runs."""
        if (self.data / "postmaster.pid").exists():
            words = ("stop", "-D", self.data, "-m", mode, "-w" if wait else "-W")
            as_postgres(programs() / "pg_ctl", *words, check=False)

    def reload(self, **options: str) -> None:
        """Change options of the running server; returns when a new connection has them."""
        self.configure(**options)
        as_postgres(programs() / "pg_ctl", "reload", "-D", self.data)
        ends = time.monotonic() + 10
        while any(self.value(f"SHOW {name}") != value.strip("'") for name, value in options.items()):
            assert time.monotonic() < ends, options

    def promote(self) -> None:
        """Make a standby the primary."""
        as_postgres(programs() / "pg_ctl", "promote", "-w", "-D", self.data)

    def copy_to(self, folder: Path) -> "PostgresqlServer":
        """Copy the cluster as a backup under way: with the label, and without the record that ends it."""
        copy = PostgresqlServer(folder)
        with self.owner() as cursor:
            cursor.execute("SELECT pg_backup_start('copy', true)")
            shutil.copytree(self.data, copy.data, ignore=shutil.ignore_patterns("postmaster.*"))
            cursor.execute("SELECT labelfile FROM pg_backup_stop(false)")
            label = cursor.fetchone()
        assert label is not None
        (copy.data / "backup_label").write_text(label[0])
        (copy.data / "standby.signal").touch()
        copy.data.chmod(0o700)
        for path in (copy.data, *copy.data.rglob("*")):
            give(path)
        copy.configure(primary_conninfo=f"'host=127.0.0.1 port={self.port} user=postgres'")
        return copy

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "log"

    @contextmanager
    def owner(self, database: str = "postgres") -> Iterator[psycopg.Cursor[Any]]:
        """Yield a cursor of the one who may do everything, each statement a transaction of its own."""
        link = {"host": str(self.folder), "port": self.port, "user": "postgres", "dbname": database}
        with psycopg.connect(**link, autocommit=True) as connection, connection.cursor() as cursor:
            yield cursor

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner."""
        with self.owner(database) as cursor:
            for statement in statements:
                cursor.execute(statement)

    def value(self, query: str) -> Any:
        """Return one value, as the owner sees it."""
        with self.owner() as cursor:
            row = cursor.execute(query).fetchone()
        return row[0] if row else None

    def wait_for(self, query: str, value: object = True) -> None:
        """Ask until the answer is this value."""
        ends = time.monotonic() + 20
        while self.value(query) != value:
            assert time.monotonic() < ends, query


class Certificates:
    """The files of a server for each kind of certificate, readable for the server."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.authority = Authority(folder / "own")
        self.stranger = Authority(folder / "stranger", name="Somebody else")
        names = ["localhost", "127.0.0.1"]
        self.files: Mapping[str, tuple[Path, Path]] = {
            "good": self.authority.issue_files("good", names),
            "soon": self.authority.issue_files("soon", names, days=10),
            "expired": self.authority.issue_files("expired", names, expired=True),
            "not_yet_valid": self.authority.issue_files("not_yet_valid", names, not_yet_valid=True),
            "other_host": self.authority.issue_files("other_host", ["db.example.com"]),
            "unknown": self.stranger.issue_files("unknown", names),
        }
        for _, key in self.files.values():
            give(key)

    def options(self, kind: str) -> dict[str, str]:
        """Return the server's options for one kind."""
        certificate, key = self.files[kind]
        return {"ssl_cert_file": f"'{certificate}'", "ssl_key_file": f"'{key}'"}


def with_accounts(server: PostgresqlServer) -> None:
    """Make the roles and databases that `_HBA` is about."""
    literal = "'" + PASSWORD.replace("'", "''") + "'"
    server.run(
        _ROLES.format(literal),
        "CREATE DATABASE closed STRATEGY FILE_COPY",
        "ALTER DATABASE closed ALLOW_CONNECTIONS false",
        "CREATE DATABASE denied STRATEGY FILE_COPY",
        "REVOKE CONNECT ON DATABASE denied FROM PUBLIC",
        "GRANT CONNECT ON DATABASE denied TO monitor, trusted, by_cert, certified, old_hash",
        "CREATE DATABASE crowded CONNECTION LIMIT 0 STRATEGY FILE_COPY",
        "CREATE DATABASE unlisted STRATEGY FILE_COPY",
    )


@contextmanager
def running(servers: Sequence[PostgresqlServer], *, wait: bool = True) -> Iterator[None]:
    """Run servers as long as the block lasts."""
    try:
        for server in servers:
            server.start(wait=wait)
        yield
    finally:
        for server in reversed(servers):
            server.stop()
