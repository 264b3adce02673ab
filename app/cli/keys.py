"""`muster keys`: the keys that seal stored secrets. Explanations go to standard error, results to standard output."""

import json
from typing import Any

import click

from app.cli.failures import tells_failures
from app.cli.output import console, new_table
from app.cli.program import Program, check_store_exists, pass_program
from app.core.crypto import KeyRing
from app.core.db import snapshot
from app.core.settings import Settings
from app.domain.credentials import rotation
from app.domain.credentials.key_ring_changes import KeyRingChanges
from app.domain.credentials.processes import list_live

_SETTING = "MUSTER_KEYS (or the file of MUSTER_KEYS_FILE)"


def _open(program: Program) -> tuple[Settings, KeyRing]:
    settings = program.load_settings_of_this_machine()
    check_store_exists(settings)
    return settings, program.open_store(settings).keys


def _tell(text: str) -> None:
    click.echo(text, err=True)


@click.group()
def keys() -> None:
    """Look after the keys that seal stored secrets.

    To change the key: add, promote, rotate, check, drop. Each may be repeated, and stopped at any moment.
    """


@keys.command()
@pass_program
@tells_failures
def add(program: Program) -> None:
    """Make a key that opens and does not seal yet; prints its id, or the entry for MUSTER_KEYS."""
    settings, _ = _open(program)
    made = KeyRingChanges(settings).add()
    click.echo(made.entry or made.key_id)
    if made.entry:
        _tell(f"Append this entry to {_SETTING}, with a comma, and restart every process.")
    else:
        _tell(f"Key {made.key_id} added to {settings.keys_path}; processes take it up within seconds.")
    _tell(f"Then: muster keys promote {made.key_id}")


@keys.command()
@click.argument("identifier", metavar="ID")
@pass_program
@tells_failures
def promote(program: Program, identifier: str) -> None:
    """Let a key seal from now on; refused until every live process reports it."""
    settings, _ = _open(program)
    changes = KeyRingChanges(settings)
    changes.promote(identifier)
    if changes.in_settings:
        _tell(f"Every live process holds {identifier}. Put its entry first in {_SETTING} and restart every process.")
    else:
        _tell(f"Key {identifier} seals from now on; processes take that up within seconds.")
    _tell("Then: muster keys rotate")


@keys.command()
@pass_program
@tells_failures
def rotate(program: Program) -> None:
    """Seal every secret anew with the first key of the ring."""
    _, ring = _open(program)
    done = rotation.rotate(ring)
    _tell(f"{done.swapped} secrets sealed anew with {ring.active_id}, {done.left} left.")
    if done.left:
        raise click.ClickException("Others kept sealing with an older key; run it again in a while.")


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_program
@tells_failures
def check(program: Program, *, as_json: bool) -> None:
    """Open every secret, and show how many lie under each key and which processes hold it."""
    _, ring = _open(program)
    checked = rotation.check(ring)
    with snapshot():
        holders = {one.process_id: (f"{one.pid}@{one.host}", one.key_ids) for one in list_live()}
    ids = [*ring.ids, *sorted(set(checked.counts) - set(ring.ids))]
    rows = [
        {
            "key": key_id,
            "state": _state(ring, key_id),
            "cells": checked.counts.get(key_id, {}),
            "processes": [name for name, held in holders.values() if key_id in held],
        }
        for key_id in ids
    ]
    if as_json:
        click.echo(json.dumps({"keys": rows, "faults": checked.faults}))
    else:
        _show(rows)
    if checked.faults:
        raise click.ClickException("\n".join(["Secrets that do not open:", *checked.faults]))


def _state(ring: KeyRing, key_id: str) -> str:
    if key_id not in ring.ids:
        return "missing"
    return "seals" if key_id == ring.active_id else "opens"


def _show(rows: list[dict[str, Any]]) -> None:
    table = new_table("Key", "State", "Secrets", "Processes")
    for row in rows:
        cells = ", ".join(f"{place}: {count}" for place, count in sorted(row["cells"].items())) or "-"
        table.add_row(row["key"], row["state"], cells, ", ".join(row["processes"]) or "-")
    console().print(table)


@keys.command()
@click.argument("identifier", metavar="ID")
@pass_program
@tells_failures
def drop(program: Program, identifier: str) -> None:
    """Take a key off the ring; refused while a secret lies under it or a process seals with it.

    Sessions whose cookie was signed before the key was replaced end with it.
    """
    settings, _ = _open(program)
    changes = KeyRingChanges(settings)
    changes.drop(identifier)
    if changes.in_settings:
        _tell(f"Nothing lies under {identifier}. Take its entry out of {_SETTING} and restart every process.")
    else:
        _tell(f"Key {identifier} dropped from {settings.keys_path}.")
