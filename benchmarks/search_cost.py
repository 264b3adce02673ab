"""What a search costs among 10,000 and among 100,000 instances, for terms of each length: it should be the same.

Run: uv run python benchmarks/search_cost.py [--rows 10000 100000] [--calls 30] [--url postgresql://…]

One call is `GET /api/v1/instances?search=…` in process, with the total where few hold the term and without it
(count=false) where many do: to count what many hold takes longer the more they are, whatever finds them.
Times are wall clock, the database included, since another process may do its work; the best of the calls counts.
Without `--url` the store is SQLite; the URL must name an empty PostgreSQL database, which is filled.
The program ends with 1 when a term costs more than 1.3 times as much among the many.
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
_MARKED = 20  # instances that hold each of the rare terms, among few and among many
_BATCH = 10_000
# Term, and whether the total is asked for.
_TERMS: dict[str, tuple[str, bool]] = {
    "1 Chinese, rare": ("湖", True),
    "2 Chinese, rare": ("订单", True),
    "3 Chinese, rare": ("订单库", True),
    "1 Latin, rare": ("ö", True),
    "2 Latin, rare": ("qz", True),
    "8 Latin, rare": ("quokka-7", True),
    "whole name": ("orders-004242", True),
    "whole address": ("db42.shop3.example.com", True),
    "24 Latin, nobody": ("zebra-is-not-in-the-list", True),
    "1 Chinese, every": ("库", False),
    "2 Chinese, every": ("支付", False),
    "1 Latin, every": ("o", False),
    "2 Latin, every": ("ex", False),
    "11 Latin, every": ("example.com", False),
}


def fill(database: Database, first: int, rows: int) -> None:
    """Add instances until there are `rows`; the first ones hold the rare terms."""
    moment = clock.now()
    with database.transaction() as session:
        for start in range(first, rows, _BATCH):
            batch = [_instance(number, moment) for number in range(start, min(start + _BATCH, rows))]
            session.execute(insert(Instance), batch)
    with database.transaction() as session:
        session.execute(text("ANALYZE"))


def _instance(number: int, moment: object) -> dict[str, Any]:
    rare = "湖 订单库 ö qz quokka-7" if number < _MARKED else ""
    host = f"db{number}.shop{number % 13}.example.com"
    return {
        "name": f"orders-{number:06}",
        "db_type": "mysql",
        "host": host,
        "host_key": host,
        "port": 3306,
        "description": f"支付库 replica of shard {number * 7919 % 100_003} {rare}".strip(),
        "created_at": moment,
        "updated_at": moment,
    }


def measure(client: FlaskClient, calls: int) -> dict[str, float]:
    """Return the milliseconds of one call for each term."""
    found = {}
    for title, (term, is_counted) in _TERMS.items():
        query = {"search": term, "count": "true" if is_counted else "false"}
        times = []
        for _ in range(calls):
            started = time.perf_counter()
            answer = client.get("/api/v1/instances", query_string=query)
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
    print(f"{'ms a call':<20}{few:>10,}{many:>10,}{'ratio':>8}")
    for title, base in before.items():
        print(f"{title:<20}{base:>10.2f}{after[title]:>10.2f}{after[title] / base:>8.2f}")
    return int(any(after[title] > _BUDGET * base for title, base in before.items()))


if __name__ == "__main__":
    sys.exit(main())
