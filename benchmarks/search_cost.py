"""What a search costs among 10,000 and among 100,000 instances, for terms of each length: it should be the same.

Run: uv run python benchmarks/search_cost.py [--rows 10000 100000] [--calls 30] [--url postgresql://…]

One call is `GET /api/v1/instances?search=…` in process, with the total where few hold the term and without it
(count=false) where many do: to count what many hold takes longer the more they are, whatever finds them.
Times are wall clock, the database included, since another process may do its work; the best of the calls counts.
Without `--url` the store is SQLite; the URL must name an empty PostgreSQL database, which is filled.
The program ends with 1 when a term costs more than 1.3 times as much among the many.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask.testing import FlaskClient

from benchmarks.growing import BUDGET, measure_growing

_MARKED = 20  # instances that hold each of the rare terms, among few and among many
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


def _instance(number: int) -> dict[str, Any]:
    """Return an instance; the first ones hold the rare terms."""
    rare = "湖 订单库 ö qz quokka-7" if number < _MARKED else ""
    host = f"db{number}.shop{number % 13}.example.com"
    return {
        "name": f"orders-{number:06}",
        "db_type": "mysql",
        "host": host,
        "host_key": host,
        "port": 3306,
        "description": f"支付库 replica of shard {number * 7919 % 100_003} {rare}".strip(),
    }


def _paths(client: FlaskClient) -> Mapping[str, str]:
    """Return the path of each search."""
    del client
    return {
        title: "/api/v1/instances?" + urlencode({"search": term, "count": "true" if is_counted else "false"})
        for title, (term, is_counted) in _TERMS.items()
    }


def main() -> int:
    """Measure, print the table and tell whether the budget was kept."""
    measured = measure_growing(__doc__, _instance, _paths, is_analyzed=True)
    measured.print(20)
    return int(any(measured.ratio(title) > BUDGET for title in _TERMS))


if __name__ == "__main__":
    sys.exit(main())
