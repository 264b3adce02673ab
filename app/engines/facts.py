"""What an engine found out: frozen, free of secrets and of drivers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["primary", "replica", "standby", "standalone", "mixed", "member", "unknown"]
Strength = Literal["strong", "weak"]


@dataclass(frozen=True, slots=True)
class IdentityFact:
    """Which server it is.

    `lineage` names the family of copies, `node` this one server; texts that are equal for equal servers and mean
    nothing else. `started_at` belongs to the live proof: two endpoints with one lineage that started in the same
    moment are one server. Weak: more than one server may have the same (clones, containers).
    """

    lineage: str | None = None
    node: str | None = None
    strength: Strength = "weak"
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFact:
    """What the server says of itself. Anything that it did not say is None."""

    engine: str  # as `db_type`: what answered, not what was registered
    flavour: str | None = None  # Percona, Aurora, TiDB …; None for the plain engine
    version: str | None = None  # 15.7, 10.11.19, 16.0.4135.4, 19.21.0.0.0
    version_text: str | None = None  # the whole line that the server gives
    edition: str | None = None
    role: Role = "unknown"
    role_detail: str | None = None  # PHYSICAL STANDBY, one group of several, the source's address …
    read_only: bool | None = None
    uptime_s: int | None = None
    clock_offset_ms: int | None = None  # server minus ours, at the midpoint of the question
    clock_uncertainty_ms: int | None = None  # half of the round trip
    server_address: str | None = None  # host:port as the server sees itself; another than was dialled: a proxy or NAT
    our_address: str | None = None  # as the server sees us: what firewall, pg_hba and GRANT must name
    session_user: str | None = None  # the account that the server took us for
    cluster_name: str | None = None
    identity: IdentityFact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFact:
    """The connection's encryption, and the certificate that the server showed."""

    protocol: str | None = None  # TLSv1.3
    cipher: str | None = None
    subject: str | None = None  # RFC 4514
    issuer: str | None = None
    names: Sequence[str] = field(default_factory=tuple)  # subject alternative names
    not_after: datetime | None = None
    days_left: int | None = None
    host_matches: bool | None = None
    verified: bool = False  # chain checked against a CA that was given


Need = Literal["identify", "replication", "accounts", "object_privileges", "sizes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivilegeFact:
    """Whether one thing that Muster will collect can be read by this account."""

    need: Need
    cause: Literal["privilege.missing", "privilege.filtered"] | None = None  # None: all there
    missing: Sequence[str] = field(default_factory=tuple)  # names of rights, as the engine writes them
    grant: str | None = None  # the exact statements that give them
    server_code: str | int | None = None
    server_text: str | None = None
