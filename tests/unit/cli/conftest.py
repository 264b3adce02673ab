"""Run `muster` as a terminal would, on a store of the test, with what the composition root gives it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from click.testing import CliRunner, Result

from app.bootstrap import local_app, prepare, program
from app.cli.client import api as calling
from app.cli.commands import muster
from app.core.settings import Settings
from tests.support.store import make_settings


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    """Run one command; a traceback fails the test."""
    opened = []

    def prepared(settings: Settings, **options: object) -> object:
        parts = prepare(settings, **options)
        opened.append(parts.database)
        return parts

    def command(*arguments: str, stdin: str = "", on: Settings | None = None) -> Result:
        made = replace(program(), load_settings=lambda: on or settings, prepare=prepared)
        result = CliRunner().invoke(muster, arguments, input=stdin, obj=made)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    yield command
    structlog.reset_defaults()  # the log went to the runner's standard error, which is closed
    for database in opened:
        database.close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a call would have waited before it tried again."""
    slept: list[float] = []
    monkeypatch.setattr(calling.time, "sleep", slept.append)
    return slept


@pytest.fixture
def refused(run) -> Callable[..., str]:
    """Run a command that has to fail; returns its one sentence."""

    def command(*arguments: str, **options: object) -> str:
        result = run(*arguments, **options)
        assert result.exit_code == 1, (result.exit_code, result.output)
        assert result.stdout == ""
        assert result.stderr.startswith("Error: ")
        assert "Traceback" not in result.stderr
        return result.stderr.removeprefix("Error: ").rstrip("\n")

    return command


class Desk:
    """A terminal beside a store that all tests of a module share: each command would open one anew."""

    def __init__(self, settings: Settings) -> None:
        self.parts = prepare(settings)
        app = local_app(settings, self.parts)
        kept_open = SimpleNamespace(database=SimpleNamespace(close=lambda: None))
        self.program = replace(
            program(), load_settings=lambda: settings, prepare=lambda *_, **__: kept_open, local_app=lambda *_: app
        )

    def run(self, *arguments: str, exits: int = 0, stdin: str = "", **env: str) -> Result:
        result = CliRunner().invoke(muster, [str(one) for one in arguments], input=stdin, obj=self.program, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert result.exit_code == exits, (result.exit_code, result.output)
        assert "Traceback" not in result.output
        return result


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, new_store: Path) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk") / "data"
    shutil.copytree(new_store, folder)
    made = Desk(make_settings(folder))
    yield made
    structlog.reset_defaults()
    made.parts.database.close()
