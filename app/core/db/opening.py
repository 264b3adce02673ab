"""Which store the settings name, and how it is opened: at a start by one process at a time, or just to look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine

from app.core import clock
from app.core.db import postgresql, schema, sqlite, sqlite_files
from app.core.db.options import StoreUnusable
from app.core.db.session import Database
from app.core.settings import Settings

_AUTOMATIC_KEPT = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store, and the backup that was made of it before its schema was changed."""

    database: Database
    backup: Path | None = None


def place_of(settings: Settings) -> Path | URL:
    """Return the file of the embedded store, or the address of the database that MUSTER_DATABASE_URL names."""
    if settings.database_url is None:
        return settings.database_path
    return postgresql.url_of(settings.database_url.get_secret_value())


def name_of(settings: Settings) -> str:
    """Return the store as a sentence may name it."""
    place = place_of(settings)
    return str(place) if isinstance(place, Path) else postgresql.name_of(place)


def backup_folder(settings: Settings) -> Path:
    """Return the folder of the backups that Muster makes by itself, private to its owner."""
    folder = settings.data_dir / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the store as it is, to look at it, and close it at the end."""
    database = Database(place_of(settings), pool_size=1)
    try:
        yield database
    finally:
        database.close()


def _nothing_to_check(_: Engine | None) -> None:
    """Let any change of the schema begin."""


@contextmanager
def opened_alone(
    settings: Settings, *, upgrade: bool, check: Callable[[Engine | None], None] = _nothing_to_check
) -> Iterator[Opened]:
    """Open the store at the newest schema while no other process starts on it; an error closes it.

    The embedded store is always migrated, after a backup where it holds anything. A database of a server has
    other users, who must have stopped: it is migrated only where `upgrade` says so.

    `check` is asked before anything is made or migrated, so that what it raises leaves all as it was: with None
    where there is no store, not even an empty database.

    :raises StoreUnusable: folder, database or schema are not ours to use.
    """
    place = place_of(settings)
    if isinstance(place, Path) and not place.exists():
        check(None)
    with _alone(settings), _closing_on_error(settings) as database:
        backup = None
        database.mark_in_use()
        migrates = upgrade or isinstance(place, Path)
        if migrates and schema.current(database.engine) != schema.revisions()[-1]:
            check(database.engine)
        if isinstance(database.place, Path):
            backup = _back_up_before_migration(settings, database)
        if migrates:
            schema.ensure_current(database.engine)
        schema.check_current(database.engine)
        yield Opened(database, backup)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let no other process start on the store meanwhile."""
    if isinstance(place_of(settings), Path):
        sqlite.prepare_folder(settings.data_dir)
        with sqlite.lock(settings.data_dir / "start.lock"):
            yield
        return
    with opened(settings) as database, postgresql.start_lock(database.engine):
        yield


@contextmanager
def no_other_user(settings: Settings) -> Iterator[None]:
    """Let nobody else open the store meanwhile.

    :raises StoreUnusable: a Muster uses it.
    """
    in_use = StoreUnusable("A Muster uses the store: stop every `muster serve` on it first.")
    if isinstance(place_of(settings), Path):
        with _alone(settings), sqlite.try_lock(settings.data_dir / sqlite.IN_USE) as mine:
            if not mine:
                raise in_use
            yield
        return
    with opened(settings) as database, postgresql.start_lock(database.engine) as connection:
        if postgresql.has_other_users(connection):
            raise in_use
        yield


def _back_up_before_migration(settings: Settings, database: Database) -> Path | None:
    """Keep a copy of a store that has an older schema; only the last few of these copies stay."""
    revision = schema.current(database.engine)
    if revision is None or revision not in schema.revisions()[:-1]:
        return None
    folder = backup_folder(settings)
    target = folder / f"automatic-{clock.now():%Y%m%dT%H%M%S%fZ}-{revision}.db"
    sqlite_files.copy(database.path, target)
    for old in sorted(folder.glob("automatic-*.db"))[:-_AUTOMATIC_KEPT]:
        old.unlink()
    return target


@contextmanager
def _closing_on_error(settings: Settings) -> Iterator[Database]:
    database = Database(place_of(settings), pool_size=settings.threads)
    try:
        yield database
    except BaseException:
        database.close()
        raise
