"""Copies of the embedded database as files of their own: written while it is used, checked, put in its place."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.core.db.options import StoreUnusable


def copy(source: Path, target: Path) -> None:
    """Write one moment of a store into a new file: 0600, whole and checked before it has its name, safely on disk.

    :raises FileExistsError: there is a file already; it is left alone.
    :raises StoreUnusable: the source is no sound database.
    """
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _reading(source) as store, closing(sqlite3.connect(draft)) as drafted:
            store.backup(drafted)
            drafted.execute("PRAGMA journal_mode=DELETE")  # a file of its own, with no log beside it
            _check(drafted, source)
        sync(draft)
        os.link(draft, target)
    except sqlite3.DatabaseError as exc:
        raise StoreUnusable(f"{source} cannot be copied as a database: {exc}.") from None
    finally:
        draft.unlink(missing_ok=True)
    sync(target.parent)


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise StoreUnusable(f"There is no file {path}.")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def _check(connection: sqlite3.Connection, source: Path) -> None:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise StoreUnusable(f"{source} is damaged: {'; '.join(found)}.")


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(store: Path, new: Path) -> None:
    """Put a database file in the place of another one that nobody has open; its log goes with it."""
    if store.exists():
        with closing(sqlite3.connect(store, isolation_level=None)) as connection:
            # A log that stayed would be read as the new file's.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
    sync(new)
    new.replace(store)
    sync(store.parent)
