"""Stores for the tests of what lies at the bottom: bare ones, and the file mode that a process gives."""

import os
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from app.core.db import Database


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    os.umask(before)
    yield os.umask
    os.umask(before)


@pytest.fixture
def store(tmp_path) -> Iterator[Database]:
    """A store with one small table and nothing of ours."""
    database = Database(tmp_path / "muster.db", pool_size=2)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT UNIQUE)"))
    yield database
    database.close()
