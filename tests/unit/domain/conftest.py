"""What domain tests share: a store without HTTP, its users by role, and a few things to refer to."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from app.core.db import Database, install, transaction
from app.core.settings import Settings
from app.domain.checks.service import CheckService
from app.domain.clusters.write_service import ClusterWriteService
from app.domain.credentials.keys import open_keys
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.tags.write_service import TagWriteService
from tests.support.register import registered, stored
from tests.support.store import make_settings, open_store, refill
from tests.support.stored_checks import shown

# A loaded machine is no finding: an example may take as long as it takes.
hypothesis_settings.register_profile("unhurried", deadline=None, max_examples=50)
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def _folder(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(new_store, tmp_path_factory.mktemp("domain") / "data")


@pytest.fixture(scope="session")
def _store(_folder: Path) -> Iterator[Database]:
    database = open_store(_folder)
    yield database
    database.close()


@pytest.fixture
def settings(_folder: Path) -> Settings:
    return make_settings(_folder)


@pytest.fixture
def database(_store: Database, new_store: Path) -> Database:
    """The store without any edge around it, as new."""
    refill(_store, new_store)
    install(_store)
    return _store


@pytest.fixture
def users(database: Database) -> Mapping[str, int]:
    """The ids of the users, by role."""
    return {role: user_id for user_id, role in stored(database, "SELECT id, role FROM users")}


@pytest.fixture
def credential_service(settings: Settings, database: Database) -> CredentialWriteService:
    return CredentialWriteService(keys=open_keys(settings))


@pytest.fixture
def add_credential(credential_service: CredentialWriteService) -> Callable[..., int]:
    """Add a credential in a transaction of its own and return its id; keywords are its bindings."""

    def add(name: str = "monitor", **bindings: Any) -> int:
        payload = {"name": name, "username": "muster", "password": "s3cret-of-the-test", "bindings": bindings}
        with transaction():
            return credential_service.create(payload, operator_id=None).id

    return add


@pytest.fixture
def add_tags(database: Database) -> Callable[..., list[int]]:
    def add(*names: str) -> list[int]:
        with transaction():
            return [TagWriteService().create({"name": name}, operator_id=None).id for name in names]

    return add


@pytest.fixture
def cluster_id(database: Database) -> int:
    with transaction():
        return ClusterWriteService().create({"name": "orders", "kind": "galera"}, operator_id=None).id


@pytest.fixture
def checks(settings, database):
    ring = open_keys(settings)
    return CheckService(settings, keys=lambda: ring)


@pytest.fixture
def instance_id(database):
    return registered(host="192.0.2.1")


@pytest.fixture
def run(checks):
    """Check an instance to its end and return the check."""

    def to_end(instance_id, *, attended=True):
        running = checks.check_instance(instance_id, attended=attended, operator_id=None)
        assert checks.wait(running, limited=False)
        return shown(running.id)

    return to_end
