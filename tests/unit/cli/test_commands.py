"""The tree of commands, and those that touch no user: `db`, `openapi`, `serve`, `--version`."""

import json
from collections.abc import Iterator

import click
import pytest
from sqlalchemy import text

import app
from app.bootstrap import openapi_document
from app.cli import commands
from app.cli.commands import muster
from app.core.db import Database, schema
from app.core.db.schema import revisions
from app.core.settings import SettingsInvalid
from tests.support.store import make_settings


def tree(command: click.Command = muster, path: str = "muster") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    for name, sub in getattr(command, "commands", {}).items():
        yield from tree(sub, f"{path} {name}")


COMMANDS = dict(tree())


class TestTheTree:
    def test_has_the_commands_of_this_version(self):
        leaves = {path for path, command in COMMANDS.items() if not isinstance(command, click.Group)}

        assert leaves == {
            "muster serve",
            "muster openapi",
            "muster export",
            "muster plan",
            "muster apply",
            "muster check",
            "muster completion",
            *(
                f"muster instances {name}"
                for name in ("list", "get", "create", "update", "delete", "restore", "history", "accept-fingerprint")
            ),
            "muster db upgrade",
            "muster db current",
            "muster db backup",
            "muster db restore",
            "muster user create",
            "muster user set-password",
            "muster user set-role",
            "muster user list",
            "muster audit verify",
            "muster audit seal",
            "muster audit prune",
            "muster user disable",
            "muster user enable",
            "muster token create",
            "muster token list",
            "muster token revoke",
            "muster keys add",
            "muster keys promote",
            "muster keys rotate",
            "muster keys check",
            "muster keys drop",
        }

    @pytest.mark.parametrize("path", COMMANDS)
    def test_takes_no_secret_from_its_arguments(self, path):
        names = {name for one in COMMANDS[path].params for name in (one.name, *one.opts, *one.secondary_opts)}

        # The path of a file that holds one may stand there.
        names = {name for name in names if not name.endswith(("-file", "_file"))}
        assert not [name for name in names if any(word in name.lower() for word in ("pass", "secret", "key", "token"))]
        assert not any(one.envvar for one in COMMANDS[path].params)

    @pytest.mark.parametrize("path", COMMANDS)
    def test_explains_itself(self, run, path):
        result = run(*path.split()[1:], "--help")

        assert result.exit_code == 0
        assert (COMMANDS[path].help or "").split("\n")[0] in " ".join(result.stdout.split())

    def test_tells_the_version(self, run):
        assert run("--version").stdout == f"muster, version {app.__version__}\n"


class TestOpenapi:
    def test_prints_the_document(self, run):
        assert json.loads(run("openapi").stdout) == json.loads(json.dumps(openapi_document()))


class TestDbUpgrade:
    def test_makes_a_store(self, run, tmp_path):
        new = make_settings(tmp_path / "new")

        result = run("db", "upgrade", on=new)

        assert result.stdout == f"The store is at revision {revisions()[-1]}.\n"
        assert new.database_path.exists()

    @pytest.mark.parametrize("bad", [{"admin_password": "short"}, {"keys": "k1:no-key"}])
    def test_leaves_nothing_behind_where_a_setting_is_bad(self, refused, tmp_path, bad):
        new = make_settings(tmp_path / "new", **bad)

        refused("db", "upgrade", on=new)

        assert not new.data_dir.exists()
        assert "There is no store" in refused("user", "list", on=new)

    @pytest.mark.sqlite
    def test_leaves_an_older_schema_as_it_is_without_the_keys(self, run, refused, settings):
        database = Database(settings.database_path)
        schema.migrate(database.engine, revisions()[-2])
        database.close()
        settings.keys_path.unlink()

        assert "set MUSTER_KEYS" in refused("db", "upgrade")

        assert run("db", "current").stdout.startswith(f"{revisions()[-2]} ")
        assert not (settings.data_dir / "backups").exists()

    def test_alone_makes_the_first_administrator(self, run, settings):
        database = Database(settings.database_path)
        with database.transaction() as session:
            session.execute(text("DELETE FROM sessions"))
            session.execute(text("DELETE FROM users"))
        database.close()

        listed = [run("user", "list", "--json").stdout for _ in range(2)]
        run("db", "upgrade")

        assert listed == ["[]\n", "[]\n"]
        assert '"admin"' in run("user", "list", "--json").stdout

    def test_may_be_repeated(self, run):
        assert [run("db", "upgrade").exit_code for _ in range(2)] == [0, 0]


class TestDbCurrent:
    def test_shows_both_revisions(self, run):
        assert run("db", "current").stdout == f"{revisions()[-1]} (newest: {revisions()[-1]})\n"

    def test_changes_nothing(self, run, tmp_path, refused):
        new = make_settings(tmp_path / "new")

        sentence = refused("db", "current", on=new)

        assert sentence.startswith(f"There is no store in {new.data_dir}. ")
        assert "`muster db upgrade`" in sentence
        assert not new.data_dir.exists()

    def test_works_while_somebody_writes(self, run, settings):
        database = Database(settings.database_path)

        with database.transaction() as session:
            session.execute(text("DELETE FROM sessions"))
            assert run("db", "current").exit_code == 0
        database.close()

    def test_shows_a_revision_that_it_does_not_know(self, run, refused, settings):
        database = Database(settings.database_path)
        with database.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        database.close()

        assert run("db", "current").stdout.startswith("0999 ")
        assert "newer Muster" in refused("db", "upgrade")


class TestACommandForThisMachineAlone:
    @pytest.mark.parametrize(
        "arguments",
        [("user", "list"), ("token", "list"), ("db", "current"), ("audit", "verify"), ("keys", "check")],
        ids=" ".join,
    )
    def test_says_so_where_another_muster_is_named(self, run, settings, monkeypatch, arguments):
        assert run(*arguments).stderr == ""
        monkeypatch.setenv("MUSTER_URL", "https://muster.example.com")

        result = run(*arguments)

        assert result.exit_code == 0
        assert result.stderr.startswith("MUSTER_URL does not count here: this command works on the store of this mach")

    def test_is_no_command_that_calls_a_muster(self, run, monkeypatch, pauses):
        monkeypatch.setenv("MUSTER_URL", "http://127.0.0.1:9")

        assert "does not count" not in run("instances", "list").stderr


class TestAFailure:
    def test_of_the_folder_is_one_sentence(self, refused, tmp_path):
        (tmp_path / "file").touch()

        assert "Set MUSTER_DATA_DIR" in refused("db", "upgrade", on=make_settings(tmp_path / "file" / "data"))

    def test_of_a_file_in_it_is_one_sentence(self, refused, settings):
        (settings.data_dir / "start.lock").unlink()
        (settings.data_dir / "start.lock").mkdir()

        assert refused("db", "upgrade") == f"{settings.data_dir / 'start.lock'}: Is a directory."

    @pytest.mark.parametrize("command", ["upgrade", "current"])
    def test_of_a_file_that_is_no_store_is_one_sentence(self, refused, settings, command):
        settings.database_path.write_bytes(b"this is no database at all" * 100)

        assert refused("db", command) == "The store cannot be used: file is not a database."

    def test_of_the_keys_is_one_sentence(self, refused, settings):
        settings.keys_path.unlink()

        assert "set MUSTER_KEYS" in refused("user", "list")

    def test_of_the_first_password_names_the_setting(self, refused, tmp_path):
        sentence = refused("db", "upgrade", on=make_settings(tmp_path / "new", admin_password="planted"))

        assert sentence == "Setting MUSTER_ADMIN_PASSWORD has a bad value: At least 12 characters."

    @pytest.mark.parametrize("arguments", [("serve",), ("db", "upgrade"), ("db", "current"), ("user", "list")])
    def test_of_the_settings_is_their_sentence(self, refused, monkeypatch, arguments):
        from click.testing import CliRunner

        from app.bootstrap import program

        monkeypatch.setenv("MUSTER_TREADS", "3")

        result = CliRunner().invoke(muster, arguments, obj=program())

        assert isinstance(result.exception, SystemExit)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: Unknown setting MUSTER_TREADS")


class TestTheComposition:
    def test_gives_the_commands_what_they_need(self):
        from app import bootstrap

        made = bootstrap.program()

        assert made.prepare is bootstrap.prepare
        assert commands.muster is muster

    def test_reads_settings_when_a_command_runs_and_not_before(self, monkeypatch):
        from app import bootstrap

        monkeypatch.setenv("MUSTER_THREADS", "0")

        with pytest.raises(SettingsInvalid):
            bootstrap.program().load_settings()
