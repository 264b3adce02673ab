"""A clock that stands still, cheap hashing, and the services of access on a fresh store."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import itsdangerous.timed
import pytest
from sqlalchemy import select

from app.bootstrap import prepare
from app.core import clock
from app.core.crypto import parse_keys, write_private
from app.core.db import Database, schema, snapshot, transaction
from app.core.errors import TooMany
from app.core.settings import Settings
from app.domain.access.commands import LogIn
from app.domain.access.errors import CredentialsRefused
from app.domain.access.login import LoginService
from app.domain.credentials import processes
from app.domain.credentials.key_ring_changes import KeyRingChanges
from app.domain.credentials.processes import Identity
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.instances.write_service import InstanceWriteService
from app.http.runtime import Parts
from app.models import AuditEvent, Credential, User
from tests.support import pem
from tests.support.api import DATABASE_PASSWORD, PASSWORD, an_instance


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


@pytest.fixture
def keys_in_a_file(settings: Settings) -> Settings:
    """The settings of a store whose keys lie in a file, as they may on either database."""
    if settings.keys is None:
        return settings
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(settings.keys_path, settings.keys.get_secret_value())
    return settings.model_copy(update={"keys": None})


@pytest.fixture
def changes(settings, opened):
    return KeyRingChanges(settings)


@pytest.fixture
def ring(settings, opened):
    """Return the ring as it stands in the file now."""
    return lambda: parse_keys(settings.keys_path.read_text(encoding="utf-8"))


@pytest.fixture
def credential(ring):
    """Store some credentials and return their ids."""

    def make(number: int = 1) -> list[int]:
        made = []
        with transaction() as session:
            service = CredentialWriteService(keys=ring())
            for _ in range(number):
                name = f"login-{session.query(Credential).count()}"
                made.append(
                    service.create({"name": name, "username": "u", "password": DATABASE_PASSWORD}, operator_id=None).id
                )
        return made

    return make


@pytest.fixture
def client_key(ring):
    """Store an instance that has a client key, and return its id."""

    def make() -> int:
        with transaction():
            made = InstanceWriteService(keys=ring).create(an_instance(tls_client_key=pem.client()[1]), operator_id=None)
            return made.id

    return make


@pytest.fixture
def reporting(opened):
    """Let a process report a ring; returns it."""

    def report(*key_ids: str, who: Identity | None = None) -> Identity:
        who = who or Identity()
        with transaction():
            processes.report(who, key_ids)
        return who

    return report


@pytest.fixture
def key_events(opened):
    """Return the events of the key ring, the oldest first."""

    def events() -> list[AuditEvent]:
        with snapshot() as session:
            found = select(AuditEvent).where(AuditEvent.entity_type == "keys").order_by(AuditEvent.id)
            return list(session.scalars(found))

    return events
