"""A small store of one table on the private server, whichever database the run is for."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, text

from app.bootstrap import prepare
from app.core.db import Database
from app.core.settings import Settings
from app.http.runtime import Parts
from tests.support import postgresql
from tests.support.store import KEYS, make_settings, migrated


@pytest.fixture
def url() -> Iterator[URL]:
    """An empty database."""
    url = postgresql.new_database().set(drivername="postgresql+psycopg")
    yield url
    postgresql.drop(url)


@pytest.fixture
def store(url) -> Iterator[Database]:
    database = Database(url, pool_size=2)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE note (id SERIAL PRIMARY KEY, body TEXT UNIQUE)"))
    yield database
    database.close()


@pytest.fixture
def empty(tmp_path, url) -> Settings:
    """Settings of a Muster on a database that holds nothing yet."""
    return make_settings(tmp_path / "data", database_url=postgresql.text_of(url), keys=KEYS)


@pytest.fixture
def settings(tmp_path) -> Iterator[Settings]:
    """Settings of a Muster on a database that has its tables."""
    url = postgresql.new_database(template=migrated())
    yield make_settings(tmp_path / "data", database_url=postgresql.text_of(url), keys=KEYS)
    postgresql.drop(url)


@pytest.fixture
def muster(settings) -> Iterator[Parts]:
    """A Muster with its first administrator."""
    parts = prepare(settings)
    yield parts
    parts.database.close()
