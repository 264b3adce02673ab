"""What the overview costs among 10,000 and among 100,000 instances: it counts them all, so it grows with them.

Run: uv run python benchmarks/overview_cost.py [--rows 10000 100000] [--calls 10] [--url postgresql://…]

One call is `GET /api/v1/overview?…` in process. Times are wall clock, the database included, since another process
may do its work; the best of the calls counts. Without `--url` the store is SQLite; the URL must name an empty
PostgreSQL database, which is filled. One instance of twenty fails, in a few hundred groups; one of ten was never
checked; each has an event in the trail and, where it was checked, a fingerprint. The program ends with 1 when a call
among the many takes longer than a second.
"""

import argparse
import sys
import tempfile
import time
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from app.bootstrap import create_app, prepare
from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.models import AuditEvent, Credential, Fingerprint, Instance

_BUDGET_MS = 1000
_KEYS = "benchmark:" + b64encode(bytes(32)).decode()
_PASSWORD = "benchmark password"
_BATCH = 10_000
_TEAM = 100  # instances of one owner, so that more instances have more owners
_CREDENTIALS = 20
_ENGINES = ("mysql", "postgresql", "oracle", "sqlserver", "redis")
_CAUSES = ("login.refused", "connect.timeout", "connect.refused", "tls.cert_expired")
_CALLS = {"all": "", "one environment": "environment=staging", "one owner": "owner=team-7", "active": "status=active"}


def fill(database: Database, first: int, rows: int) -> None:
    """Add instances until there are `rows`, with what checks have left behind."""
    moment = clock.now()
    for start in range(first, rows, _BATCH):
        numbers = range(start + 1, min(start + _BATCH, rows) + 1)
        with database.transaction() as session:
            session.execute(insert(Instance), [_instance(number, moment) for number in numbers])
            seen = [_fingerprint(number, moment) for number in numbers if _outcome(number)]
            session.execute(insert(Fingerprint), seen)
            session.execute(insert(AuditEvent), [_event(number, moment) for number in numbers])
    if not isinstance(database.place, Path):  # what the server does by itself, sooner or later
        with database.transaction() as session:
            session.execute(text("ANALYZE"))


def _outcome(number: int) -> str | None:
    place = number * 7919 % 100
    if place < 10:
        return None
    return "failed" if place < 15 else "degraded" if place < 40 else "ok"


def _instance(number: int, moment: datetime) -> dict[str, Any]:
    outcome = _outcome(number)
    host = f"db{number * 7919 % 1_000_003}.shop{number % 13}.example.com"
    checked = moment - timedelta(minutes=number % 20_000) if outcome else None
    good = outcome in {"ok", "degraded"}
    return {
        "id": number,
        "name": f"orders-{number:06}",
        "db_type": _ENGINES[number * 31 % 50 % 5],
        "host": host,
        "host_key": host,
        "port": 3306,
        "owner": f"team-{number // _TEAM}" if number % 5 else None,
        "environment_id": number % 5 + 1,
        "credential_id": number % _CREDENTIALS + 1 if number % 30 else None,
        "last_outcome": outcome,
        "last_cause": _CAUSES[number // 100 % 4] if outcome == "failed" else "tls.unverified" if outcome else None,
        "last_attempt_at": checked,
        "outcome_since": checked,
        "last_network": f"10.1.{number // 1000 % 10}.0/24" if outcome else None,
        "role": "primary" if good else None,
        "tls_state": ("plaintext" if number % 50 == 0 else "legacy" if number % 99 == 0 else "current")
        if good
        else None,
        "tls_not_after": moment + timedelta(days=number % 400) if good else None,
        "created_at": moment,
        "updated_at": moment,
    }


def _fingerprint(number: int, moment: datetime) -> dict[str, Any]:
    node = f"node-{number - 1 if number % 500 == 2 else number}"
    pending = {"node": "another"} if number % 1000 == 1 else None
    return {
        "instance_id": number,
        "lineage": f"lineage-{number // 3}",
        "node": node,
        "strength": "strong",
        "role": "primary",
        "since": moment,
        "seen_at": moment,
        "pending": pending,
    }


def _event(number: int, moment: datetime) -> dict[str, Any]:
    return {
        "at": moment,
        "actor_name": "benchmark",
        "action": "instance.change_role" if number % 2000 == 0 else "instance.create",
        "entity_type": "instance",
        "entity_id": number,
        "entity_name": f"orders-{number:06}",
        "changes": [],
        "source": "api",
    }


def _add_credentials(database: Database) -> None:
    moment = clock.now()
    login = {"username": "muster", "seal_id": "x", "password_key_id": "x", "password_blob": b"x", "bindings": {}}
    times = {"created_at": moment, "updated_at": moment}
    with database.transaction() as session:
        rows = [{"id": one, "name": f"monitor-{one}", **login, **times} for one in range(1, _CREDENTIALS + 1)]
        session.execute(insert(Credential), rows)


def measure(client: FlaskClient, calls: int) -> dict[str, float]:
    """Return the milliseconds of one call for each filter."""
    found = {}
    for title, query in _CALLS.items():
        times = []
        for _ in range(calls):
            started = time.perf_counter()
            answer = client.get(f"/api/v1/overview?{query}")
            times.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.json
        found[title] = min(times) * 1000
    return found


def main() -> int:
    """Measure, print the table and tell whether the budget was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs=2, default=[10_000, 100_000])
    parser.add_argument("--calls", type=int, default=10)
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
        _add_credentials(database)
        fill(database, 0, few)
        before = measure(client, arguments.calls)
        fill(database, few, many)
        after = measure(client, arguments.calls)
        database.close()
    print(f"{'ms a call':<20}{few:>10,}{many:>10,}{'ratio':>8}")
    for title, base in before.items():
        print(f"{title:<20}{base:>10.2f}{after[title]:>10.2f}{after[title] / base:>8.2f}")
    return int(max(after.values()) > _BUDGET_MS)


if __name__ == "__main__":
    sys.exit(main())
