"""What a full disk, a locked store and a failing COMMIT look like to the caller."""

import sqlite3
import threading

import pytest
from sqlalchemy import text

from app.core.db import CommitOutcomeUnknown, Database, sqlite
from app.core.errors import StorageFull, Unavailable

COUNT = text("SELECT count(*) FROM note")
WRITE = text("INSERT INTO note (body) VALUES (:body)")


def rows(store: Database) -> int:
    with store.snapshot() as session:
        return session.execute(COUNT).scalar_one()


def failing(code: int, words: str):
    """Return a COMMIT that fails as SQLite would."""

    def do_commit(connection: object) -> None:
        error = sqlite3.OperationalError(words)
        error.sqlite_errorcode = code
        raise error

    return do_commit


class TestAFullDisk:
    @pytest.fixture
    def full(self, store):
        with store.transaction() as session:
            pages = session.execute(text("PRAGMA page_count")).scalar_one()
            session.execute(text(f"PRAGMA max_page_count={pages}"))
        return store

    def test_is_told_and_nothing_is_written(self, full):
        with pytest.raises(StorageFull), full.transaction() as session:
            session.execute(WRITE, [{"body": f"{number}" * 1000} for number in range(100)])

        assert rows(full) == 0

    def test_is_told_when_only_the_commit_finds_it(self, store, monkeypatch):
        monkeypatch.setattr(store.engine.dialect, "do_commit", failing(sqlite3.SQLITE_FULL, "disk is full"))

        with pytest.raises(StorageFull), store.transaction() as session:
            session.execute(WRITE, {"body": "x"})

        monkeypatch.undo()
        assert rows(store) == 0

    def test_still_lets_reads_and_later_writes_through(self, full):
        with pytest.raises(StorageFull), full.transaction() as session:
            session.execute(text("INSERT INTO note (body) VALUES (randomblob(1000000))"))
        with full.transaction() as session:
            session.execute(text("PRAGMA max_page_count=1000000"))

        with full.transaction() as session:
            session.execute(WRITE, {"body": "x"})

        assert rows(full) == 1


class TestALockedStore:
    @pytest.fixture
    def locked(self, tmp_path, store, monkeypatch):
        """A second store on the same file, whose wait is short; somebody else holds the write lock."""
        monkeypatch.setattr(sqlite, "_BUSY_MS", 1)
        impatient = Database(store.path, pool_size=1)
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield impatient, other
        other.close()
        impatient.close()

    def test_is_unavailable_to_writers(self, locked):
        with pytest.raises(Unavailable), locked[0].transaction() as session:
            session.execute(COUNT)  # a transaction takes the write lock even to look

    def test_still_lets_readers_through(self, locked):
        assert rows(locked[0]) == 0

    def test_works_again_once_it_is_free(self, locked):
        store, other = locked
        with pytest.raises(Unavailable), store.transaction() as session:
            session.execute(COUNT)
        other.execute("ROLLBACK")

        with store.transaction() as session:
            session.execute(WRITE, {"body": "x"})

        assert rows(store) == 1


class TestNoFreeConnection:
    def test_is_unavailable(self, tmp_path, monkeypatch):
        monkeypatch.setattr(sqlite, "_BUSY_MS", 10)
        store = Database(tmp_path / "muster.db", pool_size=1)
        with store.engine.connect(), store.engine.connect():
            found: list[Exception] = []
            thread = threading.Thread(target=lambda: found.append(_failure_of_a_read(store)))
            thread.start()
            thread.join()
        store.close()

        assert isinstance(found[0], Unavailable)


def _failure_of_a_read(store: Database) -> Exception | None:
    try:
        with store.snapshot() as session:
            session.execute(text("SELECT 1"))
    except Exception as exc:  # noqa: BLE001 - handed to the test's own thread
        return exc
    return None


class TestAFailingCommit:
    def test_has_an_unknown_outcome(self, store, monkeypatch):
        monkeypatch.setattr(store.engine.dialect, "do_commit", failing(sqlite3.SQLITE_IOERR, "disk I/O error"))

        with pytest.raises(CommitOutcomeUnknown) as caught, store.transaction() as session:
            session.execute(WRITE, {"body": "x"})

        assert caught.value.extra == {"outcome": "unknown"}
        assert isinstance(caught.value, Unavailable)

    def test_leaves_the_store_usable(self, store, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(store.engine.dialect, "do_commit", failing(sqlite3.SQLITE_IOERR, "disk I/O error"))
            with pytest.raises(CommitOutcomeUnknown), store.transaction() as session:
                session.execute(WRITE, {"body": "x"})

        with store.transaction() as session:
            session.execute(WRITE, {"body": "y"})

        assert rows(store) == 1

    def test_answers_503_and_says_so(self, admin, database, monkeypatch):
        monkeypatch.setattr(database.engine.dialect, "do_commit", failing(sqlite3.SQLITE_IOERR, "disk I/O error"))

        answer = admin.post("/api/v1/tags", {"name": "core"})

        assert answer.status_code == 503
        assert answer.json["message_code"] == "SERVICE_UNAVAILABLE"
        assert answer.json["extra"]["outcome"] == "unknown"
        assert "Look whether" in answer.json["suggestions"][0]


class TestTranslation:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            (sqlite3.SQLITE_FULL, StorageFull),
            (sqlite3.SQLITE_BUSY, Unavailable),
            (sqlite3.SQLITE_BUSY_SNAPSHOT, Unavailable),
            (sqlite3.SQLITE_LOCKED, Unavailable),
            (sqlite3.SQLITE_IOERR_FSYNC, Unavailable),
            (sqlite3.SQLITE_CANTOPEN, Unavailable),
            (sqlite3.SQLITE_READONLY, Unavailable),
        ],
    )
    def test_knows_what_is_nobodys_mistake(self, code, kind):
        error = sqlite3.OperationalError("whatever")
        error.sqlite_errorcode = code

        assert type(sqlite.translate(error)) is kind

    def test_leaves_a_mistake_of_ours_alone(self):
        error = sqlite3.OperationalError("no such column")
        error.sqlite_errorcode = sqlite3.SQLITE_ERROR

        assert sqlite.translate(error) is None
        assert sqlite.translate(sqlite3.InterfaceError("no code at all")) is None
