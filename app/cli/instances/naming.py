"""Which instance an argument means, and which thing a name means that an instance refers to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from app.cli.client.api import Api
from app.cli.client.errors import CallFailed
from app.cli.completion import complete_instances
from app.cli.ids import is_id

_BY_ID, _BY_NAME = "id:", "name:"
_argument = click.argument("instance", metavar="NAME|ID", shell_complete=complete_instances)
_MEANS = "Digits are a name where an instance has it, else an id; id:42 and name:42 say which."


def instance_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument that says which instance, and to the help what it means."""
    command.__doc__ = f"{command.__doc__}\n\n    {_MEANS}"
    return _argument(command)


class InstanceUnknown(CallFailed):
    """An argument names an instance that there is not."""


class ReferenceUnknown(CallFailed):
    """An instance is to refer to something that there is not."""


def find_instance(api: Api, instance: str) -> Mapping[str, Any]:
    """Return `id`, `name`, `version` and `status` of an instance, in the recycle bin or not.

    Digits are a name before they are an id; `id:` and `name:` in front say which.

    :raises InstanceUnknown: there is none.
    """
    more = {"include_deleted": "true", "fields": "id,name,version,status", "count": "false"}
    for by in _readings(instance):
        items = api.get("/instances", {**by, **more}).data["items"]
        if items:
            found: Mapping[str, Any] = items[0]
            return found
    raise InstanceUnknown(f"There is no instance {instance}: `muster instances list` shows those that there are.")


def _readings(instance: str) -> Sequence[Mapping[str, str]]:
    if instance.startswith(_BY_ID):
        return [{"id": instance.removeprefix(_BY_ID)}]
    by_name = {"name": instance.removeprefix(_BY_NAME)}
    return [by_name, {"id": instance}] if is_id(instance) else [by_name]


def find_reference(api: Api, path: str, name: str) -> int:
    """Return the id of the thing of this exact name in a list such as `/credentials`.

    :raises ReferenceUnknown: there is none.
    """
    for item in api.items(path, {"search": name}):
        if item["name"] == name:
            return int(item["id"])
    raise ReferenceUnknown(f"There is no {path.strip('/').removesuffix('s')} {name}.")
