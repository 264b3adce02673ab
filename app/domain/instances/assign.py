"""Set the fields of an instance from a command's values."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.errors import FieldFault
from app.domain.egress.endpoint import host_key
from app.domain.instances.commands import DEFAULTS
from app.domain.instances.lookup import Lookup
from app.domain.instances.record import SCALARS
from app.models import Credential, Instance, InstanceExternalId, InstanceTag, Tag


def assign(instance: Instance, values: Mapping[str, Any], found: Lookup, credential: Credential | None) -> None:
    """Set the given fields; null clears a field or sets its default. Retired implies inactive."""
    for name in SCALARS:
        if name in values:
            value = values[name]
            setattr(instance, name, DEFAULTS.get(name) if value is None else value)
    if "host" in values:
        instance.host_key = host_key(values["host"])
    if instance.lifecycle == "retired":
        instance.is_active = False
    if "environment" in values:
        instance.environment_row = found.environment
    if "cluster_id" in values:
        instance.cluster = found.cluster
    if "credential_id" in values:
        instance.credential = credential
        instance.credential_id = credential.id if credential else None
    if "tag_names" in values:
        _set_tags(instance, found.tags)
    if "external_ids" in values:
        _set_external_ids(instance, values["external_ids"] or {})


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
