"""The first administrator: made once, however many processes start, with a password that is shown once."""

import shutil
import stat
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from app.bootstrap import prepare
from app.core.db import session, snapshot
from app.core.settings import SettingsInvalid
from app.domain.access import first_admin, repository
from app.domain.access.commands import LogIn
from app.domain.access.first_admin import forget_password_file, password_file
from app.domain.access.login import LoginService
from app.domain.credentials.keys import open_keys
from app.models import AuditEvent
from tests.support.api import PASSWORD
from tests.support.store import make_settings


@pytest.fixture
def start(tmp_path, bare_store):
    """Start on a folder of this test; returns the settings."""
    opened = []
    (tmp_path / "data").mkdir()
    shutil.copy(bare_store, tmp_path / "data")

    def begin(*, show=None, **changes):
        settings = make_settings(tmp_path / "data", **changes)
        opened.append(prepare(settings, show_password=show).database)
        return settings

    yield begin
    for database in opened:
        database.close()
    if session._installed is not None:  # a start that was refused has closed it, and the test has looked into it
        session._installed.close()


def logs_in(settings, password: str, username: str = "admin") -> bool:
    command = LogIn(username=username, password=password)
    return (
        LoginService(settings, keys=lambda: open_keys(settings)).log_in(command, address="::1").caller.role == "admin"
    )


def usernames() -> list[str]:
    with snapshot():
        return [user.username for user in repository.list_all()]


class TestAPasswordOfTheSettings:
    def test_is_that_of_the_first_admin(self, start):
        settings = start(admin_username="root", admin_password=PASSWORD)

        assert usernames() == ["root"]
        assert logs_in(settings, PASSWORD, "root")
        assert not password_file(settings).exists()

    def test_is_shown_to_nobody(self, start):
        shown = []

        start(show=lambda *words: shown.append(words))

        assert shown == []

    def test_counts_only_while_there_is_no_user(self, start):
        start()

        settings = start(admin_username="root", admin_password="another password, long enough")

        assert usernames() == ["admin"]
        assert logs_in(settings, PASSWORD)

    @pytest.mark.parametrize("password", ["planted-12", "", "planted" * 50, "planted\x00planted"])
    def test_that_is_not_sound_stops_the_start_and_is_named(self, start, password):
        with pytest.raises(SettingsInvalid, match="Setting MUSTER_ADMIN_PASSWORD has a bad value: ") as caught:
            start(admin_password=password)

        assert "planted" not in str(caught.value)
        assert usernames() == []


class TestARandomPassword:
    def test_goes_to_the_terminal(self, start, tmp_path):
        shown = []

        settings = start(show=lambda *words: shown.append(words), admin_password=None)

        [(username, password)] = shown
        assert username == "admin"
        assert len(password) >= 24
        assert logs_in(settings, password)
        assert not password_file(settings).exists()

    def test_goes_into_a_private_file_whose_path_is_logged(self, start):
        structlog.reset_defaults()
        with structlog.testing.capture_logs() as lines:
            settings = start(admin_password=None)

        path = password_file(settings)
        password = path.read_text(encoding="utf-8").strip()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert logs_in(settings, password)
        assert [line["path"] for line in lines if line["event"] == "first_admin.password_written"] == [str(path)]
        assert password not in str(lines)

    def test_is_another_one_each_time(self, tmp_path):
        shown = []
        for name in ("a", "b"):
            settings = make_settings(tmp_path / name, admin_password=None)
            prepare(settings, show_password=lambda _, password: shown.append(password)).database.close()

        assert len(set(shown)) == 2

    def test_is_not_made_again_at_the_next_start(self, start):
        settings = start(admin_password=None)
        password_file(settings).unlink()

        start(admin_password=None)

        assert not password_file(settings).exists()

    def test_leaves_no_file_when_the_user_is_not_committed(self, start, monkeypatch):
        def fail(path: Path, text: str) -> None:
            path.write_text(text, encoding="utf-8")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("app.core.crypto.write_private", fail)

        with pytest.raises(OSError, match="No space"):
            start(admin_password=None, keys=KEYS)

        assert usernames() == []

    def test_replaces_a_file_left_by_a_start_that_died(self, start, tmp_path):
        (tmp_path / "data" / "initial-admin-password").write_text("left over", encoding="utf-8")

        settings = start(admin_password=None)

        assert logs_in(settings, password_file(settings).read_text(encoding="utf-8").strip())


KEYS = "k:" + "A" * 43 + "="


class TestThePasswordFile:
    def test_is_deleted_by_the_first_change(self, start):
        settings = start(admin_password=None)

        forget_password_file(settings, "admin")

        assert not password_file(settings).exists()

    def test_stays_when_somebody_else_changes_a_password(self, start):
        settings = start(admin_password=None)

        forget_password_file(settings, "ann")

        assert password_file(settings).exists()

    def test_may_be_gone_already(self, start):
        forget_password_file(start(), "admin")


class TestTheEvent:
    def test_tells_of_the_first_admin_and_no_password(self, start):
        start()

        with snapshot() as session:
            [event] = session.scalars(select(AuditEvent))
        assert (event.action, event.entity_name, event.source) == ("user.create", "admin", "cli")
        assert PASSWORD not in str(event.changes)


class TestManyProcessesAtOnce:
    def test_make_one_admin_even_without_the_lock_of_the_start(self, start, monkeypatch):
        settings = start()
        looks = iter([0, 1])  # the table was empty at first; then the other one was faster
        monkeypatch.setattr(repository, "count_all", lambda: next(looks))

        assert first_admin.ensure_first_admin(settings, show=None) is None
        assert usernames() == ["admin"]
