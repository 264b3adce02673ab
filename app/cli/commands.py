"""The `muster` command and its groups."""

import json

import click

from app.cli.database import db
from app.cli.keys import keys
from app.cli.program import Program, pass_program
from app.cli.serve import serve
from app.cli.tokens import token
from app.cli.users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="dbmuster", prog_name="muster")
def muster() -> None:
    """The register of every database instance that a company runs.

    Settings come from MUSTER_* variables or the TOML file that MUSTER_CONFIG_FILE names.
    """


@muster.command()
@pass_program
def openapi(program: Program) -> None:
    """Print the OpenAPI document of API v1."""
    click.echo(json.dumps(program.openapi_document(), ensure_ascii=False, indent=2))


muster.add_command(serve)
muster.add_command(user)
muster.add_command(token)
muster.add_command(keys)
muster.add_command(db)
