"""An application over a store of either kind, put back in a moment to how it was when everybody had logged in."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text

from app.bootstrap import create_app, prepare
from app.core.db import Database, install, transaction
from app.core.settings import Settings
from app.domain.access.passwords import Passwords
from app.domain.access.permissions import ROLES
from app.domain.access.user_service import UserWriteService
from tests.support import postgresql, store
from tests.support.api import PASSWORD, ApiCaller
from tests.support.server import Server, serving

STORES = ("sqlite", "postgresql")


def settings_on(kind: str, folder: Path, **changes: object) -> Settings:
    """Return settings with a new store of this kind, whatever kind the run is for; `drop` removes it."""
    place: dict[str, object] = {"database_url": None, "keys": None}
    if kind == "postgresql":
        place = {"database_url": postgresql.text_of(postgresql.new_database()), "keys": store.KEYS}
    return store.make_settings(folder, **{**place, **changes})


def drop(settings: Settings) -> None:
    """Remove the database of a server; a file goes with its folder."""
    if settings.database_url is not None:
        postgresql.drop(make_url(settings.database_url.get_secret_value()))


def add_users(settings: Settings) -> None:
    """Make the store, with one user for each role."""
    parts = prepare(settings, upgrade=True)
    service = UserWriteService(passwords=Passwords(settings))
    ready = [service.ready({"username": role, "password": PASSWORD, "role": role}) for role in ROLES if role != "admin"]
    with transaction():
        for user in ready:
            service.create(user)
    parts.database.close()


class Refilled:
    """One application; its callers stay logged in, because their sessions are part of what is put back."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.settings = settings_on(kind, folder)
        add_users(self.settings)
        self.app = create_app(self.settings)
        self.callers = {role: ApiCaller(self.app).log_in(role) for role in ROLES}

    @cached_property
    def database(self) -> Database:
        database: Database = self.app.extensions["muster"].parts().database
        return database

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what is committed."""
        with self.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def keep(self) -> None:
        """Make what is there now what `refill` puts back."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.database.path)) as source, closing(sqlite3.connect(self._kept)) as target:
                source.backup(target)
        else:
            self._statements = store._content(self.database.engine.url.database or "")

    def refill(self) -> None:
        """Put back what was kept."""
        install(self.database)
        if self.kind == "sqlite":
            self.database.engine.dispose()
            with closing(sqlite3.connect(self._kept)) as source, closing(sqlite3.connect(self.database.path)) as target:
                target.execute("PRAGMA synchronous=OFF")
                source.backup(target)
        else:
            with postgresql.as_admin(database=self.database.engine.url.database) as cursor:
                cursor.execute("; ".join(self._statements).encode())

    @property
    def _kept(self) -> Path:
        return self.settings.data_dir.with_name("kept.db")

    def close(self) -> None:
        self.database.close()
        drop(self.settings)
        shutil.rmtree(self.settings.data_dir, ignore_errors=True)


@contextmanager
def serving_on(kind: str, folder: Path, *, workers: int = 2, **changes: object) -> Iterator[Server]:
    """Serve a new store of this kind, with one user for each role."""
    settings = settings_on(kind, folder)
    add_users(settings)
    url, keys = settings.database_url, settings.keys
    place = {"database_url": url and url.get_secret_value(), "keys": keys and keys.get_secret_value()}
    try:
        with serving(folder, workers=workers, **{**place, **changes}) as running:
            yield running
    finally:
        drop(settings)
