"""A clock that stands still, cheap hashing, and the services of access on a fresh store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.bootstrap import prepare
from app.core import clock
from app.core.db import Database, snapshot, transaction
from app.domain.access.login import LoginService
from app.models import User


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


@pytest.fixture
def opened(settings) -> Iterator[Database]:
    """The store of the settings, opened without an application."""
    parts = prepare(settings)
    yield parts.database
    parts.database.close()


class Recorder(list):
    """Stands for `time.sleep`: remembers instead of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def slept() -> Recorder:
    return Recorder()


@pytest.fixture
def logins(settings, opened, slept) -> LoginService:
    return LoginService(settings, sleep=slept)


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
