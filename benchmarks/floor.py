"""The least that could give the same answers: bare Flask over SQLAlchemy Core.

It checks the session, reads or writes the rows and answers orjson; it validates nothing, writes no audit event,
keeps no answer, and knows no language.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Flask, Response, request
from sqlalchemy import Connection, text

from app.core import clock, crypto
from app.core.db import Database

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
CREATE = (
    "INSERT INTO instances (name, db_type, host, host_key, port, is_active, lifecycle, endpoint_kind, platform,"
    " created_at, updated_at, version) VALUES (:name, 'mysql', :host, :host, 3306, 1, 'active', 'server',"
    " 'self_hosted', :now, :now, 1) RETURNING id"
)


_CHANGE = (
    "UPDATE instances SET port = :port, version = version + 1, updated_at = :now WHERE id = :id AND version = :seen"
)

Row = Mapping[str, Any]


def floor_app(database: Database, token: str) -> Flask:
    """Build the application; its callers need no cookie."""
    app = Flask("floor", static_folder=None)
    reading, writing = _Reading(database, token), _Writing(database, token)
    app.get("/instances")(reading.page)
    app.get("/instances/<int:instance_id>")(reading.one)
    app.post("/instances")(writing.create)
    app.patch("/instances/<int:instance_id>")(writing.change)
    app.put("/instances/by-name/<name>")(writing.upsert_unchanged)
    return app


class _Floor:
    def __init__(self, database: Database, token: str) -> None:
        self._database, self._token = database, token

    def _check_session(self, connection: Connection) -> None:
        row = connection.execute(text(_SESSION), {"hash": crypto.token_hash(self._token)}).one()
        assert row.role == "admin"

    def _with_tags(self, connection: Connection, rows: list[Row]) -> list[Row]:
        ids = ",".join(str(row["id"]) for row in rows)
        tags: dict[object, list[Row]] = {}
        for row in connection.execute(text(_TAGS.format(ids=ids))).mappings():
            tags.setdefault(row["instance_id"], []).append(dict(row))
        return [{**row, "tags": tags.get(row["id"], [])} for row in rows]

    def _shown(self, connection: Connection, column: str, value: object) -> Response:
        found = connection.execute(text(f"SELECT * FROM instances WHERE {column} = :value"), {"value": value})
        items = self._with_tags(connection, [dict(row) for row in found.mappings()])
        return Response(orjson.dumps(items[0]), mimetype="application/json")


class _Reading(_Floor):
    def page(self) -> Response:
        with self._database.snapshot() as session:
            connection = session.connection()
            self._check_session(connection)
            limit = int(request.args.get("limit", 20))
            total = connection.execute(text("SELECT count(*) FROM instances WHERE deleted_at IS NULL")).scalar()
            rows: list[Row] = [dict(row) for row in connection.execute(text(_PAGE), {"limit": limit}).mappings()]
            items = self._with_tags(connection, rows)
        return Response(orjson.dumps({"items": items, "total": total}), mimetype="application/json")

    def one(self, instance_id: int) -> Response:
        with self._database.snapshot() as session:
            connection = session.connection()
            self._check_session(connection)
            return self._shown(connection, "id", instance_id)


class _Writing(_Floor):
    def create(self) -> tuple[Response, int]:
        body = request.get_json()
        with self._database.transaction() as session:
            connection = session.connection()
            self._check_session(connection)
            values = {"name": body["name"], "host": body["host"], "now": clock.now().replace(tzinfo=None)}
            new_id = connection.execute(text(CREATE), values).scalar_one()
            links = [{"instance": new_id, "tag": tag} for tag in (1, 2, 3)]
            connection.execute(text("INSERT INTO instance_tags VALUES (:instance, :tag)"), links)
        return Response(orjson.dumps({"id": new_id}), mimetype="application/json"), 201

    def change(self, instance_id: int) -> Response:
        body, seen = request.get_json(), int(request.headers["If-Match"].strip('"'))
        with self._database.transaction() as session:
            connection = session.connection()
            self._check_session(connection)
            values = {"port": body["port"], "now": clock.now().replace(tzinfo=None), "id": instance_id, "seen": seen}
            assert connection.execute(text(_CHANGE), values).rowcount == 1
            return self._shown(connection, "id", instance_id)

    def upsert_unchanged(self, name: str) -> Response:
        assert request.get_json()
        with self._database.transaction() as session:
            connection = session.connection()
            self._check_session(connection)
            return self._shown(connection, "name", name)
