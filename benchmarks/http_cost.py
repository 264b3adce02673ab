"""CPU of one call in process, beside a floor that does the same unavoidable work: bare Flask, SQLAlchemy Core.

Run: uv run python benchmarks/http_cost.py [--rows 10000] [--calls 200]

Both run against the same SQLite file (WAL, synchronous=FULL) in turn, A B A B; the median of the rounds counts.
The floor checks the session, reads or writes the rows and answers orjson; it validates nothing, writes no audit
event, and knows no language.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import orjson
from flask import Flask, Response, request
from sqlalchemy import text

from app.bootstrap import create_app
from app.core import clock, crypto
from app.core.db import Database
from app.core.settings import Settings

_ROUNDS = 5
_PASSWORD = "benchmark password"
_SESSION = (
    "SELECT u.id, u.role, s.created_at, s.last_seen_at FROM sessions s JOIN users u ON u.id = s.user_id"
    " WHERE s.id_hash = :hash AND u.is_active"
)
_PAGE = (
    "SELECT i.id, i.name, i.db_type, i.host, i.port, i.description, i.is_active, i.deleted_at, i.main_version,"
    " i.active_db_count, i.active_account_count, i.last_sync_time, e.key AS environment, i.owner, i.criticality,"
    " i.lifecycle, i.flavour FROM instances i LEFT JOIN environments e ON e.id = i.environment_id"
    " WHERE i.deleted_at IS NULL ORDER BY i.created_at DESC, i.id DESC LIMIT :limit"
)
_TAGS = (
    "SELECT l.instance_id, t.id, t.name, t.color FROM instance_tags l JOIN tags t ON t.id = l.tag_id"
    " WHERE l.instance_id IN ({ids}) ORDER BY t.name"
)
_CREATE = (
    "INSERT INTO instances (name, db_type, host, host_key, port, is_active, lifecycle, endpoint_kind, platform,"
    " created_at, updated_at, version) VALUES (:name, 'mysql', :host, :host, 3306, 1, 'active', 'server',"
    " 'self_hosted', :now, :now, 1) RETURNING id"
)


def floor_app(database: Database, token: str) -> Flask:
    """Build the least that could give the same answers."""
    app = Flask("floor", static_folder=None)

    def session_of(connection: object) -> None:
        row = connection.execute(text(_SESSION), {"hash": crypto.token_hash(token)}).one()  # type: ignore[attr-defined]
        assert row.role == "admin"

    def with_tags(connection: object, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        ids = ",".join(str(row["id"]) for row in rows)
        tags: dict[object, list[dict[str, object]]] = {}
        for row in connection.execute(text(_TAGS.format(ids=ids))).mappings():  # type: ignore[attr-defined]
            tags.setdefault(row["instance_id"], []).append(dict(row))
        return [{**row, "tags": tags.get(row["id"], [])} for row in rows]

    @app.get("/instances")
    def page() -> Response:
        with database.snapshot() as session:
            connection = session.connection()
            session_of(connection)
            limit = int(request.args.get("limit", 20))
            total = connection.execute(text("SELECT count(*) FROM instances WHERE deleted_at IS NULL")).scalar()
            rows = [dict(row) for row in connection.execute(text(_PAGE), {"limit": limit}).mappings()]
            items = with_tags(connection, rows)
        return Response(orjson.dumps({"items": items, "total": total}), mimetype="application/json")

    @app.get("/instances/<int:instance_id>")
    def one(instance_id: int) -> Response:
        with database.snapshot() as session:
            connection = session.connection()
            session_of(connection)
            found = connection.execute(text("SELECT * FROM instances WHERE id = :id"), {"id": instance_id}).mappings()
            items = with_tags(connection, [dict(row) for row in found])
        return Response(orjson.dumps(items[0]), mimetype="application/json")

    @app.post("/instances")
    def create() -> tuple[Response, int]:
        body = request.get_json()
        with database.transaction() as session:
            connection = session.connection()
            session_of(connection)
            values = {"name": body["name"], "host": body["host"], "now": clock.now().replace(tzinfo=None)}
            new_id = connection.execute(text(_CREATE), values).scalar_one()
            links = [{"instance": new_id, "tag": tag} for tag in (1, 2, 3)]
            connection.execute(text("INSERT INTO instance_tags VALUES (:instance, :tag)"), links)
        return Response(orjson.dumps({"id": new_id}), mimetype="application/json"), 201

    return app


def fill(database: Database, rows: int) -> None:
    """Put `rows` instances with two tags each into the store."""
    moment = clock.now().replace(tzinfo=None)
    with database.transaction() as session:
        connection = session.connection()
        values = [{"name": f"i{n}", "host": f"h{n}.example.com", "now": moment} for n in range(rows)]
        connection.execute(text(_CREATE.removesuffix(" RETURNING id")), values)
        connection.execute(text("INSERT INTO instance_tags SELECT id, id % 20 + 1 FROM instances"))
        connection.execute(text("INSERT INTO instance_tags SELECT id, (id + 7) % 20 + 1 FROM instances"))
        connection.execute(text("ANALYZE"))


def cpu_ms(call: Callable[[], None], calls: int) -> float:
    """Return the CPU milliseconds of one call, server and client in one process."""
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls * 1000


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), admin_password=_PASSWORD, log_level="error")
        ours = create_app(settings).test_client()
        prefix = "/api/v1"
        token = ours.get(f"{prefix}/auth/csrf-token").json["data"]["csrf_token"]
        login = {"username": "admin", "password": _PASSWORD}
        answer = ours.post(f"{prefix}/auth/login", json=login, headers={"X-CSRFToken": token})
        headers = {"X-CSRFToken": answer.json["data"]["csrf_token"]}
        for number in range(20):
            ours.post(f"{prefix}/tags", json={"name": f"t{number}"}, headers=headers)
        database: Database = ours.application.extensions["muster"].parts().database
        fill(database, arguments.rows)
        with ours.session_transaction() as cookie:
            session_token = cookie["_user_id"]
        floor = floor_app(database, session_token).test_client()
        names = iter(range(10**9))

        def create_ours() -> None:
            body = {"name": f"a{next(names)}", "db_type": "mysql", "host": f"x{next(names)}.example.com", "port": 3306}
            made = ours.post(f"{prefix}/instances", json={**body, "tag_names": ["t1", "t2", "t3"]}, headers=headers)
            assert made.status_code == 201, made.json

        def create_floor() -> None:
            body = {"name": f"a{next(names)}", "host": f"x{next(names)}.example.com"}
            assert floor.post("/instances", json=body).status_code == 201

        pairs: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
            ("list of 20", lambda: ours.get(f"{prefix}/instances"), lambda: floor.get("/instances")),
            (
                "list of 100",
                lambda: ours.get(f"{prefix}/instances?limit=100"),
                lambda: floor.get("/instances?limit=100"),
            ),
            ("one by id", lambda: ours.get(f"{prefix}/instances/77"), lambda: floor.get("/instances/77")),
            ("create, 3 tags", create_ours, create_floor),
        ]
        print(f"{arguments.rows} rows, median of {_ROUNDS} rounds of {arguments.calls} calls; CPU ms a call")
        for name, mine, least in pairs:
            mine(), least()
            rounds = [(cpu_ms(mine, arguments.calls), cpu_ms(least, arguments.calls)) for _ in range(_ROUNDS)]
            a, b = (statistics.median(part) for part in zip(*rounds, strict=True))
            ratio = statistics.median(one / other for one, other in rounds)
            print(f"{name:16} Muster {a:6.2f}   floor {b:6.2f}   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
