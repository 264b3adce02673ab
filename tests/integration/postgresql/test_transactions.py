"""Transactions and snapshots on PostgreSQL: what is said to the server, and what its failures become."""

import logging
import threading
from contextlib import suppress

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.db import CommitOutcomeUnknown, Database, postgresql
from app.core.errors import StorageFull, Unavailable
from tests.support import postgresql as server
from tests.support.proxy import proxy_to

COUNT = text("SELECT count(*) FROM note")
SECRET = "planted-secret"


def write(store: Database, body: str, *, wait: bool = True) -> None:
    with store.transaction(wait=wait) as session:
        session.execute(text("INSERT INTO note (body) VALUES (:body)"), {"body": body})


def rows(store: Database) -> int:
    with store.snapshot() as session:
        return session.execute(COUNT).scalar_one()


def swallow(session, statement) -> None:
    with suppress(IntegrityError):
        session.connection().execute(statement)


def setting(session, name: str) -> str:
    return session.execute(text(f"SHOW {name}")).scalar_one()


class TestATransaction:
    def test_commits_or_rolls_back_as_a_whole(self, store):
        write(store, "a")
        with pytest.raises(IntegrityError), store.transaction() as session:
            session.execute(text("INSERT INTO note (body) VALUES (:body)"), [{"body": "b"}, {"body": "a"}])

        assert rows(store) == 1

    def test_reads_what_others_have_committed_and_is_bounded(self, store):
        with store.transaction() as session:
            found = [setting(session, name) for name in ("transaction_isolation", "lock_timeout", "statement_timeout")]

        assert found == ["read committed", "15s", "1min"]

    def test_leaves_no_setting_behind_in_its_connection(self, store):
        write(store, "a")
        with store.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            found = raw.execute("SHOW lock_timeout").fetchone()

            assert found == ("0",)

    def test_that_shall_not_wait_gives_up_at_once(self, store):
        write(store, "a")
        change = text("UPDATE note SET body = body")
        outcomes = []

        def work() -> None:
            try:
                with store.transaction(wait=False) as session:
                    session.execute(change)
                    outcomes.append("done")
            except Unavailable:
                outcomes.append("skipped")

        with store.transaction() as session:
            session.execute(change)
            other = threading.Thread(target=work)
            other.start()
            other.join(10)
            assert outcomes == ["skipped"]
        work()

        assert outcomes == ["skipped", "done"]

    def test_in_which_a_statement_failed_is_never_answered_as_committed(self, store):
        write(store, "a")

        with pytest.raises(RuntimeError, match="cannot be committed"), store.transaction() as session:
            swallow(session, text("INSERT INTO note (body) VALUES ('a')"))

        assert rows(store) == 1

    def test_shows_no_value_of_a_row_in_an_error(self, store, caplog):
        caplog.set_level(logging.DEBUG)
        write(store, SECRET)

        with pytest.raises(IntegrityError, match="duplicate key value") as caught:
            write(store, SECRET)

        shown = f"{caught.value!r} {caught.value} {caught.value.orig} {caught.value.__cause__} {caplog.text}"
        assert SECRET not in shown


class TestASnapshot:
    def test_shows_one_moment_and_ends_without_a_commit(self, store):
        commits = []
        event.listen(store.engine, "commit", commits.append)
        with store.snapshot() as session:
            before = session.execute(COUNT).scalar_one()
            writer = threading.Thread(target=lambda: write(store, "a"))
            writer.start()
            writer.join()

            assert session.execute(COUNT).scalar_one() == before

        assert rows(store) == before + 1
        assert len(commits) == 1

    def test_refuses_a_write_in_the_store_itself(self, store):
        with pytest.raises(Unavailable), store.snapshot() as session:
            session.execute(text("INSERT INTO note (body) VALUES ('a')"))

        assert rows(store) == 0


class TestADeadlock:
    def test_fails_one_of_the_two_as_unavailable(self, store):
        write(store, "a")
        write(store, "b")
        gate, outcomes = threading.Barrier(2, timeout=20), []

        def work(first: str, second: str) -> None:
            try:
                with store.transaction() as session:
                    session.execute(text("UPDATE note SET body = body WHERE body = :body"), {"body": first})
                    gate.wait()
                    session.execute(text("UPDATE note SET body = body WHERE body = :body"), {"body": second})
            except Unavailable as exc:
                outcomes.append(type(exc))
            else:
                outcomes.append(None)

        threads = [threading.Thread(target=work, args=pair) for pair in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert sorted(outcomes, key=str) == [Unavailable, None]


class TestARowThatIsLockedForTooLong:
    def test_is_unavailable_to_writers(self, store, monkeypatch):
        write(store, "a")
        monkeypatch.setattr(postgresql, "_WAIT_MS", 50)
        found: list[object] = []

        def work() -> None:
            try:
                with store.transaction() as session:
                    session.execute(text("UPDATE note SET body = 'b'"))
            except Unavailable as exc:
                found.append(exc)

        with store.transaction() as session:
            session.execute(text("UPDATE note SET body = 'c'"))
            other = threading.Thread(target=work)
            other.start()
            other.join(20)

        assert isinstance(found[0], Unavailable)


@pytest.fixture
def proxied(url):
    """A store that is reached through a proxy, and the proxy."""
    with proxy_to(url.host, url.port) as proxy:
        database = Database(url.set(host="127.0.0.1", port=proxy.port), pool_size=3)
        with database.transaction() as session:
            session.execute(text("CREATE TABLE note (id SERIAL PRIMARY KEY, body TEXT UNIQUE)"))
        yield database, proxy
        database.close()


class TestALostConnection:
    @pytest.mark.parametrize("server_got_it", [False, True])
    def test_during_commit_has_an_unknown_outcome(self, proxied, server_got_it):
        store, proxy = proxied
        proxy.after_passing = server_got_it
        proxy.cut_at = b"COMMIT\x00"

        with pytest.raises(CommitOutcomeUnknown) as caught:
            write(store, "a")

        assert caught.value.extra == {"outcome": "unknown"}
        assert rows(store) == int(server_got_it)

    def test_during_a_statement_is_unavailable_and_nothing_is_written(self, proxied):
        store, proxy = proxied
        proxy.cut_at = b"INSERT"

        with pytest.raises(Unavailable) as caught:
            write(store, "a")

        assert not isinstance(caught.value, CommitOutcomeUnknown)
        assert rows(store) == 0

    def test_between_calls_costs_nobody_an_error(self, proxied):
        store, proxy = proxied
        with store.engine.connect() as one, store.engine.connect() as two:  # two connections lie in the pool
            one.execute(COUNT)
            two.execute(COUNT)
        proxy.cut_all()

        write(store, "a")

        assert [rows(store) for _ in range(4)] == [1] * 4

    def test_that_cannot_be_made_again_is_unavailable(self, url):
        with proxy_to(url.host, url.port) as proxy:
            store = Database(url.set(host="127.0.0.1", port=proxy.port), pool_size=1)
            with store.snapshot() as session:
                session.execute(text("SELECT 1"))
        with pytest.raises(Unavailable):
            rows(store)
        store.close()


class TestAConnection:
    def test_that_is_refused_shows_no_password(self, url):
        store = Database(url.set(password=SECRET), pool_size=1)

        with pytest.raises(DBAPIError) as caught, store.engine.connect() as connection:
            connection.execute(COUNT)

        assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
        store.close()

    def test_follows_no_variable_of_libpq(self, url, monkeypatch):
        monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
        monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")
        store = Database(url, pool_size=1)

        with store.snapshot() as session:
            assert setting(session, "application_name") == "muster"
        store.close()

    def test_closed_by_the_server_during_a_transaction_is_unavailable(self, store):
        def end_it(session) -> None:
            pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with server.as_admin() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", (pid,))
            session.execute(COUNT)

        with pytest.raises(Unavailable), store.transaction() as session:
            end_it(session)

        assert rows(store) == 0


class TestTranslation:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("53100", StorageFull),
            ("53300", Unavailable),
            ("40001", Unavailable),
            ("40P01", Unavailable),
            ("55P03", Unavailable),
            ("57014", Unavailable),
            ("57P01", Unavailable),
            ("25P03", Unavailable),
            ("25006", Unavailable),
            ("08006", Unavailable),
            ("58030", Unavailable),
            ("23505", type(None)),
            ("42P01", type(None)),
        ],
    )
    def test_goes_by_sqlstate(self, code, kind):
        error = Exception("whatever")
        error.sqlstate = code

        assert type(postgresql.translate(error)) is kind

    @pytest.mark.parametrize(
        ("code", "certain"), [("53100", True), ("40001", True), ("40003", False), ("57P01", False), (None, False)]
    )
    def test_tells_whether_a_failed_commit_left_something(self, code, certain):
        error = Exception("whatever")
        error.sqlstate = code

        assert postgresql.is_rolled_back(error) is certain
