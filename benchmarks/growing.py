"""Measure calls in process among few instances and among many, on one store: what the cost benchmarks have in common.

Times are wall clock, the database included, since another process may do its work; the best of the calls counts.
"""

import argparse
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from app.bootstrap import create_app, prepare
from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.models import Instance

BUDGET = 1.3  # how much more a call may cost among the many
_KEYS = "benchmark:" + b64encode(bytes(32)).decode()
_PASSWORD = "benchmark password"
_BATCH = 10_000

Paths = Callable[[FlaskClient], Mapping[str, str]]
MakeInstance = Callable[[int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one call by its title, among the few and among the many."""

    few: int
    many: int
    before: Mapping[str, float]
    after: Mapping[str, float]
    is_postgresql: bool

    def ratio(self, title: str) -> float:
        """Return how many times as much a call costs among the many."""
        return self.after[title] / self.before[title]

    def print(self, width: int, note: Callable[[str], str] | None = None) -> None:
        """Print the table."""
        print(f"{'ms a call':<{width}}{self.few:>10,}{self.many:>10,}{'ratio':>8}")
        for title, base in self.before.items():
            more = note(title) if note is not None else ""
            print(f"{title:<{width}}{base:>10.2f}{self.after[title]:>10.2f}{self.ratio(title):>8.2f}{more}")


def measure_growing(about: str | None, make: MakeInstance, paths: Paths, *, is_analyzed: bool = False) -> Measured:
    """Read the arguments of the program, fill a store twice, and measure each path after each time.

    `is_analyzed`: SQLite gets its statistics as well, which PostgreSQL makes by itself, sooner or later.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs=2, default=[10_000, 100_000])
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--url", default=None)
    arguments = parser.parse_args()
    few, many = arguments.rows
    with tempfile.TemporaryDirectory() as folder:
        where = {"database_url": arguments.url, "keys": _KEYS} if arguments.url else {}
        settings = Settings(data_dir=Path(folder), admin_password=_PASSWORD, log_level="error", **where)
        prepare(settings, upgrade=True).database.close()
        client = _logged_in(settings)
        database: Database = client.application.extensions["muster"].parts().database
        analyzes = is_analyzed or arguments.url is not None
        fill(database, make, 0, few, analyzes=analyzes)
        before = _times(client, paths, arguments.calls)
        fill(database, make, few, many, analyzes=analyzes)
        after = _times(client, paths, arguments.calls)
        database.close()
    return Measured(few, many, before, after, arguments.url is not None)


def _logged_in(settings: Settings) -> FlaskClient:
    client = create_app(settings).test_client()
    token = client.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
    login = {"username": "admin", "password": _PASSWORD}
    assert client.post("/api/v1/auth/login", json=login, headers={"X-CSRFToken": token}).status_code == 200
    return client


def fill(database: Database, make: MakeInstance, first: int, rows: int, *, analyzes: bool) -> None:
    """Add instances until there are `rows`."""
    moment = clock.now()
    times = {"created_at": moment, "updated_at": moment}
    with database.transaction() as session:
        for start in range(first, rows, _BATCH):
            batch = [{**make(number), **times} for number in range(start, min(start + _BATCH, rows))]
            session.execute(insert(Instance), batch)
    if analyzes:
        with database.transaction() as session:
            session.execute(text("ANALYZE"))


def _times(client: FlaskClient, paths: Paths, calls: int) -> dict[str, float]:
    found = {}
    for title, path in paths(client).items():
        times = []
        for _ in range(calls):
            started = time.perf_counter()
            answer = client.get(path)
            times.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.json
        found[title] = min(times) * 1000
    return found
