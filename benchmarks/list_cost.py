"""What a page of the list costs among 10,000 and among 100,000 instances: it should be the same.

Run: uv run python benchmarks/list_cost.py [--rows 10000 100000] [--calls 30] [--url postgresql://…]

One call is `GET /api/v1/instances?…` in process. Times are wall clock, the database included, since another process
may do its work; the best of the calls counts. Without `--url` the store is SQLite; the URL must name an empty
PostgreSQL database, which is filled. The program ends with 1 when a list that should be flat costs more than 1.3 times
as much among the many; those that are known to grow (docs/decisions/0010-search.md) are shown and not judged.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask.testing import FlaskClient

from benchmarks.growing import BUDGET, measure_growing

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


def an_instance(number: int) -> dict[str, Any]:
    """Return the columns of one of many instances, as different as those of a company are."""
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
    }


def _paths(client: FlaskClient) -> Mapping[str, str]:
    """Return the path of each list; a cursor is followed for a page first."""
    found = {}
    for title, (query, _, _) in _LISTS.items():
        path = f"/api/v1/instances?{query}"
        if query.endswith("cursor="):
            path += client.get(path).json["meta"]["next_cursor"]
        found[title] = path
    return found


def main() -> int:
    """Measure, print the table and tell whether the budget was kept."""
    measured = measure_growing(__doc__, an_instance, _paths)
    flat = {title for title, (_, *is_flat) in _LISTS.items() if is_flat[measured.is_postgresql]}
    measured.print(24, lambda title: "" if title in flat else "  grows")
    return int(any(measured.ratio(title) > BUDGET for title in flat))


if __name__ == "__main__":
    sys.exit(main())
