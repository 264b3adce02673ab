"""Undo changes of tags, environments, clusters and credentials."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.credentials.write_service import RULES, CredentialWriteService
from app.domain.egress.protection import Protection
from app.domain.history.target import Target
from app.domain.references.write_service import ReferenceWriteService

_BINDINGS = (*RULES, "endpoints")


def target(service: ReferenceWriteService[Any], row_id: int, changes: Sequence[Mapping[str, Any]]) -> Target:
    """Return one of the things that instances refer to.

    :raises NotFound: it is gone.
    """
    _, now = service.get_for_change(row_id)

    def write(wanted: Mapping[str, Any], operator_id: int | None) -> None:
        fields = {name: now[name] for name in service.kind.fields}
        service.update(row_id, {**fields, **wanted}, operator_id=operator_id)

    return Target(now, changes, write)


def credential_target(service: CredentialWriteService, row_id: int, changes: Sequence[Mapping[str, Any]]) -> Target:
    """Return a credential; its bindings stand beside its other fields in the trail and inside `bindings` in a command.

    :raises NotFound: it is gone.
    """
    _, now = service.get_for_change(row_id)

    def write(wanted: Mapping[str, Any], operator_id: int | None) -> None:
        fields = {name: wanted.get(name, now[name]) for name in service.kind.fields}
        bindings = {name: wanted[name] for name in _BINDINGS if name in wanted}
        if "endpoints" in bindings:
            bindings["endpoints"] = [_endpoint(text) for text in bindings["endpoints"] or ()]
        payload = {**fields, "bindings": bindings} if bindings else fields
        service.update(row_id, payload, operator_id=operator_id)

    return Target(now, [_whole(change, now) for change in changes], write)


def _whole(change: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tell an endpoint that was added by itself as the list of all of them, before and after."""
    added, replaced = change["after"], change["before"]
    if change["field"] != "endpoints" or not isinstance(added, str):
        return change
    before = [one for one in now["endpoints"] if one != added]
    return {"field": "endpoints", "before": [*before, replaced] if replaced else before, "after": now["endpoints"]}


def _endpoint(text: str) -> Mapping[str, Any]:
    """Read what `binding_text` wrote."""
    db_type, address, *tls = text.split(" ")
    host, _, port = address.rpartition(":")
    protection = Protection.parse(" ".join(tls))
    return {
        "db_type": db_type,
        "host": host.removeprefix("[").removesuffix("]"),
        "port": int(port),
        "tls_mode": protection.mode,
        "tls_ca_digest": protection.ca_digest,
        "tls_legacy": protection.legacy,
    }
