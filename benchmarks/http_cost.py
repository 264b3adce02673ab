"""CPU of one call in process, beside a floor that does the same unavoidable work: bare Flask, SQLAlchemy Core.

Run: uv run python benchmarks/http_cost.py [--rows 10000] [--calls 200]

Both run against the same SQLite file (WAL, synchronous=FULL) in turn, A B A B; the median of the rounds counts.
What the floor is stands in floor.py.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask.testing import FlaskClient
from sqlalchemy import text

from app.bootstrap import create_app
from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from benchmarks.floor import CREATE, floor_app

_ROUNDS = 5
_PASSWORD = "benchmark password"
_V1 = "/api/v1"
_NUMBERS = itertools.count()
Call = Callable[[], object]


def fill(database: Database, rows: int) -> None:
    """Put `rows` instances with two tags each into the store."""
    moment = clock.now().replace(tzinfo=None)
    with database.transaction() as session:
        connection = session.connection()
        values = [{"name": f"i{n}", "host": f"h{n}.example.com", "now": moment} for n in range(rows)]
        connection.execute(text(CREATE.removesuffix(" RETURNING id")), values)
        connection.execute(text("INSERT INTO instance_tags SELECT id, id % 20 + 1 FROM instances"))
        connection.execute(text("INSERT INTO instance_tags SELECT id, (id + 7) % 20 + 1 FROM instances"))
        connection.execute(text("ANALYZE"))


def cpu_ms(call: Callable[[], None], calls: int) -> float:
    """Return the CPU milliseconds of one call, server and client in one process."""
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls * 1000


class Muster:
    """The calls that are measured, sent by somebody who is logged in."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        token = client.get(f"{_V1}/auth/csrf-token").json["data"]["csrf_token"]  # type: ignore[index]
        login = {"username": "admin", "password": _PASSWORD}
        answer = client.post(f"{_V1}/auth/login", json=login, headers={"X-CSRFToken": token})
        self.headers = {"X-CSRFToken": answer.json["data"]["csrf_token"]}  # type: ignore[index]
        for number in range(20):
            client.post(f"{_V1}/tags", json={"name": f"t{number}"}, headers=self.headers)

    def get(self, path: str) -> Call:
        """Return a call that reads."""
        return lambda: self._client.get(f"{_V1}{path}")

    def create(self, *, under_key: bool = False) -> Call:
        """Return a call that registers a new instance with three tags."""

        def call() -> None:
            body = {"name": f"a{next(_NUMBERS)}", "db_type": "mysql", "host": f"x{next(_NUMBERS)}.example.com"}
            headers = {**self.headers, **({"Idempotency-Key": body["name"]} if under_key else {})}
            whole = {**body, "port": 3306, "tag_names": ["t1", "t2", "t3"]}
            made = self._client.post(f"{_V1}/instances", json=whole, headers=headers)
            assert made.status_code == 201, made.json

        return call

    def upsert_unchanged(self) -> None:
        """Send what is there already."""
        body = {"db_type": "mysql", "host": "h55.example.com", "port": 3306}
        answer = self._client.put(f"{_V1}/instances/by-name/i55", json=body, headers=self.headers)
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"'), answer.json


def patch(client: FlaskClient, path: str, headers: Mapping[str, str]) -> Call:
    """Return a call that changes a port, each time with the version that is there."""
    versions = itertools.count(1)

    def call() -> None:
        version = next(versions)
        condition = {**headers, "If-Match": f'"{version}"'}
        answer = client.patch(path, json={"port": 1000 + version % 60_000}, headers=condition)
        assert answer.status_code == 200, answer.json

    return call


def pairs(ours: FlaskClient, muster: Muster, floor: FlaskClient) -> list[tuple[str, Call, Call]]:
    """Return what is measured: a name, the call to Muster, the same call to the floor."""

    def create_floor() -> None:
        body = {"name": f"a{next(_NUMBERS)}", "host": f"x{next(_NUMBERS)}.example.com"}
        assert floor.post("/instances", json=body).status_code == 201

    return [
        ("list of 20", muster.get("/instances"), lambda: floor.get("/instances")),
        ("list of 100", muster.get("/instances?limit=100"), lambda: floor.get("/instances?limit=100")),
        ("one by id", muster.get("/instances/77"), lambda: floor.get("/instances/77")),
        ("create, 3 tags", muster.create(), create_floor),
        ("create, with key", muster.create(under_key=True), create_floor),
        ("patch, If-Match", patch(ours, f"{_V1}/instances/77", muster.headers), patch(floor, "/instances/78", {})),
        ("upsert, no change", muster.upsert_unchanged, lambda: floor.put("/instances/by-name/i55", json={"port": 1})),
    ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), admin_password=_PASSWORD, log_level="error")
        ours = create_app(settings).test_client()
        muster = Muster(ours)
        database: Database = ours.application.extensions["muster"].parts().database
        fill(database, arguments.rows)
        with ours.session_transaction() as cookie:
            session_token = cookie["_user_id"]
        floor = floor_app(database, session_token).test_client()
        print(f"{arguments.rows} rows, median of {_ROUNDS} rounds of {arguments.calls} calls; CPU ms a call")
        for name, mine, least in pairs(ours, muster, floor):
            mine(), least()
            rounds = [(cpu_ms(mine, arguments.calls), cpu_ms(least, arguments.calls)) for _ in range(_ROUNDS)]
            a, b = (statistics.median(part) for part in zip(*rounds, strict=True))
            ratio = statistics.median(one / other for one, other in rounds)
            print(f"{name:17} Muster {a:6.2f}   floor {b:6.2f}   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
