"""`muster db`: the schema of the store, its backups and their restore."""

from pathlib import Path

import click

from app.cli.failures import tells_failures
from app.cli.program import Program, check_store_exists, pass_program
from app.core.db import schema
from app.core.db.opening import name_of, opened
from app.core.settings import Settings
from app.domain.backups import service as backups

_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
@pass_program
@tells_failures
def upgrade(program: Program) -> None:
    """Make the store, or bring it to the newest schema."""
    parts = program.make_store(program.load_settings_of_this_machine(), upgrade=True)
    click.echo(f"The store is at revision {schema.current(parts.database.engine)}.")


@db.command()
@pass_program
@tells_failures
def current(program: Program) -> None:
    """Show the schema revision of the store and the newest one; changes nothing."""
    settings = program.load_settings_of_this_machine()
    check_store_exists(settings)
    with opened(settings) as database:
        click.echo(f"{schema.current(database.engine) or 'no schema of Muster yet'} (newest: {schema.revisions()[-1]})")


@db.command()
@click.argument("file", type=_NEW_FILE)
@pass_program
@tells_failures
def backup(program: Program, file: Path) -> None:
    """Write a backup of the store into a new FILE while Muster runs. It holds no key: keep the keys as well."""
    settings = program.load_settings_of_this_machine()
    check_store_exists(settings)
    told = _backed_up(settings, file)
    click.echo(f"{file} is a backup of {name_of(settings)}, checked and readable by its owner alone.")
    click.echo("It holds no key. Without the keys that sealed them its passwords cannot be read: keep them elsewhere.")
    if not told:
        click.echo("The audit trail does not tell of it, since the schema of the store is older than this Muster.")


def _backed_up(settings: Settings, file: Path) -> bool:
    if not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    try:
        return backups.back_up(settings, file)
    except FileExistsError:
        raise click.ClickException(f"{file} exists already; a backup overwrites nothing.") from None
    except OSError as exc:
        if exc.filename is None or Path(exc.filename).parent != file.parent:
            raise
        # It is written under another name until it is whole, which nobody has asked for.
        raise click.ClickException(f"{file} cannot be written: {exc.strerror}.") from None


@db.command()
@click.argument("file", type=_NEW_FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_program
@tells_failures
def restore(program: Program, file: Path, *, yes: bool) -> None:
    """Put a backup in the place of the store, which is kept as another backup. All sessions end."""
    settings = program.load_settings_of_this_machine()
    content = backups.look_into(settings, file)
    if not yes:
        click.confirm(
            f"{file}, at schema revision {content.revision}, will replace {name_of(settings)}. Go on?", abort=True
        )
    done = backups.restore(settings, file)
    click.echo(f"{name_of(settings)} holds what {file} held; the schema is at revision {schema.revisions()[-1]}.")
    click.echo("All sessions have ended: everybody has to log in again.")
    if done.replaced:
        click.echo(f"What it held before is in {done.replaced}.")
