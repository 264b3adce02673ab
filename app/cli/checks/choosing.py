"""Which instances `muster check` means: those that are named, or all that are in use and match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from app.cli.client.api import Api
from app.cli.instances.naming import find_instance

FIELDS = "id,name,db_type,host,port,environment"
Instance = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was asked for. Whoever names instances looks at each of them; anything else is done in passing."""

    names: Sequence[str] = ()
    everything: bool = False
    tags: Sequence[str] = ()
    environments: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse what says nothing, and what says two things.

        :raises click.UsageError: one of the two.
        """
        filtered = bool(self.tags or self.environments)
        if not (self.names or self.everything or filtered):
            raise click.UsageError("Name instances, or choose some with --all, --tag or --environment.")
        if self.names and (self.everything or filtered):
            raise click.UsageError("Names go without --all, --tag and --environment.")

    @property
    def is_attended(self) -> bool:
        """Tell whether somebody waits for just these: then a login that was suspended is tried again."""
        return bool(self.names)


def chosen(api: Api, choice: Choice) -> list[Instance]:
    """Return the instances, by name.

    :raises CallFailed: one that was named is not there, or in the recycle bin.
    :raises click.ClickException: there is no such tag or environment.
    """
    if choice.names:
        return [_named(api, name) for name in dict.fromkeys(choice.names)]
    params: dict[str, Any] = {"status": "active", "sort": "name", "fields": FIELDS}
    if choice.tags:
        _check_known(api, "/tags", "name", choice.tags)
        params["tags"] = list(choice.tags)
    if choice.environments:
        _check_known(api, "/environments", "key", choice.environments)
        params["environment"] = list(choice.environments)
    return list(api.instances(params))


def _check_known(api: Api, path: str, title: str, wanted: Sequence[str]) -> None:
    """Refuse what is written wrongly: nothing would match it, for ever, and nobody would notice.

    :raises click.ClickException: naming each.
    """
    known = {item[title] for item in api.items(path)}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise click.ClickException(f"There is no {path.strip('/').removesuffix('s')} {', '.join(unknown)}.")


def _named(api: Api, name: str) -> Instance:
    found = find_instance(api, name)
    if found["status"] == "deleted":
        raise click.ClickException(
            f"{found['name']} is in the recycle bin: restore it first, with `muster instances restore {found['name']}`."
        )
    shown: Instance = api.get(f"/instances/{found['id']}").data["instance"]
    return shown
