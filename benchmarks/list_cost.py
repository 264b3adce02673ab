"""What a page of the list costs among 10,000 and among 100,000 instances: it should be the same.

Run: uv run python benchmarks/list_cost.py [--rows 10000 100000] [--calls 30] [--url postgresql://…]

One call is `GET /api/v1/instances?…` in process. Times are wall clock, the database included, since another process
may do its work; the best of the calls counts. Without `--url` the store is SQLite; the URL must name an empty
PostgreSQL database, which is filled. The program ends with 1 when a list that should be flat costs more than 1.3 times
as much among the many; those that are known to grow (docs/decisions/0010-search.md) are shown and not judged.
"""

import argparse
import sys
import tempfile
import time
from base64 import b64encode
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

_BUDGET = 1.3
_KEYS = "benchmark:" + b64encode(bytes(32)).decode()
_PASSWORD = "benchmark password"
_BATCH = 10_000
_TEAM = 100  # instances of one owner, so that more instances have more owners
# Title, query, and whether it should be flat on SQLite and on PostgreSQL.
_LISTS: dict[str, tuple[str, bool, bool]] = {
    "first page, total": ("", True, False),
    "first page": ("count=false", True, True),
    "one owner, total": ("owner=team-7", True, True),
    "one place of a hundred": ("location=room-7&count=false", True, True),
    "one engine of five": ("db_type=oracle&count=false", True, True),
    "one environment": ("environment=staging&count=false", True, True),
    "two criticalities": ("criticality_max=2&count=false", True, True),
    "by owner": ("sort=owner&count=false", True, True),
    "by owner, cursor": ("sort=owner&cursor=", True, True),
    "by owner, falling": ("sort=owner&order=desc&count=false", True, False),
    "by criticality": ("sort=criticality&count=false", True, True),
    "by criticality, cursor": ("sort=criticality&cursor=", True, True),
    "by engine": ("sort=db_type&count=false", True, True),
    "by host": ("sort=host&count=false", True, True),
    "by name": ("sort=name&count=false", True, True),
    "by id": ("sort=id&count=false", True, True),
    "by change": ("sort=updated_at&count=false", True, True),
    "search of all, total": ("search=example", False, False),
}


def fill(database: Database, first: int, rows: int) -> None:
    """Add instances until there are `rows`."""
    moment = clock.now()
    with database.transaction() as session:
        for start in range(first, rows, _BATCH):
            session.execute(insert(Instance), [_instance(n, moment) for n in range(start, min(start + _BATCH, rows))])
    if not isinstance(database.place, Path):  # what the server does by itself, sooner or later
        with database.transaction() as session:
            session.execute(text("ANALYZE"))


def _instance(number: int, moment: object) -> dict[str, Any]:
    host = f"db{number * 7919 % 1_000_003}.shop{number % 13}.example.com"
    engines = ("mysql", "postgresql", "oracle", "sqlserver", "redis")
    return {
        "name": f"orders-{number:06}",
        "db_type": engines[number * 31 % 50 % 5],
        "host": host,
        "host_key": host,
        "port": 3306,
        "description": f"replica of shard {number * 7919 % 100_003}",
        "owner": f"team-{number // _TEAM}" if number % 5 else None,
        "location": f"room-{number % 100}",
        "criticality": number % 4 + 1 if number % 7 else None,
        "environment_id": number % 5 + 1,
        "created_at": moment,
        "updated_at": moment,
    }


def measure(client: FlaskClient, calls: int) -> dict[str, float]:
    """Return the milliseconds of one call for each list; a cursor is followed for a page first."""
    found = {}
    for title, (query, _, _) in _LISTS.items():
        path = f"/api/v1/instances?{query}"
        if query.endswith("cursor="):
            path += client.get(path).json["meta"]["next_cursor"]
        times = []
        for _ in range(calls):
            started = time.perf_counter()
            answer = client.get(path)
            times.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.json
        found[title] = min(times) * 1000
    return found


def main() -> int:
    """Measure, print the table and tell whether the budget was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs=2, default=[10_000, 100_000])
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--url", default=None)
    arguments = parser.parse_args()
    few, many = arguments.rows
    with tempfile.TemporaryDirectory() as folder:
        where = {"database_url": arguments.url, "keys": _KEYS} if arguments.url else {}
        settings = Settings(data_dir=Path(folder), admin_password=_PASSWORD, log_level="error", **where)
        prepare(settings, upgrade=True).database.close()
        client = create_app(settings).test_client()
        token = client.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        login = {"username": "admin", "password": _PASSWORD}
        assert client.post("/api/v1/auth/login", json=login, headers={"X-CSRFToken": token}).status_code == 200
        database: Database = client.application.extensions["muster"].parts().database
        fill(database, 0, few)
        before = measure(client, arguments.calls)
        fill(database, few, many)
        after = measure(client, arguments.calls)
        database.close()
    print(f"{'ms a call':<24}{few:>10,}{many:>10,}{'ratio':>8}")
    kept = True
    for title, (_, *flat) in _LISTS.items():
        ratio, is_flat = after[title] / before[title], flat[arguments.url is not None]
        kept = kept and (ratio <= _BUDGET or not is_flat)
        print(f"{title:<24}{before[title]:>10.2f}{after[title]:>10.2f}{ratio:>8.2f}{'' if is_flat else '  grows'}")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
