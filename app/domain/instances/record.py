"""What an instance is in the audit trail: a flat record, from which every change is told."""

from collections.abc import Mapping
from typing import Any

from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.protection import Destination, Protection
from app.domain.instances.connection import ClientKey
from app.models import Instance

# Fields that a write sets as they are; what they may hold stands in `commands`.
SCALARS = (
    "name",
    "db_type",
    "host",
    "port",
    "database_name",
    "service_name",
    "sid",
    "instance_name",
    "description",
    "is_active",
    "owner",
    "contact",
    "location",
    "criticality",
    "lifecycle",
    "endpoint_kind",
    "platform",
    "custom",
    "muted_until",
    "tls_mode",
    "tls_ca",
    "tls_client_cert",
    "tls_legacy",
    "connect_timeout_ms",
    "statement_timeout_ms",
    "deadline_ms",
)


def record_of(instance: Instance) -> dict[str, Any]:
    """Return every field that a person can change, references by name where they have one."""
    return {
        **{name: getattr(instance, name) for name in SCALARS},
        "environment": instance.environment,
        "cluster": named(instance.cluster),
        "credential": named(instance.credential),
        "admin_credential": named(instance.admin_credential),
        "tls_client_key": ClientKey.kept(instance.tls_client_key_digest),
        "tag_names": sorted(tag.name for tag in instance.tags),
        "external_ids": instance.external_ids,
    }


def named(row: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a cluster or a credential
    """Return a reference as the record keeps it: its name is copied, so that it outlives the thing."""
    return {"id": row.id, "name": row.name} if row is not None else None


def destination_of(values: Mapping[str, Any]) -> Destination:
    """Return where a record, or a command under the same names, lets secrets go, and under which TLS."""
    endpoint = Endpoint(values["db_type"], host_key(values["host"]), values["port"])
    return Destination(endpoint, Protection.of(values["tls_mode"], values["tls_ca"], legacy=bool(values["tls_legacy"])))
