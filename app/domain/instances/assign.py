"""What a command makes of an instance: first as a plan to compare and to check, then set on the row."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.errors import FieldFault
from app.domain.egress.endpoint import host_key
from app.domain.instances.commands import DEFAULTS
from app.domain.instances.lookup import Lookup
from app.domain.instances.record import SCALARS, named
from app.models import Credential, Instance, InstanceExternalId, InstanceTag, Tag, search_text


def plan(
    given: Mapping[str, Any], found: Lookup, credential: Credential | None, *, was_retired: bool
) -> dict[str, Any]:
    """Return the part of the record that the given values change; the row itself stays as it is.

    Null clears a field or sets its default. Retired implies inactive.
    """
    planned = {name: _or_default(name, given[name]) for name in SCALARS if name in given}
    if planned.get("lifecycle", "retired" if was_retired else None) == "retired":
        planned["is_active"] = False
    if "environment" in given:
        planned["environment"] = found.environment.key if found.environment else None
    if "cluster_id" in given:
        planned["cluster"] = named(found.cluster)
    if "credential_id" in given:
        planned["credential"] = named(credential)
    if "tag_names" in given:
        planned["tag_names"] = sorted(tag.name for tag in found.tags)
    if "external_ids" in given:
        planned["external_ids"] = given["external_ids"] or {}
    return planned


def _or_default(name: str, value: Any) -> Any:  # noqa: ANN401 - any field
    return DEFAULTS.get(name) if value is None else value


def assign(instance: Instance, planned: Mapping[str, Any], found: Lookup, credential: Credential | None) -> None:
    """Set on the row what was planned."""
    for name in SCALARS:
        if name in planned:
            setattr(instance, name, planned[name])
    if "host" in planned:
        instance.host_key = host_key(planned["host"])
    instance.search_text = search_text(instance.name, instance.host, instance.description)
    if "environment" in planned:
        instance.environment_row = found.environment
    if "cluster" in planned:
        instance.cluster = found.cluster
    if "credential" in planned:
        instance.credential = credential
        instance.credential_id = credential.id if credential else None
    if "tag_names" in planned:
        _set_tags(instance, found.tags)
    if "external_ids" in planned:
        _set_external_ids(instance, planned["external_ids"])


def _set_tags(instance: Instance, wanted: Sequence[Tag]) -> None:
    ids = {tag.id for tag in wanted}
    kept = [link for link in instance.tag_links if link.tag_id in ids]
    known = {link.tag_id for link in kept}
    new = (InstanceTag(tag_id=tag.id, tag=tag) for tag in wanted if tag.id not in known)
    instance.tag_links = [*kept, *new]


def _set_external_ids(instance: Instance, wanted: Mapping[str, str]) -> None:
    known = {row.system: row for row in instance.external_id_rows}
    for system, row in known.items():
        if system not in wanted:
            instance.external_id_rows.remove(row)
        elif row.external_id != wanted[system]:
            row.external_id = wanted[system]
    for system in sorted(wanted.keys() - known.keys()):
        instance.external_id_rows.append(InstanceExternalId(system=system, external_id=wanted[system]))


def retired_faults(given: Mapping[str, Any], *, was_retired: bool) -> list[FieldFault]:
    """Return the fault of an instance that would be retired and active at once."""
    retired = given["lifecycle"] == "retired" if "lifecycle" in given else was_retired
    return [FieldFault("is_active", "retired_is_inactive")] if retired and given.get("is_active") is True else []
