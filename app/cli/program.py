"""What the command gets from the composition root, which it may not import."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from app.core import logging
from app.core.db.opening import name_of
from app.core.db.options import StoreUnusable
from app.core.settings import Settings

_ELSEWHERE = "MUSTER_URL"


@dataclass(frozen=True, slots=True)
class Program:
    """The parts of Muster that commands use."""

    load_settings: Callable[[], Settings]
    prepare: Callable[..., Any]
    openapi_document: Callable[[], Mapping[str, Any]]
    local_app: Callable[[Settings, Any], Any]

    def load_settings_of_this_machine(self) -> Settings:
        """Read the settings for a command that calls no other Muster, and say so where one is named."""
        settings = self.load_settings()
        if os.environ.get(_ELSEWHERE):
            click.echo(
                f"{_ELSEWHERE} does not count here: this command works on the store of this machine,"
                f" {name_of(settings)}.",
                err=True,
            )
        return settings

    def open_store(self, settings: Settings) -> Any:  # noqa: ANN401 - what `prepare` returns
        """Begin the log and open the store that is there; no user is made in it."""
        logging.configure(settings)
        return self.prepare(settings, first_admin=False)

    def make_store(self, settings: Settings, *, upgrade: bool = False) -> Any:  # noqa: ANN401 - as above
        """Begin the log and open the store, with its first administrator.

        The first password goes to the terminal when there is one.
        """
        logging.configure(settings)
        show = partial(show_password, settings) if sys.stderr.isatty() else None
        return self.prepare(settings, show_password=show, upgrade=upgrade)


def check_store_exists(settings: Settings) -> None:
    """Refuse to go on where there is no store.

    :raises StoreUnusable: naming the data folder, and how a store is made.
    """
    if settings.database_url is None and not settings.database_path.exists():
        raise StoreUnusable(
            f"There is no store in {settings.data_dir}. Set MUSTER_DATA_DIR to the folder of yours, or make one here"
            " with `muster db upgrade`."
        )


def show_password(settings: Settings, username: str, password: str) -> None:
    """Show the first administrator's password, once, and the command that changes it in this very store."""
    # The address of a server holds a password, so whoever runs the command brings it again.
    here = f"MUSTER_DATA_DIR={shlex.quote(str(settings.data_dir))} " if settings.database_url is None else ""
    click.echo(
        f"\n  First administrator: {username}\n  Password (shown only now): {password}\n"
        f"  Change it with: {here}{shlex.quote(sys.argv[0])} user set-password {username}\n",
        err=True,
    )


pass_program = click.make_pass_decorator(Program)
