"""`muster instances accept-fingerprint`: consent to another server than the known one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from app.cli.client.api import Answer, Api, Note
from app.cli.client.connection import calls_muster
from app.cli.instances.naming import find_instance, instance_argument
from app.cli.instances.writing import confirm, note_options
from app.cli.output import cell, output_option, show_data, show_table

_NAMES = ("lineage", "node")
_SHOWN = (*_NAMES, "role", "started_at", "since")


@click.command("accept-fingerprint")
@instance_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show both servers, and accept nothing.")
@output_option("table", "json", "yaml")
@note_options
@calls_muster
def accept_fingerprint(
    api: Api, *, instance: str, yes: bool, dry_run: bool, output: str, reason: str | None, ticket: str | None
) -> None:
    """Take the server that answers now for the right one, after `identity.changed`.

    Both servers are shown first, and the one that was shown is accepted: not a third one that has come meanwhile.
    """
    found = find_instance(api, instance)
    path = f"/instances/{found['id']}/fingerprint"
    shown = api.get(path)
    pending = shown.data["fingerprint"]["pending"]
    if pending is None:
        _tell(shown, f"Nothing to accept: no other server answers at {found['name']}.", output)
        return
    click.echo(f"{found['name']}: another server answers than the known one.", err=True)
    if output == "table":
        show_table(("", "known", "pending"), _rows(shown.data["fingerprint"], pending))
    if dry_run:
        _tell(shown, "Nothing was accepted: this was a dry run.", output, is_aside=True)
        return
    if not yes:
        confirm(f"Accept the pending server of {found['name']} (id {found['id']})?")
    seen = {name: pending[name] for name in _NAMES}
    answer = api.write("POST", f"{path}/accept", seen, note=Note(reason, ticket))
    _tell(answer, f"The server of {found['name']} was accepted.", output)


def _rows(known: Mapping[str, Any], pending: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for name in _SHOWN:
        yield name, cell(known[name]), cell(pending[name])


def _tell(answer: Answer, sentence: str, output: str, *, is_aside: bool = False) -> None:
    """Show the fingerprint to a program, and the sentence to people; an aside on standard error in any case."""
    click.echo(sentence, err=is_aside or output != "table")
    if output != "table":
        show_data(answer.data, output)
