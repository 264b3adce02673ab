"""What a step makes of the fields that hold several values."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import FieldFault
from app.domain.instances.bulk.register import Draft
from app.domain.instances.bulk.step import Step
from app.domain.instances.commands import EXTERNAL_MOST, KEYS_MOST, TAGS_MOST

_MOST = {"custom": KEYS_MOST, "external_ids": EXTERNAL_MOST}


def merge(step: Step, draft: Draft) -> tuple[dict[str, Any], list[FieldFault]]:
    """Return the given fields as a plan takes them, and what is too much together with what is there already.

    Objects are merged member by member, as RFC 7396 has it: one that is null goes.
    """
    given = dict(step.given)
    for name in _MOST:
        if isinstance(given.get(name), Mapping):
            before = {} if name in step.replaced else draft.record[name] or {}
            given[name] = _merged(before, given[name], keep_null=name in step.replaced)
    if step.op in {"tag", "untag"}:
        given = {"add_tags" if step.op == "tag" else "remove_tags": given.get("tag_names")}
    faults = []
    add, remove = given.pop("add_tags", None) or [], given.pop("remove_tags", None) or []
    if add or remove:
        if "tag_names" in given:
            faults.append(FieldFault("data.tag_names", "tags_in_two_ways"))
        given["tag_names"] = sorted({*draft.record["tag_names"], *add} - set(remove))
    for name, most in (*_MOST.items(), ("tag_names", TAGS_MOST)):
        if len(given.get(name) or ()) > most:
            faults.append(FieldFault(f"data.{name}", "too_many", {"max_length": most}))
    return given, faults


def _merged(old: Mapping[str, Any], new: Mapping[str, Any], *, keep_null: bool) -> dict[str, Any]:
    return {name: value for name, value in {**old, **new}.items() if name not in new or value is not None or keep_null}
