"""Settings for tests, and stores: copies of a template, on whichever of the two databases the run is for.

With `--store postgresql` a data folder stands for a database of the private server: the settings of a folder
always name the same one, and a copy of a folder gets a copy of its database.
"""

import base64
import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from app.core.db import Database, schema
from app.core.db.opening import place_of
from app.core.settings import Settings
from tests.support import postgresql
from tests.support.api import PASSWORD

KEYS = f"k1:{base64.b64encode(bytes(range(32))).decode()}"
_TEMPLATE = "template-database"
_on_postgresql = False
_databases: dict[Path, str] = {}


def use_postgresql() -> None:
    """Let all stores of this process lie on the private server."""
    global _on_postgresql  # noqa: PLW0603 - one kind of store in a run
    _on_postgresql = True


def is_on_postgresql() -> bool:
    return _on_postgresql


def make_settings(folder: Path, **changes: object) -> Settings:
    """Return settings that touch nothing else: a store of its own, cheap hashes, a known first administrator."""
    values: dict[str, object] = {
        "data_dir": folder,
        "admin_password": PASSWORD,
        "argon2_memory_kib": 8192,
        "argon2_time_cost": 1,
        "allow_loopback": True,  # the servers of tests listen there alone
        "audit_seal_seconds": 0,
        "heartbeat_seconds": 0,
        "log_level": "error",
    }
    return Settings(**{**values, **store_settings(folder), **changes})


def store_settings(folder: Path) -> dict[str, object]:
    """Return the settings that make a data folder's store lie where this run wants it."""
    if not _on_postgresql:
        return {}
    if folder not in _databases:
        copied = folder / _TEMPLATE
        template = copied.read_text(encoding="ascii") if copied.exists() else migrated()
        _databases[folder] = postgresql.text_of(postgresql.new_database(template=template))
    return {"database_url": _databases[folder], "keys": KEYS}


@cache
def migrated() -> str:
    """Return the name of a database that has its tables and no user, as after `muster db upgrade`."""
    url = postgresql.new_database()
    database = Database(url.set(drivername="postgresql+psycopg"), pool_size=1)
    schema.ensure_current(database.engine)
    database.close()
    return url.database or ""


def make_template(folder: Path) -> None:
    """Make copies of the folder have a copy of its store; nothing may be connected to it any more."""
    if _on_postgresql:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _TEMPLATE).write_text(make_url(_databases[folder]).database or "", encoding="ascii")


def drop_stores_below(folder: Path) -> None:
    """Remove the databases that belong to data folders in this one."""
    for one in [one for one in _databases if one.is_relative_to(folder)]:
        postgresql.drop(make_url(_databases.pop(one)))


def new_place(folder: Path) -> object:
    """Return where a store without any table can be made."""
    if not _on_postgresql:
        return folder / "muster.db"
    url = postgresql.new_database()
    _databases[folder / "empty"] = postgresql.text_of(url)
    return url.set(drivername="postgresql+psycopg")


def open_store(folder: Path, *, pool_size: int = 1) -> Database:
    """Open the store of a data folder without any edge around it."""
    return Database(place_of(make_settings(folder)), pool_size=pool_size)


def stored_bytes(settings: Settings) -> bytes:
    """Return all that the store keeps, with the files beside it."""
    files = b"".join(path.read_bytes() for path in settings.data_dir.glob("*") if path.is_file())
    name = make_url(_databases[settings.data_dir]).database if _on_postgresql else None
    return files + "".join(_content.__wrapped__(name)).encode() if name else files


def refill(database: Database, template: Path) -> None:
    """Give an open store the content of the template.

    On PostgreSQL its connections, and what they have compiled, stay; SQLite's file is replaced below them, so that
    none may go on with what it remembers of the old one.
    """
    if _on_postgresql:
        _refill_from((template / _TEMPLATE).read_text(encoding="ascii"), database.engine.url.database or "")
        return
    database.engine.dispose()
    with closing(sqlite3.connect(template / "muster.db")) as source, closing(sqlite3.connect(database.path)) as target:
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


@cache
def _content(name: str) -> tuple[str, ...]:
    """Return the statements that fill empty tables with the rows of a database."""
    with postgresql.as_admin(database=name) as cursor:
        statements = ["SET session_replication_role = replica"]  # no trigger, no reference stands in the way
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            statements.append(f'DELETE FROM "{table}"')
            cursor.execute(f'SELECT json_agg(t) FROM "{table}" AS t')
            rows = cursor.fetchone()[0]
            if rows:
                text = "'" + json.dumps(rows).replace("'", "''") + "'"
                statements.append(
                    f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", {text})'
                )
        cursor.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'")
        for name_, last in cursor.fetchall():
            statements.append(f"SELECT setval('\"{name_}\"', {max(last, 1)}, {str(last > 0).lower()})")
    return tuple(statements)


def _refill_from(template: str, name: str) -> None:
    with postgresql.as_admin(database=name) as cursor:
        cursor.execute("; ".join(_content(template)).encode())
