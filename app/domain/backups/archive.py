"""What a backup says of itself: its schema and the proof of the keys that sealed it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.core.db import postgresql_tools as tools
from app.core.db.options import StoreUnusable
from app.models import KeyProbe


@dataclass(frozen=True, slots=True)
class Content:
    """The schema revision of a backup and its proof of the keys."""

    revision: str
    probe: KeyProbe


def content_of_file(source: Path) -> Content:
    """Read a copy of the embedded database, and check all of it.

    :raises StoreUnusable: it is none, or is damaged.
    """
    if not source.is_file():
        raise StoreUnusable(f"There is no file {source}.")
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as backup:
            sound = backup.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            revision = backup.execute("SELECT version_num FROM alembic_version").fetchone()
            probe = backup.execute("SELECT seal_id, key_id, blob FROM key_probes").fetchone()
    except sqlite3.Error as exc:
        raise _no_backup(source, str(exc)) from None
    if not sound:
        raise StoreUnusable(f"{source} is damaged.")
    if not revision or not probe:
        raise _no_backup(source, "it holds no revision, or no proof of its keys")
    return Content(revision[0], KeyProbe(seal_id=probe[0], key_id=probe[1], blob=probe[2]))


def content_of_archive(source: Path) -> Content:
    """Read an archive of pg_dump.

    :raises StoreUnusable: it is none, or pg_restore is not installed.
    """
    if not source.is_file():
        raise StoreUnusable(f"There is no file {source}.")
    tools.find_program("pg_restore")
    try:
        revisions, probes = tools.rows_of(source, "alembic_version"), tools.rows_of(source, "key_probes")
    except StoreUnusable as exc:
        advice = "Make one with `muster db backup`, or with `pg_dump -Fc`."
        raise StoreUnusable(f"{_no_backup(source, str(exc).rstrip('.'))} {advice}") from None
    if not revisions or not probes:
        raise _no_backup(source, "it holds no revision, or no proof of its keys")
    revision, probe = revisions[0]["version_num"], probes[0]
    return Content(revision, KeyProbe(seal_id=probe["seal_id"], key_id=probe["key_id"], blob=_bytes_of(probe["blob"])))


def _bytes_of(written: str) -> bytes:
    return bytes.fromhex(written.removeprefix("\\\\x"))


def _no_backup(source: Path, why: str) -> StoreUnusable:
    return StoreUnusable(f"{source} is no backup of Muster for this kind of store: {why}.")
