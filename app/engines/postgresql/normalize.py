"""From rows to facts; pure, so that tables of recorded rows test it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.engines.errors import clean
from app.engines.facts import IdentityFact, Role, ServerFact

Row = Sequence[str | None]

# What else calls itself PostgreSQL: a pattern in `version()`, with the product's own version where it has one.
_FLAVOURS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("CockroachDB", re.compile(r"CockroachDB \S+ v(\d[\w.-]*)")),
    ("Redshift", re.compile(r"\bRedshift (\d[\d.]*)")),
    ("Greenplum", re.compile(r"Greenplum Database (\d[\d.]*)")),
    ("openGauss", re.compile(r"openGauss(?:-lite)? (\d[\d.]*)")),
    ("GaussDB", re.compile(r"GaussDB (?:Kernel )?(\S+)")),
    ("KingbaseES", re.compile(r"Kingbase(?:ES)? (V\w+)")),
    ("YugabyteDB", re.compile(r"-YB-(\d[\d.]*)")),
    ("EDB", re.compile(r"EnterpriseDB(?: EDB Postgres)? Advanced Server (\d[\d.]*)")),
    ("EDB", re.compile(r"EnterpriseDB (\d[\d.]*)")),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*(?:(?:beta|rc|devel)\d*)?")
# Sources of a setting that say something about this account or this session, and nothing about the server.
_OWN_SOURCES = frozenset({"user", "database user", "client", "session", "override", "interactive", "test"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the server answered; None: it does not know the question, or we must not ask it."""

    server: Row
    sent_at: float
    received_at: float
    state: Row | None = None
    lineage: Row | None = None
    source: Row | None = None
    aurora: Row | None = None


def server_fact(rows: Rows) -> ServerFact:
    """Return what the server is, as far as it says."""
    text, number, user, _, our_host, host, port, clock = (_clean(one) for one in rows.server)
    flavour, version = _flavour(text or "", number or "")
    now = _moment(clock)
    state = tuple(_clean(one) for one in rows.state) if rows.state else (None,) * 6
    recovery, read_only, read_only_source, started, cluster, receivers = state
    started_at = _moment(started)
    offset_ms, uncertainty_ms = _clock(now, rows)
    role, role_detail = _role(recovery, receivers, rows.source)
    return ServerFact(
        engine="postgresql",
        flavour="Aurora" if rows.aurora else flavour,
        version=version,
        version_text=text,
        role=role,
        role_detail=role_detail,
        read_only=_read_only(recovery, read_only, read_only_source),
        uptime_s=int((now - started_at).total_seconds()) if now and started_at else None,
        clock_offset_ms=offset_ms,
        clock_uncertainty_ms=uncertainty_ms,
        server_address=endpoint(host, port),
        our_address=our_host,
        session_user=user,
        cluster_name=cluster or None,
        identity=_identity(rows, started, started_at),
    )


def endpoint(host: str | None, port: str | None) -> str | None:
    """Return `host:port`, an IPv6 address in brackets; None without a host (a local socket)."""
    if not host:
        return None
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _flavour(text: str, number: str) -> tuple[str | None, str | None]:
    """Return the flavour (None: PostgreSQL itself) and its version; a distribution's suffix is cut off."""
    for name, pattern in _FLAVOURS:
        found = pattern.search(text)
        if found:
            return name, found.group(1).rstrip(".")
    plain = _NUMBER.match(number)
    return None, plain.group() if plain else None


def _role(recovery: str | None, receivers: str | None, source: Row | None) -> tuple[Role, str | None]:
    if recovery is None:
        return "unknown", None
    if recovery == "yes":
        address = endpoint(_clean(source[0]), _clean(source[1])) if source else None
        return "standby", f"source {address}" if address else None
    count = int(receivers) if receivers and re.fullmatch(r"[0-9]{1,9}", receivers) else 0
    return ("primary", f"{count} connected") if count else ("standalone", None)


def _read_only(recovery: str | None, setting: str | None, source: str | None) -> bool | None:
    if recovery is None:
        return None
    return recovery == "yes" or (setting == "on" and source not in _OWN_SOURCES)


def _identity(rows: Rows, started: str | None, started_at: datetime | None) -> IdentityFact | None:
    """Name the lineage by the cluster's number, which all copies have, and the node by when it was started as well.

    Aurora's instances have names of their own.
    """
    lineage = _clean(rows.lineage[0]) if rows.lineage else None
    if lineage is None:
        return None
    own = _clean(rows.aurora[0]) if rows.aurora else started
    return IdentityFact(
        lineage=lineage,
        node=f"{lineage}/{own}" if own else None,
        strength="strong" if own else "weak",
        started_at=started_at,
    )


def _clock(now: datetime | None, rows: Rows) -> tuple[int | None, int | None]:
    """Return the server's clock minus ours in the middle of the question, and half of the way there and back."""
    if now is None:
        return None, None
    middle = (rows.sent_at + rows.received_at) / 2
    half = (rows.received_at - rows.sent_at) / 2
    return round((now.timestamp() - middle) * 1000), max(1, round(half * 1000))


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)
