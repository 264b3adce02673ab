"""`muster token`: what scripts call with. The token goes to standard output, everything else to standard error."""

import json
from datetime import datetime, timedelta
from typing import Any

import click

from app.cli.failures import tells_failures
from app.cli.ids import is_id
from app.cli.output import console, new_table
from app.cli.program import Program, check_store_exists, pass_program
from app.core import clock
from app.core.db import snapshot, transaction
from app.core.settings import Settings
from app.domain.access import repository, token_repository
from app.domain.access.permissions import ROLES
from app.domain.access.sessions import Caller
from app.domain.access.token_service import TokenWriteService

_MOST = 1_000_000


class TokenId(click.ParamType[int]):
    """The id of a token; names belong to owners, so that one may mean several."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - click's signature
        """Return it as a number."""
        text = str(value)
        if not is_id(text):
            self.fail(f"{text!r} is no id of a token: `muster token list` shows them.", param, ctx)
        return int(text)


def _open(program: Program) -> Settings:
    """Open the store that is there: a forgotten MUSTER_DATA_DIR must not make another one."""
    settings = program.load_settings_of_this_machine()
    check_store_exists(settings)
    program.open_store(settings)
    return settings


def _plain(described: dict[str, Any]) -> dict[str, Any]:
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in described.items()}


@click.group()
def token() -> None:
    """Manage tokens, which scripts send as `Authorization: Bearer …`."""


@token.command()
@click.argument("name")
@click.option("--user", "username", required=True, help="Whose token it is.")
@click.option("--role", type=click.Choice(ROLES), help="At most what the user may; without it, the user's role.")
@click.option("--days", type=click.IntRange(1), default=90, help="How long it lives.")
@click.option("--network", "networks", multiple=True, help="From where it may be used; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the token under `secret`.")
@pass_program
@tells_failures
def create(
    program: Program,
    name: str,
    *,
    username: str,
    role: str | None,
    days: int,
    networks: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a token and print it, once: TOKEN=$(muster token create ci --user ann)."""
    settings = _open(program)
    if days > settings.token_max_days:
        raise click.ClickException(f"--days is at most {settings.token_max_days}; MUSTER_TOKEN_MAX_DAYS says so.")
    expires_at = clock.now() + timedelta(days=days)
    payload = {"name": name, "role": role, "expires_at": expires_at, "networks": list(networks)}
    with transaction():
        user = repository.get_by_name(username)
        owner = Caller(user.id, user.username, user.role)
        made = TokenWriteService(settings).create(payload, owner=owner)
        described = _plain(token_repository.described(made.owned))
    click.echo(json.dumps({**described, "secret": made.secret}) if as_json else made.secret)
    click.echo(
        f"Token {described['name']} (id {described['id']}) of {username}, role {described['role']}, until"
        f" {described['expires_at']}. It is shown only now.",
        err=True,
    )


@token.command("list")
@click.option("--user", "username", help="Only the tokens of this user.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_program
@tells_failures
def list_tokens(program: Program, username: str | None, *, as_json: bool) -> None:
    """List tokens, the newest first."""
    _open(program)
    with snapshot():
        owner_id = repository.get_by_name(username).id if username else None
        page = token_repository.list_page(owner_id=owner_id, search=None, offset=0, limit=_MOST)
        rows = [_plain(token_repository.described(one)) for one in page.items]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = new_table("Id", "Name", "Owner", "Role", "Status", "Expires", "Last used", "Networks")
    for row in rows:
        table.add_row(
            str(row["id"]),
            row["name"],
            row["owner"]["username"],
            row["effective_role"],
            row["status"],
            row["expires_at"][:16],
            (row["last_used_at"] or "-")[:16],
            ", ".join(row["networks"]) or "-",
        )
    console().print(table)


@token.command()
@click.argument("identifier", metavar="ID", type=TokenId())
@pass_program
@tells_failures
def revoke(program: Program, identifier: int) -> None:
    """End a token, and those that were made by it, at once."""
    _open(program)
    with transaction():
        gone = TokenWriteService.revoke(identifier, owner_id=None)
        name, owner = gone.token.name, gone.owner.username
    click.echo(f"Token {name} of {owner} revoked.", err=True)
