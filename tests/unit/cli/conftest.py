"""Run `muster` as a terminal would, on a store of the test, with what the composition root gives it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import structlog
from click.testing import CliRunner, Result

from app.bootstrap import prepare, program
from app.cli.commands import muster
from app.core.settings import Settings


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
