"""What a partial change makes of the fields that hold several values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.core.errors import FieldFault, Invalid
from app.domain.instances.commands import EXTERNAL_MOST, KEYS_MOST, TAGS_MOST, PatchInstance
from app.domain.instances.lookup import Lookup
from app.models import Instance

_MOST = {"custom": KEYS_MOST, "external_ids": EXTERNAL_MOST}


def merge(patch: PatchInstance, instance: Instance, found: Lookup) -> tuple[dict[str, Any], Lookup]:
    """Return the given fields as an update takes them, and the tags that the instance will carry.

    Objects are merged member by member, as RFC 7396 has it: one that is null goes.

    :raises Invalid: together with what is there already there would be too many.
    """
    given = patch.given()
    for name in _MOST:
        if given.get(name) is not None:
            given[name] = _merged(getattr(instance, name) or {}, given[name])
    add, remove = given.pop("add_tags", None) or [], given.pop("remove_tags", None) or []
    if add or remove:
        named = {tag.name: tag for tag in found.tags}
        kept = [tag for tag in instance.tags if tag.name not in named]
        found = replace(found, tags=[*kept, *(named[name] for name in add if name not in remove)])
        given["tag_names"] = [tag.name for tag in found.tags]
    faults = [
        FieldFault(name, "too_many", {"max_length": most})
        for name, most in (*_MOST.items(), ("tag_names", TAGS_MOST))
        if len(given.get(name) or ()) > most
    ]
    if faults:
        raise Invalid(faults)
    return given, found


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**old, **new}.items() if name not in new or value is not None}
