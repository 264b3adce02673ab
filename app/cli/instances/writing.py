"""`muster instances create`, `update`, `delete` and `restore`."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from app.cli.client.api import Answer, Api, Note
from app.cli.client.connection import calls_muster
from app.cli.differences import FieldChange, headline, lines
from app.cli.instances.assignments import Assignment, merged, with_ids
from app.cli.instances.naming import find_instance, instance_argument
from app.cli.output import console, output_option, show_data, show_thing
from app.cli.yaml_files import FileFault, read_documents

_set_option = click.option(
    "--set",
    "assignments",
    type=Assignment(),
    multiple=True,
    metavar="FIELD=VALUE",
    help="Any field of the API, credential and cluster by name; empty clears, custom.rack=B12 sets a member.",
)
_if_match_option = click.option(
    "--if-match", type=click.IntRange(1), metavar="VERSION", help="Only when this is still its version."
)


def note_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say why a change is made."""
    reason = click.option("--reason", help="Why, for the audit trail.")
    return reason(click.option("--ticket", help="The ticket that asked for it, for the audit trail.")(command))


def _write_options(command: Callable[..., Any]) -> Callable[..., Any]:
    dry_run = click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
    return note_options(dry_run(output_option("table", "json", "yaml")(command)))


@click.command()
@click.argument("name", required=False)
@click.option("--db-type", metavar="ENGINE", help="Such as postgresql.")
@click.option("--host", help="Address or name of the server.")
@click.option("--port", help="1 to 65535.")
@click.option("--environment", metavar="KEY", help="Key of an environment.")
@click.option("--tag", "tags", multiple=True, metavar="NAME", help="An existing tag.")
@_set_option
@click.option(
    "--file",
    "source",
    type=click.File(encoding="utf-8"),
    help="YAML or JSON object with fields; - reads standard input.",
)
@_write_options
@calls_muster
def create(
    api: Api,
    *,
    name: str | None,
    tags: Sequence[str],
    assignments: Sequence[tuple[str, Any]],
    source: Any,  # noqa: ANN401 - a text file
    reason: str | None,
    ticket: str | None,
    dry_run: bool,
    output: str,
    **fields: str | None,
) -> None:
    """Register an instance. What the options say wins over what the file says."""
    options = {field: value for field, value in {"name": name, **fields}.items() if value is not None}
    body = {**_object_in(source), **options, **merged(assignments)}
    if tags:
        body["tag_names"] = list(tags)
    answer = api.write("POST", "/instances", with_ids(api, body), note=Note(reason, ticket), dry_run=dry_run)
    _tell(answer, "create", str(body.get("name")), output, dry_run=dry_run)


@click.command()
@instance_argument
@_set_option
@click.option("--add-tag", "add_tags", multiple=True, metavar="NAME", help="An existing tag to add.")
@click.option("--remove-tag", "remove_tags", multiple=True, metavar="NAME", help="A tag to take off.")
@_if_match_option
@_write_options
@calls_muster
def update(
    api: Api,
    *,
    instance: str,
    assignments: Sequence[tuple[str, Any]],
    if_match: int | None,
    reason: str | None,
    ticket: str | None,
    dry_run: bool,
    output: str,
    **tags: Sequence[str],
) -> None:
    """Change some fields of an instance."""
    body = merged(assignments) | {field: list(names) for field, names in tags.items() if names}
    if not body:
        raise click.UsageError("Nothing to change: give --set, --add-tag or --remove-tag.")
    found = find_instance(api, instance)
    path, note = f"/instances/{found['id']}", Note(reason, ticket)
    answer = api.write("PATCH", path, with_ids(api, body), note=note, if_match=if_match, dry_run=dry_run)
    _tell(answer, "update", found["name"], output, dry_run=dry_run)


@click.command()
@instance_argument
@_if_match_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@_write_options
@calls_muster
def delete(
    api: Api,
    *,
    instance: str,
    if_match: int | None,
    yes: bool,
    reason: str | None,
    ticket: str | None,
    dry_run: bool,
    output: str,
) -> None:
    """Move an instance to the recycle bin, out of which `restore` takes it."""
    found = find_instance(api, instance)
    if not yes and not dry_run:
        confirm(f"Move {found['name']} (id {found['id']}) to the recycle bin?")
    body = {"reason": reason} if reason else {}
    path, note = f"/instances/{found['id']}", Note(reason, ticket)
    answer = api.write("DELETE", path, body, note=note, if_match=if_match, dry_run=dry_run)
    _tell(answer, "delete", found["name"], output, dry_run=dry_run)


@click.command()
@instance_argument
@_if_match_option
@_write_options
@calls_muster
def restore(
    api: Api,
    *,
    instance: str,
    if_match: int | None,
    reason: str | None,
    ticket: str | None,
    dry_run: bool,
    output: str,
) -> None:
    """Take an instance out of the recycle bin, as it was."""
    found = find_instance(api, instance)
    path, note = f"/instances/{found['id']}/restore", Note(reason, ticket)
    answer = api.write("POST", path, note=note, if_match=if_match, dry_run=dry_run)
    _tell(answer, "restore", found["name"], output, dry_run=dry_run)


def confirm(question: str) -> None:
    """Ask somebody at a terminal; where nobody can answer, --yes has to.

    :raises click.ClickException: nobody can answer.
    :raises click.Abort: the answer is no.
    """
    if not sys.stdin.isatty():
        raise click.ClickException("Nobody is here to ask: give --yes.")
    click.confirm(question, abort=True, err=True)


def _object_in(source: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a text file
    if source is None:
        return {}
    faults: list[FileFault] = []
    values = [document.value for document in read_documents(Path(source.name), source.read(), faults)]
    if faults:
        raise click.ClickException("\n".join(map(str, faults)))
    if len(values) != 1 or not isinstance(values[0], dict):
        raise click.ClickException(f"{source.name} is to hold the fields of one instance.")
    return values[0]


_DONE = {"create": "registered", "update": "changed", "delete": "moved to the recycle bin", "restore": "restored"}


def _tell(answer: Answer, action: str, name: str, output: str, *, dry_run: bool) -> None:
    for warning in answer.meta.get("warnings", ()):
        click.echo(f"Warning: {warning['message']}", err=True)
    if output != "table":
        show_data({**answer.data, "dry_run": answer.meta["dry_run"]} if dry_run else answer.data, output)
    elif dry_run:
        _rehearsed(answer.meta["dry_run"], action, name)
    elif "instance" in answer.data:
        show_thing(answer.data, output)
    else:
        click.echo(f"{name} was {_DONE[action]}.")


def _rehearsed(told: Mapping[str, Any], action: str, name: str) -> None:
    shown = console()
    for event in told["changes"]:
        kind = action if event["entity_type"] == "instance" else "update"
        shown.print(headline(kind, event["entity_type"], event["entity_name"]))
        for line in lines(FieldChange(**change) for change in event["changes"]):
            shown.print(line)
    if not told["changes"]:
        shown.print(f"{name} would stay as it is.")
    click.echo("Nothing was written: this was a dry run.", err=True)
