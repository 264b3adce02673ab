"""CPU of a row of a batch, an import and an export, beside a floor that writes the same rows and audit events.

Run: uv run python benchmarks/bulk_cost.py [--rows 10000]

The floor is SQLAlchemy Core: executemany of the same instances, tag links and audit events in one transaction on the
same kind of SQLite file (WAL, synchronous=FULL); it validates nothing, looks nothing up and answers nothing.
"""

import argparse
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import insert, text

from app.bootstrap import create_app
from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.models import AuditEvent, Instance, InstanceTag

_ROUNDS = 3
_PASSWORD = "benchmark password"
_PREFIX = "/api/v1"
_BUDGET_MS = 1.0


class Register:
    """One application with its own store, logged in as admin."""

    def __init__(self, folder: str) -> None:
        settings = Settings(data_dir=Path(folder), admin_password=_PASSWORD, log_level="error")
        self.client = create_app(settings).test_client()
        token = self.client.get(f"{_PREFIX}/auth/csrf-token").json["data"]["csrf_token"]
        login = {"username": "admin", "password": _PASSWORD}
        answer = self.client.post(f"{_PREFIX}/auth/login", json=login, headers={"X-CSRFToken": token})
        self.headers = {"X-CSRFToken": answer.json["data"]["csrf_token"]}
        for number in range(20):
            self.client.post(f"{_PREFIX}/tags", json={"name": f"t{number}"}, headers=self.headers)
        self.database: Database = self.client.application.extensions["muster"].parts().database

    def empty(self) -> None:
        """Take all instances out again."""
        with self.database.transaction() as session:
            for table in ("instance_tags", "instance_external_ids", "instances"):
                session.execute(text(f"DELETE FROM {table}"))

    def batch(self, operations: list[dict[str, Any]]) -> None:
        """Carry out operations."""
        answer = self.client.post(f"{_PREFIX}/instances/batch", json={"operations": operations}, headers=self.headers)
        assert answer.status_code == 200, answer.json

    def rehearse(self, content: bytes, ending: str) -> None:
        """Import a file as a dry run."""
        data = {"file": (io.BytesIO(content), f"x.{ending}")}
        address = f"{_PREFIX}/instances/import?dry_run=true"
        answer = self.client.post(address, data=data, headers=self.headers)
        assert answer.status_code == 200, answer.json

    def export(self, ending: str) -> bytes:
        """Return all instances as a file."""
        return self.client.get(f"{_PREFIX}/instances/export?format={ending}").data


def body(number: int) -> dict[str, Any]:
    """Return one instance with three tags and an environment."""
    return {
        "name": f"i{number}",
        "db_type": "mysql",
        "host": f"h{number}.example.com",
        "port": 3306,
        "owner": "payments",
        "environment": "production",
        "tag_names": ["t1", "t2", "t3"],
    }


def floor(database: Database, rows: int) -> None:
    """Write the rows and an event for each."""
    now = clock.now()
    with database.transaction() as session:
        connection = session.connection()
        one = {"db_type": "mysql", "port": 3306, "owner": "payments", "environment_id": 1, "is_active": True}
        more = {"lifecycle": "active", "endpoint_kind": "server", "platform": "self_hosted", "version": 1}
        instances = [
            {"id": n, "name": f"i{n}", "host": f"h{n}", "host_key": f"h{n}", "created_at": now, "updated_at": now}
            | one
            | more
            for n in range(1, rows + 1)
        ]
        connection.execute(insert(Instance.__table__), instances)
        links = [{"instance_id": n, "tag_id": tag} for n in range(1, rows + 1) for tag in (1, 2, 3)]
        connection.execute(insert(InstanceTag.__table__), links)
        about = {"at": now, "actor_id": 1, "actor_name": "admin", "action": "instance.create", "source": "api"}
        events = [
            {
                **about,
                "entity_type": "instance",
                "entity_id": n,
                "entity_name": f"i{n}",
                "changes": [
                    {"field": name, "before": None, "after": value}
                    for name, value in instances[n - 1].items()
                    if n and name not in {"created_at", "updated_at"}
                ],
            }
            for n in range(1, rows + 1)
        ]
        connection.execute(insert(AuditEvent.__table__), events)


def cpu_ms(call: Callable[[], object], rows: int) -> float:
    """Return the CPU milliseconds of a row, server and client in one process."""
    started = time.process_time()
    call()
    return (time.process_time() - started) / rows * 1000


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        register = Register(folder)
        for number in range(_ROUNDS):

            def note(name: str, call: Callable[[], object]) -> None:
                figures.setdefault(name, []).append(cpu_ms(call, rows))

            register.empty()
            note("floor", lambda: floor(register.database, rows))
            register.empty()
            creates = [{"op": "create", "data": body(n)} for n in range(rows)]
            moves = [{"op": "update", "name": f"i{n}", "data": {"port": 3307 + number}} for n in range(rows)]
            note("batch, create", lambda: register.batch(creates))  # noqa: B023 - called at once
            note("batch, update", lambda: register.batch(moves))  # noqa: B023
            for ending in ("csv", "xlsx", "yaml"):
                files: list[bytes] = []
                note(f"export, {ending}", lambda: files.append(register.export(ending)))  # noqa: B023
                note(f"import dry run, {ending}", lambda: register.rehearse(files[0], ending))  # noqa: B023
    least = statistics.median(figures["floor"])
    print(f"{rows} rows, median of {_ROUNDS} rounds; CPU ms a row; budget of a written row {_BUDGET_MS}")
    for name, found in figures.items():
        print(f"{name:22} {statistics.median(found):6.3f}   ratio to the floor {statistics.median(found) / least:5.2f}")


if __name__ == "__main__":
    main()
