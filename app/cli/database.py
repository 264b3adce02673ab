"""`muster db`: the schema of the store."""

import click

from app.cli.failures import tells_failures
from app.cli.program import Program, check_store_exists, pass_program
from app.core.db import Database, schema
from app.core.db.opening import place_of


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
@pass_program
@tells_failures
def upgrade(program: Program) -> None:
    """Make the store, or bring it to the newest schema."""
    parts = program.open_store(program.load_settings(), upgrade=True)
    click.echo(f"The store is at revision {schema.current(parts.database.engine)}.")


@db.command()
@pass_program
@tells_failures
def current(program: Program) -> None:
    """Show the schema revision of the store and the newest one; changes nothing."""
    settings = program.load_settings()
    check_store_exists(settings)
    database = Database(place_of(settings), pool_size=1)
    try:
        click.echo(f"{schema.current(database.engine)} (newest: {schema.revisions()[-1]})")
    finally:
        database.close()
