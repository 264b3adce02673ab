"""Write a backup of the store, and put one in its place. A backup never holds a key."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from app.core import clock
from app.core.db import Base, Database, current_session, install, schema, transaction
from app.core.db import postgresql_tools as tools
from app.core.db import sqlite_files as files
from app.core.db.opening import backup_folder, no_other_user, opened, place_of
from app.core.db.options import StoreUnusable
from app.core.settings import Settings
from app.domain.audit import trail
from app.domain.backups.archive import Content, content_of_archive, content_of_file
from app.domain.credentials.keys import prove_keys
from app.models import UserSession

_TABLES = ("alembic_version", *Base.metadata.tables)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the schema of the backup, and where the replaced store lies (None: there was none)."""

    revision: str
    replaced: Path | None


def back_up(settings: Settings, target: Path) -> bool:
    """Write one moment of the store into a new file; others may go on using the store.

    Returns whether the audit trail tells of it, which it cannot in a store with an older schema.

    :raises FileExistsError: there is a file already.
    :raises StoreUnusable: there is no store, or a program that is needed is missing.
    """
    with opened(settings) as database:
        database.mark_in_use()
        revision = schema.current(database.engine)
        if revision is None:
            raise StoreUnusable("There is nothing to back up: the store has no schema of Muster.")
        _write(settings, target)
        if revision != schema.revisions()[-1]:
            return False
        install(database)
        with transaction():
            record("backup", target, reason=None)
        return True


def _write(settings: Settings, target: Path) -> None:
    place = place_of(settings)
    if isinstance(place, Path):
        files.copy(place, target)
    else:
        tools.dump(place, target)


def record(action: str, file: Path, *, reason: str | None) -> None:
    """Tell the audit trail, in the open transaction, of a backup or of a restore."""
    event = trail.Event(action=action, entity_type="store", entity_id=None, entity_name=file.name[:255], reason=reason)
    trail.record(event, operator_id=None)


def look_into(settings: Settings, source: Path) -> Content:
    """Return what a backup holds, after all checks that need no access to the store.

    :raises StoreUnusable: it is no backup of Muster, is damaged, or was written by a newer Muster.
    :raises KeysUnusable: the keys at hand are not the ones that sealed its secrets.
    """
    is_file = isinstance(place_of(settings), Path)
    content = content_of_file(source) if is_file else content_of_archive(source)
    if content.revision not in schema.revisions():
        raise StoreUnusable(
            f"{source} is at schema revision {content.revision}, which this Muster does not know (its newest is"
            f" {schema.revisions()[-1]}): restore it with the Muster that wrote it, or a newer one."
        )
    prove_keys(settings, content.probe)
    return content


def restore(settings: Settings, source: Path) -> Restored:
    """Put a backup in the place of the store, which is kept beside it as a backup; all sessions end.

    :raises StoreUnusable: as `look_into`; or somebody uses the store.
    :raises KeysUnusable: as `look_into`.
    """
    content = look_into(settings, source)
    with no_other_user(settings):
        kept = _keep(settings)
        place = place_of(settings)
        if isinstance(place, Path):
            _restore_file(place, source)
        else:
            tools.restore(place, source, tables=_TABLES, emptied=UserSession.__tablename__)
            _finish(Database(place, pool_size=1), source)
    return Restored(content.revision, kept)


def _keep(settings: Settings) -> Path | None:
    """Back up the store that will be replaced; None where there is nothing."""
    place = place_of(settings)
    if isinstance(place, Path) and not place.exists():
        return None
    with opened(settings) as database:
        if schema.current(database.engine) is None:
            return None
    suffix = "db" if isinstance(place, Path) else "dump"
    target = backup_folder(settings) / f"before-restore-{clock.now():%Y%m%dT%H%M%S%fZ}.{suffix}"
    _write(settings, target)
    return target


def _restore_file(place: Path, source: Path) -> None:
    draft = place.with_name("restoring.db")
    draft.unlink(missing_ok=True)
    try:
        files.copy(source, draft)
        _finish(Database(draft, pool_size=1), source)
        files.replace(place, draft)
    finally:
        for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            left.unlink(missing_ok=True)


def _finish(database: Database, source: Path) -> None:
    """Bring what was restored to the newest schema, end its sessions and tell its audit trail."""
    try:
        schema.ensure_current(database.engine)
        install(database)
        with transaction():
            current_session().execute(delete(UserSession))
            record("restore", source, reason=None)
    finally:
        database.close()
