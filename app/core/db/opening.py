"""Which store the settings name, and how one process at a time opens it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from app.core.db import postgresql, schema, sqlite
from app.core.db.session import Database
from app.core.settings import Settings


def place_of(settings: Settings) -> Path | URL:
    """Return the file of the embedded store, or the address of the database that MUSTER_DATABASE_URL names."""
    if settings.database_url is None:
        return settings.database_path
    return postgresql.url_of(settings.database_url.get_secret_value())


def name_of(settings: Settings) -> str:
    """Return the store as a sentence may name it."""
    place = place_of(settings)
    return str(place) if isinstance(place, Path) else postgresql.name_of(place)


@contextmanager
def opened_alone(settings: Settings, *, upgrade: bool) -> Iterator[Database]:
    """Open the store at the newest schema while no other process starts on it; an error closes it.

    The embedded store is always migrated. A database of a server has other users, who must have stopped:
    it is migrated only where `upgrade` says so.

    :raises StoreUnusable: folder, database or schema are not ours to use.
    """
    place = place_of(settings)
    if isinstance(place, Path):
        sqlite.prepare_folder(settings.data_dir)
        with sqlite.lock(settings.data_dir / "start.lock"), _closing_on_error(settings) as database:
            schema.ensure_current(database.engine)
            yield database
        return
    with _closing_on_error(settings) as database, postgresql.start_lock(database.engine):
        if upgrade:
            schema.ensure_current(database.engine)
        schema.check_current(database.engine)
        yield database


@contextmanager
def _closing_on_error(settings: Settings) -> Iterator[Database]:
    database = Database(place_of(settings), pool_size=settings.threads)
    try:
        yield database
    except BaseException:
        database.close()
        raise
