"""Which instance an argument means, and which thing a name means that an instance refers to."""

from collections.abc import Mapping
from typing import Any

import click

from app.cli.client.api import Api
from app.cli.client.errors import CallFailed
from app.cli.completion import complete_instances

PREFIX = "name:"
instance_argument = click.argument("instance", metavar="NAME|ID", shell_complete=complete_instances)


def find_instance(api: Api, instance: str) -> Mapping[str, Any]:
    """Return `id`, `name`, `version` and `status` of an instance, in the recycle bin or not.

    Digits are an id; after `name:` they are a name.

    :raises CallFailed: there is none.
    """
    by = {"id": instance} if instance.isdecimal() else {"name": instance.removeprefix(PREFIX)}
    fields = "id,name,version,status"
    answer = api.get("/instances", {**by, "include_deleted": "true", "fields": fields, "count": "false"})
    if not answer.data["items"]:
        raise CallFailed(f"There is no instance {instance}: `muster instances list` shows those that there are.")
    found: Mapping[str, Any] = answer.data["items"][0]
    return found


def find_reference(api: Api, path: str, name: str) -> int:
    """Return the id of the thing of this exact name in a list such as `/credentials`.

    :raises CallFailed: there is none.
    """
    for item in api.items(path, {"search": name}):
        if item["name"] == name:
            return int(item["id"])
    raise CallFailed(f"There is no {path.strip('/').removesuffix('s')} {name}.")
