"""Instances as targets of Prometheus: what HTTP service discovery is told, ready for the multi-target pattern."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import Field

from app.domain.egress.endpoint import DB_TYPES
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.repository import iter_items

Exporter = Literal[
    "blackbox_exporter",
    "mongodb_exporter",
    "mssql_exporter",
    "mysqld_exporter",
    "oracledb_exporter",
    "postgres_exporter",
    "redis_exporter",
    "sql_exporter",
]
_WATCHES: Mapping[str, Sequence[str]] = {
    "blackbox_exporter": DB_TYPES,
    "mongodb_exporter": ("mongodb",),
    "mssql_exporter": ("sqlserver",),
    "mysqld_exporter": ("mysql", "mariadb"),
    "oracledb_exporter": ("oracle",),
    "postgres_exporter": ("postgresql",),
    "redis_exporter": ("redis",),
    "sql_exporter": ("mysql", "mariadb", "postgresql", "sqlserver", "oracle", "clickhouse"),
}
EXPORTERS: tuple[str, ...] = get_args(Exporter)

PREFIX = "__meta_muster_"
_PLAIN = {
    "id": "id",
    "name": "name",
    "engine": "db_type",
    "host": "host",
    "port": "port",
    "database": "database_name",
    "environment": "environment",
    "lifecycle": "lifecycle",
    "criticality": "criticality",
    "owner": "owner",
    "location": "location",
    "platform": "platform",
    "endpoint_kind": "endpoint_kind",
    "flavour": "flavour",
    "version": "main_version",
}
_FIELDS = (*_PLAIN.values(), "cluster", "tags", "external_ids", "custom")
_BATCH = 5000  # instances read by one statement


class DiscoverTargets(InstanceFilter):
    """Which instances are targets; those in the recycle bin, inactive and retired ones never are."""

    exporter: Exporter | None = Field(
        None, description="Only the engines that this exporter watches; its name comes back as a label."
    )


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """One instance: `host:port`, and everything known of it that relabelling may want."""

    targets: Sequence[str]
    labels: Mapping[str, str]


def discover(wanted: DiscoverTargets) -> Iterator[TargetGroup]:
    """Yield the targets by id of the instance, in the open snapshot; one statement for each 5000."""
    if wanted.status not in {None, "active"}:
        return
    active = wanted.model_copy(update={"status": "active"})
    watched = _WATCHES[wanted.exporter] if wanted.exporter else DB_TYPES
    more = {"exporter": wanted.exporter} if wanted.exporter else {}
    for row in iter_items(active, _FIELDS, batch_size=_BATCH):
        if row["db_type"] in watched:
            yield TargetGroup([_address(row["host"], row["port"])], labels_of(row, more))


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def labels_of(row: Mapping[str, Any], more: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of one instance; what is unknown has none, as an empty one would count as none too."""
    tags = [tag["name"] for tag in row["tags"]]
    cluster = row["cluster"]
    known = {
        **{label: row[field] for label, field in _PLAIN.items()},
        "cluster": cluster["name"] if cluster else None,
        "tags": f",{','.join(tags)}," if tags else None,
        **_named("tag", dict.fromkeys(tags, True)),
        **_named("external_id", row["external_ids"]),
        **_named("custom", row["custom"] or {}),
        **more,
    }
    return {PREFIX + label: _text(value) for label, value in known.items() if value is not None}


def _named(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return labels for names that people chose: what a label cannot hold becomes `_`.

    A name of which nothing would be left gets none. Of two that become the same, the one that needed no change
    counts, else the first by name.
    """
    found: dict[str, Any] = {}
    for name in sorted(values, key=lambda name: (_sanitised(name) != name, name)):
        label = _sanitised(name)
        if label.strip("_"):
            found.setdefault(f"{kind}_{label}", values[name])
    return found


def _sanitised(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
