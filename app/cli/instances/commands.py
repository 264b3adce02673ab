"""The group `muster instances`."""

import click

from app.cli.instances import identity, reading, writing


@click.group()
def instances() -> None:
    """Read and change the register of instances."""


for command in (
    reading.list_instances,
    reading.get,
    writing.create,
    writing.update,
    writing.delete,
    writing.restore,
    reading.history,
    identity.accept_fingerprint,
):
    instances.add_command(command)
