"""What a command makes of an instance: first as a plan to compare and to check, then set on the row."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.errors import FieldFault
from app.domain.egress.endpoint import host_key
from app.domain.instances.commands import DEFAULTS
from app.domain.instances.connection import ClientKey, Keys, sealed_key
from app.domain.instances.forgetting import forget
from app.domain.instances.lookup import LOGINS, Logins, Lookup
from app.domain.instances.record import SCALARS, named
from app.models import Instance, InstanceExternalId, InstanceTag, Tag, search_text


def plan(given: Mapping[str, Any], found: Lookup, logins: Logins, *, was_retired: bool) -> dict[str, Any]:
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
    planned |= {name: named(getattr(logins, name)) for name in LOGINS if f"{name}_id" in given}
    if "tls_client_key" in given:
        planned["tls_client_key"] = ClientKey.given(given["tls_client_key"])
    if "tag_names" in given:
        planned["tag_names"] = sorted(tag.name for tag in found.tags)
    if "external_ids" in given:
        planned["external_ids"] = given["external_ids"] or {}
    return planned


def _or_default(name: str, value: Any) -> Any:  # noqa: ANN401 - any field
    return DEFAULTS.get(name) if value is None else value


def assign(instance: Instance, planned: Mapping[str, Any], found: Lookup, logins: Logins, *, keys: Keys | None) -> None:
    """Set on the row what was planned; a new client key is sealed, and who moves is no longer known by its checks."""
    forget(instance, planned)
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
    _set_logins(instance, planned, logins)
    for name, value in sealed_key(planned["tls_client_key"], keys).items() if "tls_client_key" in planned else ():
        setattr(instance, name, value)
    if "tag_names" in planned:
        _set_tags(instance, found.tags)
    if "external_ids" in planned:
        _set_external_ids(instance, planned["external_ids"])


def _set_logins(instance: Instance, planned: Mapping[str, Any], logins: Logins) -> None:
    for name in LOGINS:
        if name in planned:
            credential = getattr(logins, name)
            setattr(instance, name, credential)
            setattr(instance, f"{name}_id", credential.id if credential else None)


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
