"""The kinds of thing that stand in files, in the order in which they refer to each other.

A record is what files say of one thing: JSON values by the names of the files, things by name, every field there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cli.inventory.bound_endpoints import endpoints_said, endpoints_shown
from app.core.fields import Command
from app.domain.clusters.commands import CreateCluster
from app.domain.credentials.commands import UpdateCredential
from app.domain.credentials.write_service import RULES
from app.domain.environments.commands import CreateEnvironment
from app.domain.instances.commands import DEFAULTS, CreateInstance
from app.domain.tags.commands import CreateTag

Record = dict[str, Any]
Thing = Mapping[str, Any]

INSTANCE_FIELDS = (
    "name", "db_type", "host", "port", "database_name", "service_name", "sid", "instance_name", "description",
    "environment", "lifecycle", "is_active", "endpoint_kind", "platform", "criticality", "owner", "contact",
    "location", "cluster", "credential", "admin_credential", "tags", "external_ids", "custom", "muted_until",
    "tls_mode", "tls_ca", "tls_client_cert", "tls_client_key_set", "tls_legacy", "connect_timeout_ms",
    "statement_timeout_ms", "deadline_ms",
)  # fmt: skip
INSTANCE_DEFAULTS: Mapping[str, Any] = {**DEFAULTS, "tls_client_key_set": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `section` names it in files and in paths of the API, `name` in answers, `secret` what no answer shows.

    `from_api` makes a record of what the API shows, `from_command` of what a file said. Where a record holds the
    value of `defaults`, or nothing, files leave the field out.
    """

    name: str
    section: str
    command: type[Command]
    fields: tuple[str, ...]
    from_api: Callable[[Thing], Record]
    from_command: Callable[[Any], Record]
    key: str = "name"
    secret: str | None = None
    defaults: Mapping[str, Any] | None = None

    @property
    def path(self) -> str:
        """Return where the API has them."""
        return f"/{self.section}"


def _plain(*fields: str) -> Callable[[Thing], Record]:
    return lambda thing: {field: thing[field] for field in fields}


def _dumped(*fields: str) -> Callable[[Any], Record]:
    return lambda command: {field: getattr(command, field) for field in fields}


def _environment(command: CreateEnvironment) -> Record:
    record = {"key": command.key, "name": command.name, "is_production": bool(command.is_production)}
    return record if command.position is None else {**record, "position": command.position}


def _credential_shown(thing: Thing) -> Record:
    rules = {rule: list(thing["bindings"][rule]) for rule in RULES}
    return {
        **{field: thing[field] for field in ("name", "username", "description")},
        "bindings": {**rules, "endpoints": endpoints_shown(thing["bindings"]["endpoints"])},
    }


def _credential(command: UpdateCredential) -> Record:
    given = command.bindings.given() if command.bindings else {}
    return {
        **{field: getattr(command, field) for field in ("name", "username", "description")},
        "bindings": {
            **{rule: sorted(set(given.get(rule) or ())) for rule in RULES},
            "endpoints": endpoints_said(given.get("endpoints") or ()),
        },
    }


def _instance_shown(thing: Thing) -> Record:
    record = {field: thing[field] for field in INSTANCE_FIELDS}
    return {
        **record,
        "cluster": thing["cluster"] and thing["cluster"]["name"],
        **{login: thing[login] and thing[login]["name"] for login in ("credential", "admin_credential")},
        "tags": sorted(tag["name"] for tag in thing["tags"]),
        "custom": thing["custom"] or {},
        "muted_until": _moment(thing["muted_until"]),
    }


def _instance(command: CreateInstance) -> Record:
    """Return the record; whoever read the file adds the names of cluster and credentials, and if there is a key."""
    given = command.model_dump()
    values = {field: given.get(field) for field in INSTANCE_FIELDS}
    record = {field: INSTANCE_DEFAULTS.get(field) if value is None else value for field, value in values.items()}
    return {
        **record,
        "is_active": record["lifecycle"] != "retired" if command.is_active is None else command.is_active,
        "tags": sorted(command.tag_names or ()),
        "external_ids": command.external_ids or {},
        "custom": command.custom or {},
        "muted_until": _moment(command.muted_until),
    }


def _moment(value: datetime | str | None) -> str | None:
    if value is None:
        return None
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).isoformat()


_ENVIRONMENT_FIELDS = ("key", "name", "is_production", "position")
_TAG_FIELDS = ("name", "color", "description")
_CLUSTER_FIELDS = ("name", "kind", "external_id", "description")
KINDS: tuple[Kind, ...] = (
    Kind(
        "environment",
        "environments",
        CreateEnvironment,
        _ENVIRONMENT_FIELDS,
        _plain(*_ENVIRONMENT_FIELDS),
        _environment,
        key="key",
        defaults={"is_production": False},
    ),
    Kind("tag", "tags", CreateTag, _TAG_FIELDS, _plain(*_TAG_FIELDS), _dumped(*_TAG_FIELDS)),
    Kind("cluster", "clusters", CreateCluster, _CLUSTER_FIELDS, _plain(*_CLUSTER_FIELDS), _dumped(*_CLUSTER_FIELDS)),
    Kind(
        "credential",
        "credentials",
        UpdateCredential,
        ("name", "username", "description", "bindings"),
        _credential_shown,
        _credential,
        secret="password",  # noqa: S106 - the name of a field
    ),
    Kind(
        "instance",
        "instances",
        CreateInstance,
        INSTANCE_FIELDS,
        _instance_shown,
        _instance,
        secret="tls_client_key",  # noqa: S106
        defaults=INSTANCE_DEFAULTS,
    ),
)
BY_SECTION: Mapping[str, Kind] = {kind.section: kind for kind in KINDS}
# Which fields of an instance name things of which section.
REFERENCES: Mapping[str, str] = {
    "environment": "environments",
    "cluster": "clusters",
    "credential": "credentials",
    "admin_credential": "credentials",
    "tags": "tags",
}
