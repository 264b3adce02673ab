"""PostgreSQL's own programs: `pg_dump`, `pg_restore` and `psql`, run without a password in their arguments."""

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import URL

from app.core.db.options import StoreUnusable
from app.core.db.sqlite_files import sync

_DEBIAN = Path("/usr/lib/postgresql")
# Kinds of an archive's entries that belong to the database and not to Muster.
_NOT_OURS = (" SCHEMA ", " EXTENSION ", " COMMENT - EXTENSION ", " COMMENT - SCHEMA ", " ACL ")


def dump(url: URL, target: Path) -> None:
    """Write one moment of the database into a new archive: 0600, readable by pg_restore, safely on disk.

    :raises FileExistsError: there is a file already; it is left alone.
    :raises StoreUnusable: pg_dump is missing, or says why it cannot.
    """
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}", url=url)
        if not _entries(draft):
            raise StoreUnusable("pg_dump wrote an archive without any table.")
        sync(draft)
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    sync(target.parent)


def rows_of(archive: Path, table: str) -> list[dict[str, str]]:
    """Return the rows of one table of an archive, values as PostgreSQL writes them; empty without such a table.

    :raises StoreUnusable: the file is no archive.
    """
    script = _run("pg_restore", "--data-only", f"--table={table}", "--file=-", str(archive))
    found = re.search(rf"^COPY \S*\b{table} \((.*)\) FROM stdin;\n(.*?)^\\\.$", script, re.MULTILINE | re.DOTALL)
    if found is None:
        return []
    columns = found[1].split(", ")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in found[2].splitlines()]


def restore(url: URL, archive: Path, *, tables: Sequence[str], emptied: str) -> None:
    """Put the content of an archive in the place of these tables, in one transaction: all of it or nothing.

    The table `emptied` comes back without its rows.

    :raises StoreUnusable: a program is missing, or says why it cannot.
    """
    with tempfile.TemporaryDirectory(prefix="muster-restore-") as folder:
        wanted, script = Path(folder) / "list", Path(folder) / "script.sql"
        wanted.write_text("\n".join(_entries(archive)), encoding="utf-8")
        drops = "".join(f'DROP TABLE IF EXISTS "{table}" CASCADE;\n' for table in tables)
        options = ("--no-owner", "--no-privileges", "--clean", "--if-exists", f"--use-list={wanted}")
        made = _run("pg_restore", *options, "--file=-", str(archive))
        script.touch(0o600)
        ending = f'RESET search_path;\nDELETE FROM "{emptied}";\n'
        script.write_text(f"SET client_min_messages = error;\n{drops}{made}\n{ending}", encoding="utf-8")
        _run("psql", "-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", f"--file={script}", url=url)


def _entries(archive: Path) -> list[str]:
    lines = _run("pg_restore", "--list", str(archive)).splitlines()
    entries = [line for line in lines if line and not line.startswith(";")]
    return [line for line in entries if not any(kind in line for kind in _NOT_OURS)]


def _run(name: str, *arguments: str, url: URL | None = None) -> str:
    words = [str(find_program(name)), *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if url is not None:
        words.append(f"--dbname={_without_password(url)}")
        environment |= _secrets_of(url)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found by name
        words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise StoreUnusable(f"{name} failed: {said[0]}")
    return done.stdout


def find_program(name: str) -> Path:
    """Return where a program of PostgreSQL lies: in PATH, or where Debian keeps the newest.

    :raises StoreUnusable: it is not installed; names the package.
    """
    found = shutil.which(name)
    if found:
        return Path(found)
    versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise StoreUnusable(
            f"{name} is not installed: install PostgreSQL's client programs (Debian: postgresql-client), of the"
            " server's version or newer."
        )
    return versions[-1]


def _without_password(url: URL) -> str:
    bare = url.set(drivername="postgresql").difference_update_query(["password"])
    return URL.create(
        "postgresql", username=bare.username, host=bare.host, port=bare.port, database=bare.database, query=bare.query
    ).render_as_string(hide_password=False)


def _secrets_of(url: URL) -> Mapping[str, str]:
    password = url.password or url.query.get("password")
    return {"PGPASSWORD": str(password)} if password else {}
