"""From rows to facts: what a server is, which role it has, and by what it is known again. Runs no statement."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.engines.errors import clean
from app.engines.facts import IdentityFact, Role
from app.engines.mysql import greeting

Row = Mapping[str, Any]
_ON = frozenset({"ON", "1", "YES", "TRUE", "NO_LOCK", "NO_LOCK_NO_ADMIN"})  # the last two: MariaDB 12
_NO_UUID = frozenset({"", "00000000-0000-0000-0000-000000000000"})
_GROUP_CHANNEL = "group_replication_"
_MARIADB_SET = ("server_uid", "server_id", "hostname", "port", "datadir")
_SOURCES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the statements of `identify` have brought; None: the account may not ask."""

    variables: Mapping[str, str]
    status: Mapping[str, str] = field(default_factory=dict)
    replication: Sequence[Row] | None = None
    members: Sequence[Row] | None = None
    replicas: Sequence[Row] | None = None

    @property
    def is_mariadb(self) -> bool:
        """Tell which of the two it is."""
        return greeting.engine_of(self.variables.get("version", "")) == "mariadb"

    @property
    def group(self) -> str | None:
        """Return the name of the MySQL group that the server belongs to."""
        return self.variables.get("group_replication_group_name") or None

    @property
    def galera(self) -> str | None:
        """Return the state of the Galera cluster that the server belongs to."""
        uuid = self.status.get("wsrep_cluster_state_uuid", "")
        is_on = self.variables.get("wsrep_on", "OFF").upper() in _ON
        return uuid if is_on and uuid not in _NO_UUID else None

    @property
    def sources(self) -> list[Row] | None:
        """Return the servers it replicates from; a group's own channels are no sources."""
        if self.replication is None:
            return None
        return [row for row in self.replication if not str(row.get("Channel_Name") or "").startswith(_GROUP_CHANNEL)]


def role_of(seen: Seen) -> tuple[Role, str | None]:
    """Return the role, and what is to be said of it.

    A row of replication status makes a replica. Without one, only whoever sees the replicas of a server can tell a
    primary from one that stands alone; `read_only` alone proves nothing.
    """
    if seen.galera is not None:
        return "member", _galera_detail(seen.status)
    if seen.group is not None:
        return _group_role(seen)
    if "aurora_version" in seen.variables:
        return ("replica", "Aurora reader") if is_on(seen, "innodb_read_only") else ("primary", "Aurora writer")
    return _role_by_replication(seen)


def _role_by_replication(seen: Seen) -> tuple[Role, str | None]:
    if seen.sources is None:
        return "unknown", "replication status is not readable"
    if seen.sources:
        return "replica", _sources_detail(seen.sources)
    following = _replicas_seen(seen)
    if following is None:
        return "unknown", "no replica; whether others replicate from it is not told"
    return ("primary", f"{following} connected") if following else ("standalone", None)


def is_read_only(seen: Seen) -> bool | None:
    """Tell whether ordinary accounts cannot write; None: the server does not say."""
    known = [name for name in ("read_only", "super_read_only", "innodb_read_only") if name in seen.variables]
    return any(is_on(seen, name) for name in known) if known else None


def is_on(seen: Seen, name: str) -> bool:
    """Tell whether a variable is on."""
    return seen.variables.get(name, "OFF").upper() in _ON


def identity_of(seen: Seen, started_at: datetime | None) -> IdentityFact:
    """Return by what the server is known again.

    MySQL has an id of the data directory: strong. MariaDB has none; what it has is a set of which each part alone
    may be another server's (`server_uid` is a hash of network card and port), so that the start time is the proof.
    """
    if seen.is_mariadb:
        return IdentityFact(seen.galera and f"galera:{clean(seen.galera)}", _mariadb_node(seen), "weak", started_at)
    aurora, uuid = seen.variables.get("aurora_server_id"), seen.variables.get("server_uuid")
    if aurora:
        # An instance's name is unique in its account and region, and stays when the storage under it is replaced.
        return IdentityFact(_mysql_lineage(seen, uuid), f"aurora:{clean(aurora)}", "weak", started_at)
    if uuid:
        return IdentityFact(_mysql_lineage(seen, uuid), f"mysql:{clean(uuid)}", "strong", started_at)
    return IdentityFact(None, _digest(seen, ("server_id", "hostname", "port", "datadir")), "weak", started_at)


def started_at_of(clock: datetime | None, status: Mapping[str, str]) -> datetime | None:
    """Return when the server started, to the second: its own clock less its uptime."""
    uptime = uptime_of(status)
    return None if clock is None or uptime is None else clock - timedelta(seconds=uptime)


def uptime_of(status: Mapping[str, str]) -> int | None:
    """Return how long the server has been running, in seconds."""
    uptime = status.get("Uptime", "")
    return int(uptime) if uptime.isdecimal() else None


def clock_of(value: object) -> datetime | None:
    """Return what `UTC_TIMESTAMP` said."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


def edition_of(comment: str, version: str) -> str | None:
    """Return the edition, where version or comment names one."""
    said = f"{comment} {version}".lower()
    if "enterprise" in said or "commercial" in said:
        return "Enterprise"
    return "Community" if "community" in said else None


def host_of(account: object) -> str | None:
    """Return the host of `user@host`: where we come from, as the server sees it."""
    _, found, host = str(account or "").rpartition("@")
    return clean(host) if found and host else None


def _group_role(seen: Seen) -> tuple[Role, str]:
    own = seen.variables.get("server_uuid", "")
    row = next((row for row in seen.members or () if row.get("MEMBER_ID") == own), None)
    primary = seen.status.get("group_replication_primary_member", "")
    state = f"group member, {clean(str(row['MEMBER_STATE']))}" if row else "group member"
    named = str((row or {}).get("MEMBER_ROLE") or "")
    if not named and primary:  # 5.7 has no such column
        named = "PRIMARY" if primary == own else "SECONDARY"
    writers = sum(1 for one in seen.members or () if one.get("MEMBER_ROLE") == "PRIMARY")
    if named == "PRIMARY":
        return ("member", f"{state}, one of {writers} primaries") if writers > 1 else ("primary", state)
    return ("replica", state) if named == "SECONDARY" else ("member", state)


def _galera_detail(status: Mapping[str, str]) -> str:
    parts = (status.get("wsrep_local_state_comment"), status.get("wsrep_cluster_status"))
    said = ", ".join(clean(one) for one in parts if one)
    return f"{said}; {clean(status.get('wsrep_cluster_size', '?'))} in the cluster"


def _sources_detail(sources: Sequence[Row]) -> str:
    shown = [_source(row) for row in sources[:_SOURCES_SHOWN]]
    more = len(sources) - len(shown)
    return "replicates from " + ", ".join(shown) + (f" and {more} more" if more else "")


def _source(row: Row) -> str:
    host, port = row.get("Source_Host", row.get("Master_Host")), row.get("Source_Port", row.get("Master_Port"))
    return clean(f"{host}:{port}")


def _replicas_seen(seen: Seen) -> int | None:
    """Return how many replicas are connected; None: nothing tells."""
    if seen.replicas is not None:
        return len(seen.replicas)
    semi_sync = ("Rpl_semi_sync_source_clients", "Rpl_semi_sync_master_clients")
    names = ("Slaves_connected",) if seen.is_mariadb else semi_sync
    told = [int(seen.status[name]) for name in names if seen.status.get(name, "").isdecimal()]
    # Without semi-synchronous replication MySQL's figure is 0 whatever follows it.
    return max(told) if told and (seen.is_mariadb or max(told)) else None


def _mysql_lineage(seen: Seen, uuid: str | None) -> str | None:
    """Return the group, else the one source, else the server itself, whose replicas will name it so."""
    if seen.group is not None:
        return f"group:{clean(seen.group)}"
    if seen.sources is None or len(seen.sources) > 1:
        return None
    source = next((row.get("Source_UUID", row.get("Master_UUID")) for row in seen.sources), uuid)
    return f"mysql:{clean(str(source))}" if source else None


def _mariadb_node(seen: Seen) -> str:
    return _digest(seen, _MARIADB_SET)


def _digest(seen: Seen, names: Sequence[str]) -> str:
    text = json.dumps([seen.variables.get(name) for name in names])
    return "set:" + hashlib.sha256(text.encode()).hexdigest()[:40]
