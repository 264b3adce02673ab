"""A clock that stands still, cheap hashing, and the services of access on a fresh store."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import itsdangerous.timed
import pytest

from app.bootstrap import prepare
from app.core import clock
from app.core.db import Database, schema, snapshot, transaction
from app.core.errors import TooMany
from app.domain.access.commands import LogIn
from app.domain.access.errors import CredentialsRefused
from app.domain.access.login import LoginService
from app.http.runtime import Parts
from app.models import User
from tests.support.api import PASSWORD


class FrozenClock:
    """The present moment, until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2027, 1, 31, 8, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **step: float) -> None:
        self.moment += timedelta(**step)


@pytest.fixture
def frozen(monkeypatch) -> FrozenClock:
    now = FrozenClock()
    monkeypatch.setattr(clock, "now", now)
    return now


@pytest.fixture(scope="session")
def bare_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that has its tables and nothing in them: no user, no key."""
    path = tmp_path_factory.mktemp("bare") / "muster.db"
    database = Database(path)
    schema.ensure_current(database.engine)
    database.close()
    return path


@pytest.fixture
def parts(settings) -> Iterator[Parts]:
    """The store of the settings and its keys, opened without an application."""
    parts = prepare(settings)
    yield parts
    parts.database.close()


@pytest.fixture
def opened(parts) -> Database:
    return parts.database


class Recorder(list):
    """Stands for `time.sleep`: remembers instead of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def slept() -> Recorder:
    return Recorder()


@pytest.fixture
def logins(settings, parts, slept) -> LoginService:
    return LoginService(settings, keys=lambda: parts.keys, sleep=slept)


@pytest.fixture
def count():
    """Count the rows of a model."""

    def rows(model: type) -> int:
        with snapshot() as session:
            return session.query(model).count()

    return rows


@pytest.fixture
def change_user():
    """Change a user behind everybody's back."""

    def change(username: str, **values: object) -> None:
        with transaction() as session:
            user = session.query(User).filter_by(username=username).one()
            for name, value in values.items():
                setattr(user, name, value)

    return change


class FakePasswords:
    """Stands for hashing: right or wrong at once, and remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.before = lambda: None

    def verify(self, stored: str | None, password: str) -> bool:
        self.asked += 1
        self.before()
        return stored is not None and password == PASSWORD

    def is_outdated(self, stored: str) -> bool:
        return False


@pytest.fixture
def passwords():
    return FakePasswords()


@pytest.fixture
def watched(settings, parts, slept, passwords, frozen):
    return LoginService(settings, keys=lambda: parts.keys, passwords=passwords, sleep=slept)


@pytest.fixture
def attempt(watched):
    """Try to log in; returns what came of it."""

    def log_in(username: str = "viewer", password: str = "wrong horse battery staple", address: str = "10.0.0.1"):
        try:
            return watched.log_in(LogIn(username=username, password=password), address=address)
        except (CredentialsRefused, TooMany) as exc:
            return exc

    return log_in


@pytest.fixture
def signed_days_ago(monkeypatch):
    """Let cookies and tokens that were signed before look as many days old."""

    def age(days: int) -> None:
        later = SimpleNamespace(time=lambda: time.time() + days * 86_400)
        monkeypatch.setattr(itsdangerous.timed, "time", later)

    return age
