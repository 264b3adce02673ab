"""A small store of one table on the private server, whichever database the run is for."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, text

from app.core.db import Database
from tests.support import postgresql


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
