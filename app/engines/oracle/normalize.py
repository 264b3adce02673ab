"""From rows to facts; no driver, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.engines.facts import IdentityFact, Role, ServerFact

Row = Mapping[str, Any]

_ROLES: Mapping[str, Role] = {
    "PRIMARY": "primary",
    "PHYSICAL STANDBY": "standby",
    "LOGICAL STANDBY": "standby",
    "SNAPSHOT STANDBY": "standby",
    "FAR SYNC": "member",
    "TRUE CACHE": "replica",
}
_PRODUCT = re.compile(r"^Oracle (?:AI )?Database \d+\w*\s*(?P<edition>.*?)\s*$")
_FLAVOURS = {"RDSADMIN": "Amazon RDS", "C##CLOUD$SERVICE": "Oracle Autonomous Database"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was asked and answered; None: no right."""

    context: Row
    products: Sequence[Row] = ()
    operators: Sequence[Row] = ()
    instance: Row | None = None
    database: Row | None = None
    container: Row | None = None
    clock_offset_ms: int | None = None
    clock_uncertainty_ms: int | None = None

    @property
    def is_multitenant(self) -> bool:
        """Tell whether the database has containers."""
        return self.context.get("cdb_name") is not None

    @property
    def is_root(self) -> bool:
        """Tell whether the login is in the root of a container database."""
        return self.is_multitenant and str(self.context.get("con_id")) == "1"

    @property
    def is_rds(self) -> bool:
        """Tell whether Amazon runs the database."""
        return any(one.get("username") == "RDSADMIN" for one in self.operators)


def server_fact(seen: Seen) -> ServerFact:
    """Return what the server says of itself."""
    product = _database_product(seen.products)
    database, instance, context = seen.database or {}, seen.instance or {}, seen.context
    role = database.get("database_role") or context.get("database_role")
    matched = _PRODUCT.match(str(product.get("product", "")).strip())
    names = [_FLAVOURS[str(one["username"])] for one in seen.operators if one.get("username") in _FLAVOURS]
    return ServerFact(
        engine="oracle",
        flavour=names[0] if names else None,
        version=product.get("version_full") or product.get("version"),
        version_text=_version_text(product),
        edition=(matched.group("edition") or None) if matched else None,
        role=_ROLES.get(str(role), "unknown"),
        role_detail=_role_detail(seen, role),
        read_only=_read_only(seen, role),
        uptime_s=_whole(instance.get("uptime_s")),
        clock_offset_ms=seen.clock_offset_ms,
        clock_uncertainty_ms=seen.clock_uncertainty_ms,
        server_address=instance.get("host_name") or context.get("server_host"),
        our_address=context.get("ip_address"),
        session_user=context.get("session_user"),
        cluster_name=_database_name(seen) if instance.get("parallel") == "YES" else None,
        identity=identity_fact(seen),
    )


def identity_fact(seen: Seen) -> IdentityFact:
    """Return which database and instance it is: strong with the DBID, which needs V$DATABASE; else by names alone."""
    context, instance = seen.context, seen.instance or {}
    number = instance.get("instance_number") or context.get("instance_number")
    if seen.database is None or seen.database.get("dbid") is None:
        names = (_database_name(seen), number, context.get("server_host"), context.get("con_name"))
        return IdentityFact(node="/".join(str(one) for one in names if one is not None), started_at=_started(instance))
    dbid = _whole(seen.database["dbid"])
    guid = _pdb_guid(seen)
    node = f"dbid:{dbid}/{_database_name(seen)}/{number}"
    in_pdb = seen.is_multitenant and not seen.is_root
    return IdentityFact(
        # A PDB keeps its GUID on standbys and wherever it is plugged in; its siblings share the DBID and are no copies.
        lineage=f"pdb:{guid}" if guid else None if in_pdb else f"dbid:{dbid}",
        node=f"{node}/{guid or context.get('con_name')}" if in_pdb else node,
        strength="strong" if instance and (guid or not in_pdb) else "weak",
        started_at=_started(instance),
    )


def _pdb_guid(seen: Seen) -> str | None:
    if not seen.is_multitenant or seen.is_root or seen.container is None:
        return None
    return str(seen.container["guid"]) if seen.container.get("guid") else None


def _database_name(seen: Seen) -> str | None:
    name = (seen.database or {}).get("db_unique_name") or seen.context.get("db_unique_name")
    return None if name is None else str(name)


def _started(instance: Row) -> datetime | None:
    told = instance.get("started_utc")
    if not isinstance(told, datetime):
        return None
    return (told + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=UTC)  # STARTUP_TIME has whole seconds


def _read_only(seen: Seen, role: str | None) -> bool | None:
    mode = (seen.container or {}).get("open_mode") or (seen.database or {}).get("open_mode")
    if mode is not None:
        return str(mode).startswith("READ ONLY")
    # An ordinary login gets into a physical standby only while it is open, and that is read-only.
    return True if role == "PHYSICAL STANDBY" else None


def _role_detail(seen: Seen, role: str | None) -> str | None:
    instance = seen.instance or {}
    parts = [role, (seen.database or {}).get("open_mode")]
    if seen.is_multitenant:
        parts.append(f"container {seen.context.get('con_name')}")
    if instance.get("parallel") == "YES":
        parts.append(f"RAC instance {_whole(instance.get('instance_number'))}")
    if instance.get("logins") == "RESTRICTED":
        parts.append("RESTRICTED")
    return ", ".join(str(one) for one in parts if one) or None


def _database_product(products: Sequence[Row]) -> Row:
    """Return the row of the database itself: before 18c, PL/SQL and others have rows of their own."""
    return next((one for one in products if str(one.get("product", "")).startswith("Oracle")), {})


def _version_text(product: Row) -> str | None:
    parts = (product.get("product"), product.get("version_full") or product.get("version"), product.get("status"))
    return " ".join(str(one).strip() for one in parts if one) or None


def _whole(value: int | float | str | None) -> int | None:
    return None if value is None else int(value)
