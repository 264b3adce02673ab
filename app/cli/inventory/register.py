"""What the register holds, read through the API: every kind whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cli.client.api import Api
from app.cli.inventory.kinds import INSTANCE_FIELDS, KINDS, Thing

_FIELDS = ",".join(("id", "version", "status", *INSTANCE_FIELDS))


@dataclass(frozen=True, slots=True)
class Register:
    """Things as the API shows them, by section and name; instances in the recycle bin are among them."""

    things: Mapping[str, Mapping[str, Thing]]


def is_deleted(thing: Thing) -> bool:
    """Tell whether an instance is in the recycle bin; other things never are."""
    return thing.get("status") == "deleted"


def read_register(api: Api) -> Register:
    """Read everything that files can hold.

    :raises CallFailed: there is no answer, or it is no.
    """
    found: dict[str, Mapping[str, Thing]] = {}
    for kind in KINDS:
        asked = {"include_deleted": "true", "fields": _FIELDS, "sort": "id"}
        items = api.instances(asked) if kind.name == "instance" else api.items(kind.path)
        found[kind.section] = {item[kind.key]: item for item in items}
    return Register(found)
