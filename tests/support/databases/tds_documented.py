"""What SQL Server answers to the statements of a check, as its documentation has it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.databases.tds_tokens import Error, Row

# What each statement holds, and no other.
IDENTIFY, UPTIME, TEMPDB, GROUPS, RIGHTS = "'ProductVersion'", "dm_os_sys_info", "N'tempdb'", "dm_hadr", "HAS_PERMS"


def documented(**changes: Any) -> dict[str, list[Row] | Error]:
    """Return what SQL Server 2019 answers to the statements of a check, as its documentation has it.

    `changes` replace single values, by the name of their column.
    """
    identify = {
        "product_version": "15.0.4335.1",
        "product_level": "RTM",
        "update_level": "CU24",
        "edition": "Standard Edition (64-bit)",
        "engine_edition": 2,
        "is_clustered": 0,
        "is_hadr_enabled": 0,
        "machine_name": "SQL1",
        "instance_name": None,
        "server_name": "SQL1",
        "version_text": "Microsoft SQL Server 2019 (RTM-CU24) - 15.0.4335.1 (X64) \n\tSep 21 2023 17:28:44 \n",
        "utc_now": None,
        "utc_offset_min": 60,
        "server_address": "10.0.0.5",
        "server_port": 1433,
        "our_address": "10.0.9.9",
        "session_user_name": "muster",
        "database_name": "master",
        "updateability": "READ_WRITE",
    }
    uptime = {"uptime_ms": 3_600_250, "started_local": None}
    rights = {
        "VIEW SERVER STATE": 1,
        "VIEW SERVER PERFORMANCE STATE": None,
        "VIEW ANY DEFINITION": 1,
        "VIEW ANY SECURITY DEFINITION": None,
        "CONNECT ANY DATABASE": 1,
        "VIEW DATABASE STATE": 1,
        "VIEW DEFINITION": 1,
        "closed_databases": 0,
    }
    tables = (identify, uptime, rights)
    for name, value in changes.items():
        table = next(one for one in tables if name in one)
        table[name] = value
    return {
        IDENTIFY: [_Clocked(identify, "utc_now")],
        UPTIME: [_Clocked(uptime, "started_local", ago_ms=uptime["uptime_ms"], offset_min=60)],
        TEMPDB: [_Clocked(uptime, "started_local", ago_ms=uptime["uptime_ms"], offset_min=60)],
        GROUPS: [],
        RIGHTS: [rights],
    }


class _Clocked(dict[str, Any]):
    """A row whose column `clock`, when it has no value, is the time of the server, or when it started."""

    def __init__(self, row: Row, clock: str, *, ago_ms: int | None = None, offset_min: int = 0) -> None:
        super().__init__(row)
        self._clock = clock
        self._fixed = None
        if ago_ms is not None:
            started = datetime.now(UTC) - timedelta(milliseconds=ago_ms) + timedelta(minutes=offset_min)
            self._fixed = _iso(started)[:-4]
            self._born = datetime.now(UTC) - timedelta(milliseconds=ago_ms)

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name == "uptime_ms" and self._fixed is not None:
            return round((datetime.now(UTC) - self._born) / timedelta(milliseconds=1))
        if name != self._clock or value is not None:
            return value
        return self._fixed or _iso(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None):%Y-%m-%dT%H:%M:%S.%f}0"
