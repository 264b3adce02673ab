"""Which instances `muster check` means: those that are named, or all that are in use and match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from app.cli.client.api import Api
from app.cli.instances.naming import InstanceUnknown, find_instance

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


@dataclass(frozen=True, slots=True)
class Chosen:
    """The instances, by name, and why others that were named cannot be checked."""

    instances: Sequence[Instance]
    missing: Mapping[str, str] = field(default_factory=dict)


def chosen(api: Api, choice: Choice) -> Chosen:
    """Return what is to be checked.

    :raises click.ClickException: there is no such tag or environment.
    :raises CallFailed: there is no answer, or it is no.
    """
    if choice.names:
        return _named(api, choice.names)
    _check_exist(api, "tag", choice.tags, by="name")
    # An empty key stands for "without an environment".
    _check_exist(api, "environment", [one for one in choice.environments if one], by="key")
    params: dict[str, Any] = {"status": "active", "sort": "name", "fields": FIELDS}
    if choice.tags:
        params["tags"] = list(choice.tags)
    if choice.environments:
        params["environment"] = list(choice.environments)
    return Chosen(list(api.instances(params)))


def _check_exist(api: Api, kind: str, wanted: Sequence[str], *, by: str) -> None:
    """Refuse a name that nothing has: it would match no instance, and look as if all were well.

    :raises click.ClickException: naming it.
    """
    if not wanted:
        return
    known = {one[by] for one in api.items(f"/{kind}s")}
    unknown = [one for one in wanted if one.strip() not in known]
    if unknown:
        raise click.ClickException(f"There is no {kind} {', '.join(unknown)}.")


def _named(api: Api, names: Sequence[str]) -> Chosen:
    found, missing = {}, {}
    for name in names:
        try:
            one = find_instance(api, name)
        except InstanceUnknown as exc:
            missing[name] = exc.message
            continue
        if one["status"] == "deleted":
            missing[name] = (
                f"{one['name']} is in the recycle bin: restore it first, with `muster instances restore {one['name']}`."
            )
        elif one["id"] not in found:
            found[one["id"]] = api.get(f"/instances/{one['id']}").data["instance"]
    return Chosen(list(found.values()), missing)
