"""A store that cannot be opened answers 503 in the envelope, says why in the log alone, and recovers when mended."""

import shutil

import pytest
import structlog
from sqlalchemy import text

from app.bootstrap import create_app
from app.core.db import Database
from tests.support.api import ApiCaller
from tests.support.store import make_settings

OTHER_KEY = "other:" + "B" * 42 + "A="


@pytest.fixture
def start():
    """Make an application; returns it with a caller, and closes its store in the end."""
    made = []

    def begin(settings) -> ApiCaller:
        app = create_app(settings)
        made.append(app)
        return ApiCaller(app)

    yield begin
    for app in made:
        parts = app.extensions["muster"]._parts
        if parts is not None:
            parts.database.close()


def _set_revision(settings, revision: str) -> None:
    database = Database(settings.database_path)
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    database.close()


class Broken:
    """One way in which a store is not ready: how to break it, how to mend it, and what the log says."""

    def __init__(self, settings) -> None:
        self.settings = settings
        self.kept = settings.data_dir.with_name("kept")

    def folder(self):
        shutil.move(self.settings.data_dir, self.kept)
        self.settings.data_dir.touch()
        return "Cannot make the data folder"

    def mend_folder(self):
        self.settings.data_dir.unlink()
        shutil.move(self.kept, self.settings.data_dir)

    def lock(self):
        (self.settings.data_dir / "start.lock").unlink()
        (self.settings.data_dir / "start.lock").mkdir()
        return "start.lock"

    def mend_lock(self):
        (self.settings.data_dir / "start.lock").rmdir()

    def no_key(self):
        self.settings.keys_path.rename(self.kept)
        return "there is no key"

    def mend_no_key(self):
        self.kept.rename(self.settings.keys_path)

    def wrong_key(self):
        self.no_key()
        self.settings.keys_path.write_text(OTHER_KEY, encoding="utf-8")
        return "does not hold it"

    def mend_wrong_key(self):
        self.mend_no_key()

    def newer_schema(self):
        with_revision = Database(self.settings.database_path)
        with with_revision.snapshot() as session:
            self.revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        with_revision.close()
        _set_revision(self.settings, "0999")
        return "revision 0999"

    def mend_newer_schema(self):
        _set_revision(self.settings, self.revision)

    def no_database(self):
        self.settings.database_path.rename(self.kept)
        self.settings.database_path.write_bytes(b"this is no database at all" * 100)
        return "not a database"

    def mend_no_database(self):
        self.kept.rename(self.settings.database_path)


WAYS = ["folder", "lock", "no_key", "wrong_key", "newer_schema", "no_database"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.sqlite
class TestAStoreThatIsNotReady:
    def test_answers_503_until_it_is_mended(self, settings, start, way):
        broken = Broken(settings)
        getattr(broken, way)()
        caller = start(settings)

        for path in ("/api/v1/instances", "/api/v1/auth/csrf-token", "/auth/api/csrf-token"):
            answer = caller.get(path)
            assert (answer.status_code, answer.json["message_code"]) == (503, "SERVICE_UNAVAILABLE")
            assert answer.json["recoverable"] is True
            assert "Set-Cookie" not in answer.headers

        getattr(broken, f"mend_{way}")()
        assert caller.log_in("admin").get("/api/v1/instances").status_code == 200

    def test_says_why_in_the_log_and_not_to_the_caller(self, settings, start, way):
        reason = getattr(Broken(settings), way)()
        caller = start(settings)

        with structlog.testing.capture_logs() as lines:
            answer = caller.get("/api/v1/instances")

        logged = [line["reason"] for line in lines if line["event"] == "start.failed"]
        assert reason in logged[0]
        for told in (reason, str(settings.data_dir), "Traceback"):
            assert told not in answer.text


class TestSettingsThatAreWrong:
    def test_name_the_first_password_in_the_log(self, tmp_path, start):
        caller = start(make_settings(tmp_path / "data", admin_password="planted"))

        with structlog.testing.capture_logs() as lines:
            answer = caller.get("/api/v1/instances")

        assert answer.status_code == 503
        assert "MUSTER_ADMIN_PASSWORD" in str(lines)
        assert "planted" not in str(lines)


class TestAFirstRequest:
    def test_makes_the_store(self, tmp_path, start):
        settings = make_settings(tmp_path / "data")
        caller = start(settings)
        assert not settings.data_dir.exists()

        assert caller.log_in("admin").get("/api/v1/instances").json["data"]["total"] == 0

    @pytest.mark.sqlite
    def test_that_failed_leaves_no_connection_open(self, settings, start, monkeypatch):
        closed = []
        monkeypatch.setattr(Database, "close", lambda self: closed.append(self.path) or self.engine.dispose())
        Broken(settings).no_key()

        start(settings).get("/api/v1/instances")

        assert closed == [settings.database_path]
