"""Live answers whatever state the store is in; ready names the part that is not in order."""

import pytest
from sqlalchemy import text

from app.bootstrap import create_app
from app.core.crypto import Key, KeyRing
from app.core.db import Database
from app.domain.credentials.keys import is_proven
from tests.support.store import make_settings

LIVE = ["/health/live", "/api/v1/health/live"]
READY = ["/health/ready", "/api/v1/health/ready"]
FOREIGN = {"Host": "muster-7d4b9.internal", "Accept-Language": "en"}


def change(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


class TestLive:
    @pytest.mark.sqlite  # breaks the store by its files
    @pytest.mark.parametrize("path", LIVE)
    def test_answers_without_a_store_a_login_or_a_known_host(self, tmp_path, path):
        (tmp_path / "data").touch()  # no folder can be made here
        client = create_app(make_settings(tmp_path / "data", allowed_hosts=("muster.example",))).test_client()

        answer = client.get(path, headers={**FOREIGN, "Authorization": "Bearer of-somebody"})

        assert (answer.status_code, answer.json["data"]) == (200, {"status": "live"})
        assert "Set-Cookie" not in answer.headers
        assert client.get("/api/v1/instances", base_url="http://muster.example").status_code == 503

    def test_opens_no_store(self, tmp_path):
        create_app(make_settings(tmp_path / "data")).test_client().get("/health/live")

        assert not (tmp_path / "data").exists()


class TestReady:
    @pytest.mark.parametrize("path", READY)
    def test_tells_that_every_part_is_in_order(self, anonymous, path):
        answer = anonymous.get(path)

        assert answer.status_code == 200
        assert answer.json["data"] == {"status": "ready", "checks": dict.fromkeys(("database", "schema", "keys"), "ok")}

    def told(self, anonymous) -> str:
        answer = anonymous.get("/api/v1/health/ready")
        assert (answer.status_code, answer.json["message_code"]) == (503, "SERVICE_UNAVAILABLE")
        return answer.json["extra"]["part"]

    def test_names_a_schema_that_changed_under_it(self, anonymous, database):
        change(database, "UPDATE alembic_version SET version_num = '0999'")

        assert self.told(anonymous) == "schema"

    def test_names_keys_that_no_longer_fit(self, anonymous, database):
        change(database, "DELETE FROM key_probes")

        assert self.told(anonymous) == "keys"

    def test_names_a_database_that_went_away(self, anonymous, database):
        change(database, "ALTER TABLE key_probes RENAME TO somewhere_else")

        assert self.told(anonymous) == "database"

    @pytest.mark.parametrize(
        ("changes", "part"),
        [
            ({"admin_password": "short"}, "settings"),
            ({"keys": "other:" + "B" * 42 + "A="}, "keys"),
        ],
    )
    def test_names_what_keeps_the_store_shut(self, tmp_path, settings, changes, part):
        folder = settings.data_dir if part == "keys" else tmp_path / "new"
        client = create_app(make_settings(folder, **changes)).test_client()

        answer = client.get("/health/ready", headers=FOREIGN)

        assert (answer.status_code, answer.json["extra"]["part"]) == (503, part)
        assert str(folder) not in answer.text

    @pytest.mark.sqlite  # breaks the store by its files
    def test_names_a_schema_that_a_newer_muster_wrote(self, settings):
        database = Database(settings.database_path)
        change(database, "UPDATE alembic_version SET version_num = '0999'")
        database.close()

        answer = create_app(settings).test_client().get("/health/ready")

        assert (answer.status_code, answer.json["extra"]["part"]) == (503, "schema")


def test_a_ring_with_another_key_of_the_same_name_is_not_proven(app, database):
    keys = app.extensions["muster"].parts().keys
    with database.snapshot():
        assert is_proven(keys)
        assert not is_proven(KeyRing([Key(keys.active_id, b"x" * 32)]))
