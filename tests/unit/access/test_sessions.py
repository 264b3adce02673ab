"""A session lives on the server: it ends there, by time, by logout, by another login, with its user."""

import sqlite3
import threading
import time

import pytest
from sqlalchemy import event, select, update

from app.core.crypto import token_hash
from app.core.db import CommitOutcomeUnknown, snapshot, transaction
from app.core.errors import StorageFull, Unavailable
from app.domain.access import seen, sessions
from app.domain.access.commands import LogIn
from app.domain.access.permissions import actions_of
from app.models import UserSession
from tests.support.api import PASSWORD
from tests.support.store import stored_bytes

COMMAND = LogIn(username="viewer", password=PASSWORD)


@pytest.fixture
def token(frozen, logins):
    return logins.log_in(COMMAND, address="10.0.0.1").token


@pytest.fixture
def find(logins):
    return logins.sessions.find_caller


def rows() -> list[UserSession]:
    with snapshot() as session:
        return list(session.scalars(select(UserSession)))


class TestALiveSession:
    def test_tells_who_is_calling(self, token, find):
        found = find(token)

        assert (found.username, found.role, found.actions) == ("viewer", "viewer", actions_of("viewer"))

    def test_is_shown_by_no_repr(self, logins):
        done = logins.log_in(COMMAND, address="10.0.0.1")

        assert done.token not in repr(done)

    def test_is_kept_as_a_hash(self, token, settings, opened):
        opened.close()

        kept = stored_bytes(settings)

        assert rows()[0].id_hash.encode() in kept
        assert token.encode() not in kept

    def test_costs_one_statement(self, token, find, opened):
        seen = []
        event.listen(opened.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))

        find(token)

        assert len(seen) == 1
        assert seen[0].startswith("SELECT")

    @pytest.mark.parametrize("other", ["", "x", "0" * 64])
    def test_is_found_by_its_own_id_alone(self, token, find, other):
        assert find(other) is None
        assert find(rows()[0].id_hash) is None


class TestTime:
    def test_ends_an_idle_session(self, token, find, frozen):
        frozen.advance(minutes=720)
        assert find(token) is not None

        frozen.advance(minutes=720, seconds=1)

        assert find(token) is None

    def test_ends_a_busy_session_in_the_end(self, token, find, frozen):
        for _ in range(14):
            frozen.advance(hours=12)
            assert find(token) is not None

        frozen.advance(seconds=1)

        assert find(token) is None

    def test_removes_dead_sessions_at_the_next_login(self, token, logins, frozen):
        frozen.advance(minutes=721)

        logins.log_in(COMMAND, address="10.0.0.1")

        assert len(rows()) == 1


class TestLastSeen:
    def test_is_written_at_most_once_a_minute(self, token, find, frozen):
        seen = []
        for _ in range(8):
            frozen.advance(seconds=20)
            find(token)
            seen.append(rows()[0].last_seen_at)

        assert len(set(seen)) == 3  # the login, after 80 s, after 160 s
        assert seen[-1] == frozen()

    @pytest.mark.parametrize("error", [StorageFull, Unavailable, CommitOutcomeUnknown])
    def test_that_cannot_be_written_never_fails_a_read(self, token, find, frozen, monkeypatch, error):
        def fail(*, wait):
            raise error

        frozen.advance(minutes=2)
        monkeypatch.setattr(seen, "transaction", fail)

        assert find(token).username == "viewer"
        assert rows()[0].last_seen_at < frozen()

    def test_is_skipped_at_once_while_somebody_else_writes(self, token, find, frozen, opened):
        frozen.advance(minutes=2)
        found, began = [], time.monotonic()

        with opened.transaction() as session:
            session.execute(update(UserSession).values(address="elsewhere"))
            reader = threading.Thread(target=lambda: found.append(find(token)))
            reader.start()
            reader.join(10)

        assert time.monotonic() - began < 5
        assert found[0].username == "viewer"
        assert rows()[0].last_seen_at < frozen()

    def test_on_a_full_disk_never_fails_a_get(self, app, frozen, monkeypatch, as_role):
        caller = as_role("viewer")
        engine = app.extensions["muster"].parts().database.engine
        frozen.advance(minutes=2)

        def full(connection: object) -> None:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

        monkeypatch.setattr(engine.dialect, "do_commit", full)

        assert caller.get("/api/v1/instances").status_code == 200
        assert caller.get("/api/v1/auth/me").status_code == 200


class TestTheUser:
    def test_that_is_disabled_is_out_at_once(self, token, find, change_user):
        change_user("viewer", is_active=False)

        assert find(token) is None

    def test_whose_role_changes_has_the_new_one_at_once(self, token, find, change_user):
        change_user("viewer", role="dba")

        assert find(token).role == "dba"
        assert "delete" in find(token).actions

    def test_that_is_disabled_cannot_log_in(self, logins, change_user):
        change_user("viewer", is_active=False)

        with pytest.raises(Exception, match=r"login\.refused"):
            logins.log_in(COMMAND, address="10.0.0.1")


class TestTheEnd:
    def test_leaves_nothing_that_lives(self, token, find):
        with transaction():
            sessions.end(token_hash(token))

        assert find(token) is None
        assert rows() == []

    def test_comes_with_the_login_that_replaces_it(self, token, find, logins):
        done = logins.log_in(COMMAND, address="10.0.0.1", replaces=token_hash(token))

        assert find(token) is None
        assert find(done.token) is not None

    def test_of_one_session_is_not_that_of_another(self, token, find, logins):
        other = logins.log_in(COMMAND, address="10.0.0.1").token

        with transaction():
            sessions.end(token_hash(token))

        assert find(other) is not None

    def test_does_not_come_with_a_login_that_fails(self, token, find, logins):
        with pytest.raises(Exception, match=r"login\.refused"):
            logins.log_in(LogIn(username="viewer", password="wrong"), address="10.0.0.1", replaces=token_hash(token))

        assert find(token) is not None
