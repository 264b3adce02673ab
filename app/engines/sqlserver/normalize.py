"""From rows to facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.engines.errors import clean
from app.engines.facts import IdentityFact, Role, ServerFact

Row = Mapping[str, Any]

# SERVERPROPERTY('EngineEdition'); what is not named here is the plain engine.
AZURE_DATABASE = 5
FLAVOURS = {
    AZURE_DATABASE: "Azure SQL Database",
    6: "Azure Synapse Analytics",
    8: "Azure SQL Managed Instance",
    9: "Azure SQL Edge",
    11: "Azure Synapse serverless",
    12: "Fabric SQL database",
}
_QUARTER_MIN = 15  # time zones differ by quarters of an hour


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was sent and when its answer was there, in UTC."""

    sent: datetime
    answered: datetime

    @property
    def uncertainty_ms(self) -> int:
        """Return half of the round trip."""
        return round((self.answered - self.sent) / timedelta(milliseconds=1) / 2)

    def offset_ms(self, server: datetime) -> int:
        """Return the server's clock minus ours at the midpoint."""
        return round((server - (self.sent + (self.answered - self.sent) / 2)) / timedelta(milliseconds=1))


def server_fact(
    row: Row, *, asked: Asked, uptime: Row | None, groups: Sequence[Row] | None, asked_database: str | None
) -> ServerFact:
    """Return what the server says of itself; `groups` is None when it may not be asked for them."""
    now = _time(row["utc_now"])
    role, role_detail = _role(row, groups)
    return ServerFact(
        engine="sqlserver",
        flavour=_flavour(row),
        version=row["product_version"],
        version_text=_shown(row["version_text"]),
        edition=_edition(row),
        role=role,
        role_detail=role_detail,
        read_only=_read_only(row, asked_database),
        uptime_s=None if uptime is None else uptime["uptime_ms"] // 1000,
        clock_offset_ms=None if now is None else asked.offset_ms(now),
        clock_uncertainty_ms=None if now is None else asked.uncertainty_ms,
        server_address=_server_address(row),
        our_address=row["our_address"],
        session_user=row["session_user_name"],
        cluster_name=next((one["cluster_name"] for one in groups or () if one["cluster_name"]), None),
        identity=IdentityFact(node=_node(row), strength="weak", started_at=_started(now, uptime)),
    )


def _time(told: str | None) -> datetime | None:
    """Read ISO 8601 with the seven digits of SQL Server."""
    if not told:
        return None
    whole, _, fraction = told.partition(".")
    try:
        return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}").replace(tzinfo=UTC)
    except ValueError:
        return None


def _shown(told: str | None) -> str | None:
    return clean(told) if told else None


def _flavour(row: Row) -> str | None:
    if "Babelfish" in (row["version_text"] or ""):
        return "Babelfish"
    return FLAVOURS.get(row["engine_edition"])


def _edition(row: Row) -> str | None:
    levels = [one for one in (row["product_level"], row["update_level"]) if one]
    edition: str | None = row["edition"]
    return f"{edition} ({', '.join(levels)})" if edition and levels else edition


def _role(row: Row, groups: Sequence[Row] | None) -> tuple[Role, str | None]:
    if row["engine_edition"] == AZURE_DATABASE:
        return "unknown", None  # the service has replicas of its own, of which it tells nothing here
    clustered = "failover cluster instance" if row["is_clustered"] else None
    if groups is None:
        return "unknown", "availability groups are not visible"
    if not groups:
        return "standalone", clustered
    roles = {one["role"] for one in groups}
    named = ", ".join(sorted(f"{one['group_name'] or one['group_id']} {one['role'] or 'UNKNOWN'}" for one in groups))
    detail = f"{clustered}: {named}" if clustered else named
    if roles == {"PRIMARY"}:
        return "primary", detail
    if roles == {"SECONDARY"}:
        return "replica", detail
    # RESOLVING, or a replica that does not know its own role: neither.
    return ("mixed" if {"PRIMARY", "SECONDARY"} <= roles else "unknown"), detail


def _read_only(row: Row, asked_database: str | None) -> bool | None:
    """Tell it of the database that was asked for: there is no read-only server."""
    if asked_database is None and row["engine_edition"] != AZURE_DATABASE:
        return None
    told: str | None = row["updateability"]
    return None if told is None else told == "READ_ONLY"


def _server_address(row: Row) -> str | None:
    address, port = row["server_address"], row["server_port"]
    if not address or not port:
        return None
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _node(row: Row) -> str | None:
    """Name the instance by what it calls itself: there is no documented id. ServerName follows a failover cluster."""
    names = [row["machine_name"], row["instance_name"] or "MSSQLSERVER", row["server_name"]]
    if row["engine_edition"] == AZURE_DATABASE:
        names = [row["server_name"], row["database_name"]]
    known = [str(one).upper() for one in names if one]
    return "|".join(known) if row["server_name"] else None


def _started(now: datetime | None, uptime: Row | None) -> datetime | None:
    """Return the start in UTC, equal each time it is asked for.

    The server keeps it in its local time of then, whose offset from UTC may have changed since. How long it runs
    says which offset that was.
    """
    if now is None or uptime is None:
        return None
    local = _time(uptime["started_local"])
    if local is None:
        return None
    apart = local - (now - timedelta(milliseconds=uptime["uptime_ms"]))
    quarters = round(apart / timedelta(minutes=_QUARTER_MIN))
    return local - timedelta(minutes=_QUARTER_MIN) * quarters
