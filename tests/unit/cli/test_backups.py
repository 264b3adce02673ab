"""`muster db backup` and `muster db restore`: on whichever database the run is for."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import text

from app.bootstrap import prepare, program
from app.cli.commands import muster
from app.core.db import postgresql_tools, schema
from app.core.db.opening import opened, place_of
from app.core.settings import Settings
from app.models import UserSession
from tests.support.api import PASSWORD
from tests.support.register import registered
from tests.support.store import KEYS, make_settings, new_place

OTHER_KEYS = KEYS.replace("AAEC", "BBBB")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "muster.backup"


@pytest.fixture
def fill(settings):
    """Register instances in the store, which nobody has open afterwards."""

    def register(*names: str) -> None:
        parts = prepare(settings)
        for name in names:
            registered(name=name, host=f"{name}.example.com")
        parts.database.close()

    return register


def ask(settings: Settings, sql: str) -> list[tuple]:
    with opened(settings) as database, database.snapshot() as session:
        return [tuple(row) for row in session.execute(text(sql))]


def names(settings: Settings) -> list[str]:
    return [name for (name,) in ask(settings, "SELECT name FROM instances ORDER BY name")]


def events(settings: Settings) -> list[tuple]:
    return ask(
        settings, "SELECT action, entity_name, actor_name FROM audit_events WHERE entity_type = 'store' ORDER BY id"
    )


def leftovers(folder) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith((".", "restoring"))]


class TestABackup:
    def test_is_a_private_file_that_tells_where_the_keys_are_not(self, run, settings, fill, file):
        fill("orders-01")

        result = run("db", "backup", str(file))

        assert "It holds no key." in result.stdout
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert leftovers(file.parent) == []
        key = (settings.keys.get_secret_value() if settings.keys else settings.keys_path.read_text()).split(":")[1]
        assert key.strip().encode() not in file.read_bytes()

    def test_has_its_name_only_when_it_is_on_disk(self, run, fill, file, monkeypatch):
        fill("orders-01")
        synced = []
        monkeypatch.setattr(
            "os.fsync", lambda number: synced.append((stat.S_ISDIR(os.fstat(number).st_mode), file.exists()))
        )

        run("db", "backup", str(file))

        assert synced == [(False, False), (True, True)]

    def test_is_written_while_others_use_the_store(self, run, settings, fill, file):
        fill("orders-01")
        parts = prepare(settings)
        with parts.database.engine.connect().execution_options(muster_read_only=True) as reading:
            reading.execute(text("SELECT * FROM instances"))
            run("db", "backup", str(file))
        parts.database.close()
        fill("orders-02")

        run("db", "restore", "--yes", str(file))
        assert names(settings) == ["orders-01"]

    def test_overwrites_nothing(self, refused, file):
        file.write_bytes(b"mine")

        assert refused("db", "backup", str(file)) == f"{file} exists already; a backup overwrites nothing."
        assert file.read_bytes() == b"mine"
        assert leftovers(file.parent) == []

    def test_names_the_folder_that_is_not_there(self, refused, tmp_path):
        assert refused("db", "backup", str(tmp_path / "no" / "a.db")) == f"There is no folder {tmp_path / 'no'}."

    def test_names_the_file_that_cannot_be_written_and_no_other(self, refused, file, monkeypatch):
        def full(*_: object, **__: object) -> int:
            raise OSError(28, "No space left on device", str(file.with_name(".draft")))

        monkeypatch.setattr("app.core.db.sqlite_files.os.open", full)
        monkeypatch.setattr("app.core.db.postgresql_tools.os.open", full)

        assert refused("db", "backup", str(file)) == f"{file} cannot be written: No space left on device."

    def test_is_told_in_the_audit_trail(self, run, settings, file):
        run("db", "backup", str(file))

        [(action, name, actor)] = events(settings)
        assert (action, name) == ("store.backup", file.name)
        assert actor.startswith("cli:")

    @pytest.mark.sqlite
    def test_needs_a_store(self, refused, tmp_path, file):
        assert "There is no store in" in refused("db", "backup", str(file), on=make_settings(tmp_path / "none"))

    def test_of_an_older_schema_is_made_and_not_told_in_the_trail(self, run, settings, file, monkeypatch):
        monkeypatch.setattr(schema, "revisions", lambda: (*REVISIONS, "9999"))

        result = run("db", "backup", str(file))

        assert "The audit trail does not tell of it" in result.stdout
        assert file.exists()
        assert events(settings) == []


REVISIONS = schema.revisions()


class TestARestore:
    @pytest.fixture
    def backup(self, run, fill, file):
        fill("before")
        run("db", "backup", str(file))
        fill("after")
        return file

    def test_brings_back_what_the_backup_held(self, run, settings, backup):
        assert names(settings) == ["after", "before"]

        result = run("db", "restore", "--yes", str(backup))

        assert names(settings) == ["before"]
        assert "All sessions have ended" in result.stdout
        parts = prepare(settings)
        registered(name="later", host="later.example.com")
        parts.database.close()
        assert names(settings) == ["before", "later"]

    def test_keeps_what_was_there_as_a_backup(self, run, settings, backup):
        run("db", "restore", "--yes", str(backup))

        [kept] = (settings.data_dir / "backups").iterdir()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        run("db", "restore", "--yes", str(kept))
        assert names(settings) == ["after", "before"]

    def test_ends_all_sessions(self, run, settings, app, as_role, file):
        as_role("viewer")
        run("db", "backup", str(file))
        app.extensions["muster"].parts().database.close()

        run("db", "restore", "--yes", str(file))

        assert ask(settings, f"SELECT count(*) FROM {UserSession.__tablename__}") == [(0,)]

    def test_is_told_in_the_audit_trail_of_the_restored_store(self, run, settings, backup):
        run("db", "restore", "--yes", str(backup))

        assert [(action, name) for action, name, _ in events(settings)] == [("store.restore", backup.name)]

    def test_is_asked_for_and_done_only_after_a_yes(self, run, settings, backup):
        here = replace(program(), load_settings=lambda: settings)

        declined = CliRunner().invoke(muster, ["db", "restore", str(backup)], input="n\n", obj=here)

        assert (declined.exit_code, names(settings)) == (1, ["after", "before"])
        assert "Go on?" in declined.output
        run("db", "restore", str(backup), stdin="y\n")
        assert names(settings) == ["before"]

    def test_is_refused_while_a_muster_uses_the_store(self, refused, run, settings, backup):
        parts = prepare(settings)
        with parts.database.snapshot() as session:
            session.execute(text("SELECT 1"))

        sentence = refused("db", "restore", "--yes", str(backup))
        parts.database.close()

        assert sentence.startswith("A Muster uses the store: stop every `muster serve`")
        assert names(settings) == ["after", "before"]
        run("db", "restore", "--yes", str(backup))

    def test_is_refused_without_the_keys_of_the_backup(self, refused, settings, backup):
        other = Settings(**{**settings.model_dump(), "keys": OTHER_KEYS})

        assert "put back the keys that belong to this store" in refused("db", "restore", "--yes", str(backup), on=other)
        assert names(settings) == ["after", "before"]

    def test_is_refused_for_a_schema_that_is_not_known(self, refused, settings, backup, monkeypatch):
        monkeypatch.setattr(schema, "revisions", lambda: ("0000",))

        sentence = refused("db", "restore", "--yes", str(backup))

        assert f"is at schema revision {REVISIONS[-1]}, which this Muster does not know" in sentence
        assert names(settings) == ["after", "before"]

    @pytest.mark.parametrize("content", [None, b"", b"no backup at all" * 100])
    def test_is_refused_for_a_file_that_is_no_backup(self, refused, settings, fill, file, content):
        fill("before")
        if content is not None:
            file.write_bytes(content)

        sentence = refused("db", "restore", "--yes", str(file))

        assert sentence.startswith(f"{file} is no backup of Muster" if content is not None else "There is no file")
        assert names(settings) == ["before"]
        assert leftovers(settings.data_dir) == []


@pytest.mark.sqlite
class TestTheEmbeddedStore:
    def test_is_not_restored_from_a_damaged_file(self, refused, run, settings, fill, file):
        fill(*(f"db-{number}" for number in range(60)))
        run("db", "backup", str(file))
        with file.open("r+b") as damaged:
            damaged.seek(file.stat().st_size // 2)
            damaged.write(b"\xff" * 6000)

        assert str(file) in refused("db", "restore", "--yes", str(file))

        assert len(names(settings)) == 60

    def test_is_made_by_a_restore_where_there_is_none(self, run, settings, fill, file, tmp_path):
        fill("before")
        run("db", "backup", str(file))
        new = make_settings(tmp_path / "new", keys=settings.keys_path.read_text())

        run("db", "restore", "--yes", str(file), on=new)

        assert names(new) == ["before"]

    def test_is_backed_up_before_its_schema_changes(self, run, settings, fill, monkeypatch, tmp_path):
        fill("before")
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder)
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        made = []
        for number in range(9001, 9006):
            last = schema.revisions()[-1]
            (folder / "versions" / f"{number}_planted.py").write_text(
                f"revision = '{number}'\ndown_revision = '{last}'\n\ndef upgrade():\n    pass\n\ndef downgrade():\n"
                "    pass\n",
                encoding="utf-8",
            )
            schema.revisions.cache_clear()
            run("db", "upgrade")
            made.append(sorted(path.name for path in (settings.data_dir / "backups").iterdir()))
        monkeypatch.undo()
        schema.revisions.cache_clear()

        assert [len(names_) for names_ in made] == [1, 2, 3, 3, 3]
        assert [name.rpartition("-")[2] for name in made[-1]] == ["9002.db", "9003.db", "9004.db"]
        oldest = settings.data_dir / "backups" / made[-1][0]
        with closing(sqlite3.connect(oldest)) as copy:
            assert copy.execute("SELECT name FROM instances").fetchall() == [("before",)]
        assert [action for action, *_ in events(settings)] == ["store.backup"] * 5


@pytest.mark.postgresql
class TestADatabaseOfAServer:
    @pytest.fixture
    def empty(self, tmp_path):
        new_place(tmp_path)
        return make_settings(tmp_path / "empty")

    def test_that_is_empty_has_no_revision(self, run, empty):
        assert run("db", "current", on=empty).stdout == f"no schema of Muster yet (newest: {REVISIONS[-1]})\n"

    @pytest.mark.parametrize("bad", [{"keys": None}, {"admin_password": SecretStr("short")}])
    def test_is_left_empty_where_a_setting_is_bad(self, run, refused, empty, bad):
        refused("db", "upgrade", on=empty.model_copy(update=bad))

        assert run("db", "current", on=empty).stdout.startswith("no schema of Muster yet")

    def test_is_left_as_it_is_without_the_keys(self, run, refused, settings):
        with opened(settings) as database:
            schema.migrate(database.engine, REVISIONS[-2])
        other = settings.model_copy(update={"keys": SecretStr(OTHER_KEYS)})

        assert "does not hold it" in refused("db", "upgrade", on=other)

        assert run("db", "current").stdout.startswith(f"{REVISIONS[-2]} ")

    def test_is_not_restored_from_plain_sql_which_says_what_to_use(self, refused, settings, file):
        file.write_text("--\n-- PostgreSQL database dump\n--\n" * 100, encoding="utf-8")

        sentence = refused("db", "restore", "--yes", str(file))

        assert sentence.endswith("Make one with `muster db backup`, or with `pg_dump -Fc`.")

    def test_missing_programs_are_named(self, refused, settings, file, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        monkeypatch.setattr(postgresql_tools, "_DEBIAN", file.parent)

        assert "pg_dump is not installed: install PostgreSQL's client programs" in refused("db", "backup", str(file))
        assert not file.exists()

    def test_no_password_stands_in_the_arguments(self, run, settings, file, monkeypatch):
        seen = []
        before = postgresql_tools.subprocess.run
        monkeypatch.setattr(
            postgresql_tools.subprocess, "run", lambda words, **more: (seen.append(words), before(words, **more))[1]
        )

        run("db", "backup", str(file))
        run("db", "restore", "--yes", str(file))

        assert {Path(words[0]).name for words in seen} == {"pg_dump", "pg_restore", "psql"}
        password = place_of(settings).password
        assert not [word for words in seen for word in words if f":{password}@" in word]
        assert PASSWORD not in str(seen)
