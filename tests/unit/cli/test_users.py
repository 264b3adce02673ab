"""`muster user`: people who may log in, made at the machine itself; passwords come from standard input alone."""

import getpass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.core.crypto import KeyRing
from app.core.db import Database, install, snapshot, transaction
from app.domain.access import repository
from app.domain.access.commands import LogIn
from app.domain.access.errors import CredentialsRefused
from app.domain.access.first_admin import password_file
from app.domain.access.login import LoginService
from app.domain.access.passwords import Passwords
from app.domain.credentials.keys import open_keys
from app.models import AuditEvent, UserSession
from tests.support.store import make_settings

ANOTHER = "another password, long enough"


def open_keys_of(settings) -> KeyRing:
    install(Database(settings.database_path))
    return open_keys(settings)


def user(username: str):
    with snapshot():
        return repository.get_by_name(username)


def last_event() -> AuditEvent:
    with snapshot() as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


class TestCreate:
    def test_takes_the_password_from_the_first_line(self, run, settings):
        result = run("user", "create", "ann", "--role", "dba", stdin=f"{ANOTHER}\r\nmore\n")

        assert (result.exit_code, result.stdout) == (0, "User ann created with the role dba.\n")
        assert user("ann").role == "dba"
        assert Passwords(settings).verify(user("ann").password_hash, ANOTHER)

    def test_is_an_event_of_the_user_of_the_system(self, run):
        run("user", "create", "ann", "--role", "dba", stdin=ANOTHER)

        event = last_event()

        assert (event.action, event.entity_name, event.source) == ("user.create", "ann", "cli")
        assert event.actor_name == f"cli:{getpass.getuser()}"
        assert ANOTHER not in str(event.changes)

    @pytest.mark.parametrize(
        ("username", "stdin", "sentence"),
        [
            ("viewer", ANOTHER, "There is a user viewer already"),
            ("a b", ANOTHER, "username: Only letters, digits and _ . @ -, at most 64 characters"),
            ("ann", "short", "password: At least 12 characters"),
            ("ann", "", "password: At least 12 characters"),
            ("ann", "x" * 257, "password: At most 256 characters"),
        ],
    )
    def test_that_cannot_be_done_says_so_in_one_sentence(self, refused, username, stdin, sentence):
        assert refused("user", "create", username, "--role", "viewer", stdin=stdin) == sentence

    def test_tells_every_fault(self, refused):
        sentence = refused("user", "create", "a b", "--role", "viewer", stdin="short")

        assert [line.partition(":")[0] for line in sentence.splitlines()] == ["username", "password"]

    @pytest.mark.parametrize("arguments", [("ann",), ("ann", "--role", "root"), ("ann", ANOTHER, "--role", "dba")])
    def test_with_wrong_arguments_shows_the_usage(self, run, arguments):
        result = run("user", "create", *arguments, stdin=ANOTHER)

        assert result.exit_code == 64
        assert "Usage: muster user create" in result.stderr


class TestAnyCommand:
    @pytest.mark.parametrize(
        "arguments",
        [("list",), ("create", "ann", "--role", "dba"), ("set-password", "admin"), ("set-role", "admin", "dba")],
    )
    def test_makes_no_second_store_where_the_folder_was_forgotten(self, refused, tmp_path, arguments):
        elsewhere = make_settings(tmp_path / "elsewhere")

        sentence = refused("user", *arguments, stdin=ANOTHER, on=elsewhere)

        assert sentence.startswith(f"There is no store in {elsewhere.data_dir}. Set MUSTER_DATA_DIR")
        assert not elsewhere.data_dir.exists()


class TestSetPassword:
    def test_lets_a_user_in_who_failed_too_often(self, run, settings):
        keys = open_keys_of(settings)
        service = LoginService(settings, keys=lambda: keys)
        wrong = LogIn(username="viewer", password="not the password")
        for _ in range(settings.login_failures_per_user):
            with pytest.raises(CredentialsRefused):
                service.log_in(wrong, address="10.0.0.1")

        run("user", "set-password", "viewer", stdin=ANOTHER)

        entered = service.log_in(LogIn(username="viewer", password=ANOTHER), address="10.0.0.1")
        assert entered.caller.username == "viewer"

    def test_changes_it_and_ends_the_sessions(self, run, settings):
        run("user", "list")
        viewer, now = user("viewer").id, datetime.now(UTC)
        with transaction() as session:
            session.add(UserSession(id_hash="h", user_id=viewer, address="::1", created_at=now, last_seen_at=now))

        result = run("user", "set-password", "viewer", stdin=f"{ANOTHER}\n")

        assert result.exit_code == 0
        assert "sessions have ended" in result.stdout
        assert Passwords(settings).verify(user("viewer").password_hash, ANOTHER)
        with snapshot() as session:
            assert session.query(UserSession).count() == 0

    def test_deletes_the_file_of_the_first_password(self, run, tmp_path):
        new = make_settings(tmp_path / "new", admin_password=None)
        run("db", "upgrade", on=new)
        assert password_file(new).exists()

        run("user", "set-password", "admin", stdin=ANOTHER, on=new)

        assert not password_file(new).exists()

    def test_keeps_that_file_when_it_fails(self, run, refused, tmp_path):
        new = make_settings(tmp_path / "new", admin_password=None)
        run("db", "upgrade", on=new)

        refused("user", "set-password", "admin", stdin="short", on=new)

        assert password_file(new).exists()

    def test_of_nobody_says_so(self, refused):
        assert refused("user", "set-password", "nobody", stdin=ANOTHER) == "There is no user nobody"


class TestSetRole:
    def test_changes_it(self, run):
        result = run("user", "set-role", "viewer", "dba")

        assert (result.exit_code, result.stdout) == (0, "User viewer has the role dba.\n")
        assert user("viewer").role == "dba"
        assert last_event().changes == [{"field": "role", "before": "viewer", "after": "dba"}]

    def test_keeps_the_last_administrator(self, refused):
        assert "last administrator" in refused("user", "set-role", "admin", "viewer")
        assert user("admin").role == "admin"

    def test_knows_the_roles(self, run):
        assert run("user", "set-role", "viewer", "root").exit_code == 64

    def test_of_nobody_says_so(self, refused):
        assert refused("user", "set-role", "nobody", "dba") == "There is no user nobody"


class TestList:
    def test_shows_everybody_with_role_and_no_hash(self, run):
        with_header = run("user", "list").stdout.splitlines()

        assert [line.split() for line in with_header] == [
            ["Username", "Role", "Active"],
            ["admin", "admin", "yes"],
            ["auditor", "auditor", "yes"],
            ["dba", "dba", "yes"],
            ["operator", "operator", "yes"],
            ["viewer", "viewer", "yes"],
        ]

    def test_shows_who_is_disabled(self, run):
        run("user", "list")
        with transaction():
            repository.get_by_name("viewer").is_active = False

        assert run("user", "list").stdout.splitlines()[-1].split() == ["viewer", "viewer", "no"]


class TestATerminal:
    def test_is_asked_twice_and_shows_nothing(self, run, monkeypatch):
        asked = []

        def prompt(text: str, **options: object) -> str:
            asked.append((text, options))
            return ANOTHER

        monkeypatch.setattr("app.cli.users.click.prompt", prompt)
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)

        assert run("user", "create", "ann", "--role", "viewer").exit_code == 0
        assert asked == [("Password", {"hide_input": True, "confirmation_prompt": True})]
