"""The `muster` command and its groups."""

import json

import click

from app.cli.audit import audit
from app.cli.checks.commands import check
from app.cli.completion import completion
from app.cli.database import db
from app.cli.exit_codes import ExitsWithUsage
from app.cli.instances.commands import instances
from app.cli.inventory.commands import apply, export, plan
from app.cli.keys import keys
from app.cli.program import Program, pass_program
from app.cli.serve import serve
from app.cli.tokens import token
from app.cli.users import user


@click.group(cls=ExitsWithUsage, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
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


for command in (serve, user, token, keys, db, audit, instances, check, export, plan, apply, completion):
    muster.add_command(command)
