"""The group `muster instances`."""

import click

from app.cli.instances import reading, writing


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
):
    instances.add_command(command)
