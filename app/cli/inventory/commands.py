"""`muster export`, `plan` and `apply`."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.client.api import Api, Note
from app.cli.client.connection import calls_muster
from app.cli.client.errors import CallFailed
from app.cli.exit_codes import CHANGES
from app.cli.instances.writing import confirm, note_options
from app.cli.inventory.applying import Applying, Outcome, check_secrets
from app.cli.inventory.exporting import write_files
from app.cli.inventory.loading import FilesInvalid, load
from app.cli.inventory.planning import Plan, make_plan, with_secrets
from app.cli.inventory.register import Register, read_register
from app.cli.inventory.show import as_data, asides, print_plan
from app.cli.inventory.stopping import stopping_between_steps
from app.cli.output import console, show_data

_folder = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
_known_folder = click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
_prune_option = click.option(
    "--prune", is_flag=True, help="Delete what is not in the files, of kinds that are; instances go to the recycle bin."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.command()
@_folder
@calls_muster
def export(api: Api, *, folder: Path) -> None:
    """Write the register to DIR, as YAML files for `plan` and `apply`.

    Files of an earlier export are replaced; secrets and what was collected are in none.
    """
    register = read_register(api)
    number = write_files(register, folder)
    click.echo(f"{number} files written to {folder}.", err=True)


@click.command()
@_known_folder
@_prune_option
@_json_option
@calls_muster
@click.pass_context
def plan(ctx: click.Context, api: Api, *, folder: Path, prune: bool, as_json: bool) -> None:
    """Show what `apply` would change; exits with 2 when that is anything."""
    found, _ = _planned(api, folder, prune=prune)
    _show(found, as_json=as_json)
    ctx.exit(CHANGES if found.changes else 0)


@click.command()
@_known_folder
@_prune_option
@_json_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@note_options
@calls_muster
def apply(
    api: Api, *, folder: Path, prune: bool, as_json: bool, yes: bool, reason: str | None, ticket: str | None
) -> None:
    """Make the register what the files in DIR say.

    Each write says which version was compared: what somebody else has changed meanwhile is not overwritten. What was
    written stays when a later write fails or you stop; apply again to go on.
    """
    found, register = _planned(api, folder, prune=prune)
    check_secrets(found)
    if not as_json:
        _show(found, as_json=False)
    if found.changes and not yes:
        confirm(f"Make these changes in {api.where}?")
    outcomes = _carried_out(Applying(api, register, note=Note(reason, ticket)), found)
    _report(found, outcomes, as_json=as_json)


def _planned(api: Api, folder: Path, *, prune: bool) -> tuple[Plan, Register]:
    inventory = load(folder)
    try:
        register = read_register(api)
    except CallFailed:
        if inventory.faults:  # those that are known without a register
            raise FilesInvalid(inventory.faults) from None
        raise
    return with_secrets(make_plan(inventory, register, prune=prune), inventory, register, api), register


def _show(found: Plan, *, as_json: bool) -> None:
    if as_json:
        show_data(as_data(found), "json")
        return
    print_plan(found, console())
    for line in asides(found):
        click.echo(line, err=True)


def _carried_out(applying: Applying, found: Plan) -> list[Outcome]:
    """Carry the plan out below a bar of progress; what was done before an end is told at any end."""
    outcomes: list[Outcome] = []
    shown = console(stderr=True)
    columns = (TextColumn("Applying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal)
    with bar, stopping_between_steps() as wanted:
        task = bar.add_task("apply", total=len(found.changes))
        try:
            for outcome in applying.carry_out(found):
                outcomes.append(outcome)
                bar.advance(task)
                if wanted.is_set():
                    break
        except CallFailed as exc:
            raise CallFailed(f"{exc.message}\n{_so_far(outcomes, found)}") from None
    if len(outcomes) < len(found.changes):
        raise CallFailed(f"Stopped.\n{_so_far(outcomes, found)}")
    return outcomes


def _so_far(outcomes: list[Outcome], found: Plan) -> str:
    done = sum(outcome.failure is None for outcome in outcomes)
    return f"{done} of {len(found.changes)} changes were made and stay; apply again to go on."


def _report(found: Plan, outcomes: list[Outcome], *, as_json: bool) -> None:
    failed = [outcome for outcome in outcomes if outcome.failure is not None]
    if as_json:
        told = as_data(found)
        for change, outcome in zip(told["changes"], outcomes, strict=True):
            change["failure"], change["warnings"] = outcome.failure, list(outcome.warnings)
        show_data(told, "json")
    elif found.changes:
        click.echo(f"{len(outcomes) - len(failed)} of {len(outcomes)} changes made.")
    for outcome in outcomes:
        for warning in outcome.warnings:
            click.echo(f"Warning: {outcome.change.kind.name} {outcome.change.name}: {warning}", err=True)
    if failed:
        lines = [f"{one.change.action} {one.change.kind.name} {one.change.name}: {one.failure}" for one in failed]
        raise click.ClickException("\n".join([f"{len(failed)} changes failed:", *(f"  {line}" for line in lines)]))
