"""Transactions commit or roll back as a whole, snapshots only read, and both run on durable settings."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core import db
from app.core.db import Database, NoTransaction, current_session
from app.core.errors import Unavailable

WRITE = text("INSERT INTO note (body) VALUES ('x')")
COUNT = text("SELECT count(*) FROM note")


def rows(store: Database) -> int:
    with store.snapshot() as session:
        return session.execute(COUNT).scalar_one()


def _write(store: Database, *, but: type[BaseException] | None = None) -> None:
    with store.transaction() as session:
        session.execute(WRITE)
        if but:
            raise but


def statements_of(store: Database) -> list[str]:
    """Watch every statement that reaches SQLite over the connection in the pool."""
    seen: list[str] = []
    with store.engine.connect() as connection:
        connection.connection.dbapi_connection.set_trace_callback(seen.append)
    seen.clear()
    return seen


class TestATransaction:
    def test_commits_at_its_end(self, store):
        with store.transaction() as session:
            session.execute(WRITE)

        assert rows(store) == 1

    @pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, GeneratorExit])
    def test_rolls_everything_back_on_any_error(self, store, error):
        with pytest.raises(error):
            _write(store, but=error)

        assert rows(store) == 0

    def test_lets_a_mistake_of_ours_through_as_it_is(self, store):
        _write(store)

        with pytest.raises(IntegrityError):
            _write(store)

        assert rows(store) == 1

    def test_takes_the_write_lock_at_once_and_says_commit_once(self, store):
        seen = statements_of(store)

        with store.transaction() as session:
            session.execute(WRITE)

        assert seen == ["BEGIN IMMEDIATE", str(WRITE), "COMMIT"]

    def test_that_shall_not_wait_gives_up_at_once_and_leaves_its_connection_patient(self, store):
        outcomes = []

        def write() -> None:
            try:
                with store.transaction(wait=False) as session:
                    session.execute(WRITE)
                    outcomes.append("open")
            except Unavailable:
                outcomes.append("skipped")

        with store.transaction() as session:
            session.execute(COUNT)
            other = threading.Thread(target=write)
            other.start()
            other.join(10)
            assert outcomes == ["skipped"]
        write()

        assert outcomes == ["skipped", "open"]
        with store.engine.connect() as one, store.engine.connect() as two:
            for connection in (one, two):
                raw = connection.connection.dbapi_connection
                assert raw.execute("PRAGMA busy_timeout").fetchone() == (15_000,)

    @pytest.mark.parametrize("outer", ["transaction", "snapshot"])
    @pytest.mark.parametrize("inner", ["transaction", "snapshot"])
    def test_is_never_opened_inside_of_another(self, store, outer, inner):
        with getattr(store, outer)(), pytest.raises(RuntimeError, match="open already"), getattr(store, inner)():
            pass

    def test_is_the_ambient_one_of_its_own_thread(self, store):
        found: list[object] = []

        def look() -> None:
            try:
                found.append(current_session())
            except NoTransaction as exc:
                found.append(exc)

        with store.transaction() as session:
            assert current_session() is session
            other = threading.Thread(target=look)
            other.start()
            other.join()

        assert isinstance(found[0], NoTransaction)


class TestASnapshot:
    def test_refuses_a_write_in_the_store_itself(self, store):
        with pytest.raises(Unavailable) as caught, store.snapshot() as session:
            session.execute(WRITE)

        assert "readonly" in str(caught.value.__cause__)
        assert rows(store) == 0

    def test_ends_without_a_commit(self, store):
        seen = statements_of(store)

        rows(store)

        assert [line for line in seen if "PRAGMA" not in line] == ["BEGIN", str(COUNT), "ROLLBACK"]

    def test_shows_one_moment(self, store):
        with store.snapshot() as session:
            before = session.execute(COUNT).scalar_one()
            writer = threading.Thread(target=lambda: _write(store))
            writer.start()
            writer.join()

            assert session.execute(COUNT).scalar_one() == before

        assert rows(store) == before + 1

    def test_leaves_its_connection_fit_for_a_write(self, store):
        rows(store)

        _write(store)

        assert rows(store) == 1


class TestTheAmbientSession:
    def test_is_an_error_outside(self):
        with pytest.raises(NoTransaction, match="open core"):
            current_session()

    def test_is_gone_after_the_end(self, store):
        with store.transaction():
            pass

        with pytest.raises(NoTransaction):
            current_session()

    def test_comes_from_the_installed_store(self, store, monkeypatch):
        monkeypatch.setattr("app.core.db.session._installed", None)
        db.install(store)

        with db.transaction() as session:
            session.execute(WRITE)
        with db.snapshot() as session:
            assert session.execute(COUNT).scalar_one() == 1

    @pytest.mark.parametrize("scope", [db.transaction, db.snapshot])
    def test_needs_an_installed_store(self, scope, monkeypatch):
        monkeypatch.setattr("app.core.db.session._installed", None)

        with pytest.raises(NoTransaction, match="bootstrap"):
            scope()


class TestEveryConnection:
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [
            ("journal_mode", "wal"),
            ("synchronous", 2),  # FULL: a commit that was answered survives a power cut
            ("foreign_keys", 1),
            ("wal_autocheckpoint", 0),
            ("trusted_schema", 1),
            ("busy_timeout", 15_000),
        ],
    )
    def test_is_pinned(self, store, pragma, value):
        with store.engine.connect() as one, store.engine.connect().execution_options(muster_read_only=True) as two:
            for connection in (one, two):
                raw = connection.connection.dbapi_connection

                assert raw.execute(f"PRAGMA {pragma}").fetchone() == (value,)

    def test_shows_no_parameter_in_an_error(self, store):
        twice = [{"body": "planted-secret"}] * 2

        with pytest.raises(IntegrityError) as caught, store.transaction() as session:
            session.execute(text("INSERT INTO note (body) VALUES (:body)"), twice)

        assert "planted-secret" not in str(caught.value)
