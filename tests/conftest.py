"""What all tests share: markers by folder, settings that touch nothing of this machine, a fresh store each."""

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.bootstrap import create_app, prepare
from app.core.db import Database, transaction
from app.core.settings import Settings
from app.domain.access.passwords import Passwords
from app.domain.access.permissions import ROLES
from app.domain.access.user_service import UserWriteService
from app.engines import registry
from tests.support import postgresql, store
from tests.support.api import PASSWORD, ApiCaller
from tests.support.compiled import compile_addresses_late, share_compiled_sql
from tests.support.engines import FakeEngine
from tests.support.store import make_settings, make_template

for variable in [name for name in os.environ if name.startswith("MUSTER_")]:
    del os.environ[variable]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell leaves it to what runs in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)

share_compiled_sql()
compile_addresses_late()
gc.disable()  # what is imported and collected stays to the end; see pytest_collection_finish


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store", choices=("sqlite", "postgresql"), default="sqlite", help="the database that all stores lie on"
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.begin_run()
    if config.getoption("--store") == "postgresql":
        store.use_postgresql()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.end_run()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        if folder in {"unit", "integration", "browser"}:
            item.add_marker(getattr(pytest.mark, folder))
        elif folder == "engine_suite":
            item.add_marker(pytest.mark.integration)
    elsewhere = "sqlite" if store.is_on_postgresql() else "postgresql"
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(elsewhere)])
    items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the collector of garbage from searching thousands of tests for what the tests leave behind."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """A test's own databases go with it; they would fill the disk."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if folder is not None:
        store.drop_stores_below(folder)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """On CI a skip is a failure: there everything that tests need can be had."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped on CI: {report.longrepr}"


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one user for each role, made once; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("template") / "data"
    settings = make_settings(folder)
    parts = prepare(settings)
    service = UserWriteService(passwords=Passwords(settings))
    users = [service.ready({"username": role, "password": PASSWORD, "role": role}) for role in ROLES if role != "admin"]
    with transaction():
        for user in users:
            service.create(user)
    parts.database.close()
    make_template(folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, new_store: Path) -> Settings:
    shutil.copytree(new_store, tmp_path / "data")
    return make_settings(tmp_path / "data")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    parts = app.extensions["muster"]._parts
    if parts is not None:
        parts.database.close()


@pytest.fixture
def database(app: Flask) -> Database:
    """The store of `app`, opened."""
    return app.extensions["muster"].parts().database


@pytest.fixture
def anonymous(app: Flask) -> ApiCaller:
    return ApiCaller(app)


@pytest.fixture
def as_role(app: Flask) -> Callable[[str], ApiCaller]:
    """Log in as the user who has this role."""
    return lambda role: ApiCaller(app).log_in(role)


@pytest.fixture
def admin(as_role: Callable[[str], ApiCaller]) -> ApiCaller:
    return as_role("admin")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """An engine that dials nobody, in the place of those of PostgreSQL and MySQL."""
    fake, find = FakeEngine(), registry.find_engine
    monkeypatch.setattr(registry, "find_engine", lambda kind: fake if kind in {"postgresql", "mysql"} else find(kind))
    return fake
