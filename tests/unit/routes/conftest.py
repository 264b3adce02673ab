"""One application that all tests of a module share: a store of its own for each test would take minutes."""

import io
import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, Table, event, func, select

from app.bootstrap import create_app
from app.core.db import Base, Database, install
from app.core.settings import Settings
from tests.support.api import ApiCaller, an_instance
from tests.support.store import make_settings

_NOT_DATA = {"sessions", "login_failures"}  # a login writes them
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
# PostgreSQL locks a row by a statement of its own, which reads nothing but its id.
_LOCK = re.compile(
    r"^SELECT (\w+\.(id|name) \nFROM \w+ \nWHERE .* FOR (KEY SHARE|UPDATE)|pg_(try_)?advisory_xact_lock\(.*)$"
)
_NOT_CHANGES = ("session.login", "session.logout", "session.refused", "token.refused", "access.denied")


def _rows_of(table: Table) -> Select[tuple[int]]:
    rows = select(func.count()).select_from(table)
    return rows.where(table.c.action.not_in(_NOT_CHANGES)) if table.name == "audit_events" else rows


_COUNTS = select(
    *(
        _rows_of(table).scalar_subquery().label(table.name)
        for table in Base.metadata.sorted_tables
        if table.name not in _NOT_DATA
    )
)


class House:
    """An application with a store; tests in it write under names of their own and count on nothing else."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.anonymous = ApiCaller(app)
        self._callers: dict[str, ApiCaller] = {}
        self._numbers = itertools.count(1)

    @property
    def settings(self) -> Settings:
        return self.app.extensions["muster"].settings

    @property
    def database(self) -> Database:
        return self.app.extensions["muster"].parts().database

    @property
    def admin(self) -> ApiCaller:
        return self.as_role("admin")

    def as_role(self, role: str) -> ApiCaller:
        """Return the one caller who has this role, logged in once."""
        if role not in self._callers:
            self._callers[role] = ApiCaller(self.app).log_in(role)
        return self._callers[role]

    def new_name(self, stem: str = "it") -> str:
        return f"{stem}-{next(self._numbers)}"

    def body(self, **fields: Any) -> dict[str, Any]:
        """Return the body of a sound create, at an endpoint of its own."""
        name = self.new_name()
        return an_instance(**{"name": name, "host": f"{name}.example.com", **fields})

    def instance(self, **fields: Any) -> dict[str, Any]:
        """Register an instance and return it as the detail shows it."""
        return self.made("instances", self.body(**fields))

    def tag(self, **fields: Any) -> dict[str, Any]:
        return self.made("tags", {"name": self.new_name("tag"), **fields})

    def environment(self, **fields: Any) -> dict[str, Any]:
        return self.made("environments", {"key": self.new_name("env"), **fields})

    def cluster(self, **fields: Any) -> dict[str, Any]:
        return self.made("clusters", {"name": self.new_name("cluster"), "kind": "galera", **fields})

    def credential(self, **fields: Any) -> dict[str, Any]:
        login = {"name": self.new_name("login"), "username": "muster", "password": "s3cret-of-the-database"}
        return self.made("credentials", {**login, **fields})

    def made(self, resource: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.admin.post(f"/api/v1/{resource}", body)
        assert answer.status_code == 201, answer.json
        return answer.json["data"][resource.removesuffix("s")]

    def detail(self, instance_id: int) -> dict[str, Any]:
        answer = self.admin.get(f"/api/v1/instances/{instance_id}?include_deleted=true")
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["instance"]

    def history(self, instance_id: int) -> list[dict[str, Any]]:
        return self.admin.get(f"/api/v1/instances/{instance_id}/history?limit=100").json["data"]["items"]

    def rows(self) -> dict[str, int]:
        """Return how many rows each table holds: a refused call leaves it as it was."""
        with self.database.engine.connect() as connection:
            return dict(connection.execute(_COUNTS).mappings().one())


@pytest.fixture(scope="module")
def _shared_house(new_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house") / "data"
    shutil.copytree(new_store, folder)
    house = House(create_app(make_settings(folder)))
    assert house.anonymous.get("/api/v1/auth/csrf-token").status_code == 200
    yield house
    house.database.close()


@pytest.fixture
def house(_shared_house: House) -> House:
    install(_shared_house.database)
    return _shared_house


@pytest.fixture
def statements(house: House) -> Callable[..., Any]:
    """Gather what the store is asked to do inside a `with` block, each with its parameters."""

    @contextmanager
    def gather() -> Iterator[list[tuple[str, object]]]:
        found: list[tuple[str, object]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: object, *_: Any) -> None:
            if not statement.lstrip().upper().startswith(_NOT_COUNTED) and not _LOCK.search(statement):
                found.append((statement, parameters))

        event.listen(house.database.engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(house.database.engine, "before_cursor_execute", note)

    return gather


@pytest.fixture
def take(house: House) -> Callable[..., tuple[Any, Any]]:
    """Send a file; returns the answer and what it says of the import."""

    def send(
        content: str | bytes,
        name: str = "file.csv",
        *,
        query: str = "",
        role: str = "admin",
        status: int = 200,
        **fields: str,
    ) -> tuple[Any, Any]:
        raw = content if isinstance(content, bytes) else content.encode()
        caller = house.as_role(role)
        answer = caller.post(f"/api/v1/instances/import{query}", data={"file": (io.BytesIO(raw), name), **fields})
        assert answer.status_code == status, answer.json
        told = answer.json["data"] if status == 200 else answer.json["extra"]
        return answer, told.get("import")

    return send


@pytest.fixture
def count(house: House, statements: Callable[..., Any]) -> Callable[..., int]:
    """Return how many statements a call takes."""

    def counted(
        role: str, method: str, path: str, body: Any = None, status: int = 200, headers: Any = None, **options: Any
    ) -> int:
        caller = house.as_role(role)
        with statements() as found:
            answer = caller.call(method, path, body, headers=headers or {}, **options)
        assert answer.status_code == status, answer.json
        return len(found)

    return counted
