"""`muster user`: people who may log in. No password ever stands in the arguments."""

import json
import sys

import click

from app.cli.failures import tells_failures
from app.cli.output import console, new_table
from app.cli.program import Program, check_store_exists, pass_program
from app.core.crypto import KeyRing
from app.core.db import snapshot, transaction
from app.core.settings import Settings
from app.domain.access import repository
from app.domain.access.first_admin import forget_password_file
from app.domain.access.login import forgive
from app.domain.access.passwords import Passwords
from app.domain.access.permissions import ROLES, Role
from app.domain.access.user_service import UserWriteService

_ROLE = click.Choice(ROLES)


def _open(program: Program) -> tuple[Settings, UserWriteService, KeyRing]:
    """Open the store that is there: a forgotten MUSTER_DATA_DIR must not make another one."""
    settings = program.load_settings_of_this_machine()
    check_store_exists(settings)
    parts = program.open_store(settings)
    return settings, UserWriteService(passwords=Passwords(settings)), parts.keys


def _read_password() -> str:
    """Ask twice at a terminal; otherwise take the first line of standard input."""
    if sys.stdin.isatty():
        answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return answer
    return sys.stdin.readline().rstrip("\r\n")


@click.group()
def user() -> None:
    """Manage users. Passwords are asked for, or read from standard input."""


@user.command()
@click.argument("username")
@click.option("--role", type=_ROLE, required=True)
@pass_program
@tells_failures
def create(program: Program, username: str, role: Role) -> None:
    """Add a user."""
    _, service, _ = _open(program)
    new = service.ready({"username": username, "password": _read_password(), "role": role})
    with transaction():
        service.create(new)
    click.echo(f"User {username} created with the role {role}.")


@user.command("set-password")
@click.argument("username")
@pass_program
@tells_failures
def set_password(program: Program, username: str) -> None:
    """Give a user another password, end all of the user's sessions and let the user try to log in again."""
    settings, service, keys = _open(program)
    password_hash = service.hashed({"password": _read_password()})
    with transaction():
        service.set_password(username, password_hash)
        forgive(username, keys=keys)
    forget_password_file(settings, username)
    click.echo(f"Password of {username} changed; all of the user's sessions have ended.")


@user.command("set-role")
@click.argument("username")
@click.argument("role", type=_ROLE)
@pass_program
@tells_failures
def set_role(program: Program, username: str, role: Role) -> None:
    """Give a user another role; it counts from the next request on."""
    _, service, _ = _open(program)
    with transaction():
        service.set_role(username, role)
    click.echo(f"User {username} has the role {role}.")


@user.command()
@click.argument("username")
@pass_program
@tells_failures
def disable(program: Program, username: str) -> None:
    """Shut a user out: all sessions and all tokens end, for good."""
    _, service, _ = _open(program)
    with transaction():
        service.disable(repository.get_by_name(username).id)
    click.echo(f"User {username} is disabled.")


@user.command()
@click.argument("username")
@pass_program
@tells_failures
def enable(program: Program, username: str) -> None:
    """Let a disabled user in again."""
    _, service, _ = _open(program)
    with transaction():
        service.enable(repository.get_by_name(username).id)
    click.echo(f"User {username} is enabled.")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_program
@tells_failures
def list_users(program: Program, *, as_json: bool) -> None:
    """List users with their roles."""
    _open(program)
    if as_json:
        with snapshot():
            names = ("id", "username", "role", "is_active")
            click.echo(json.dumps([{name: getattr(one, name) for name in names} for one in repository.list_all()]))
        return
    with snapshot():
        rows = [(one.username, one.role, "yes" if one.is_active else "no") for one in repository.list_all()]
    table = new_table("Username", "Role", "Active")
    for row in rows:
        table.add_row(*row)
    console().print(table)
