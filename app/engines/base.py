"""What an engine is given and what it must do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from app.engines.capability import Capabilities
from app.engines.ladder import Ladder

TlsMode = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who logs in."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsOptions:
    """How the connection is encrypted; certificates and key are PEM text.

    `require` encrypts and verifies nothing; the two `verify` modes need `ca`, or trust the system's authorities.
    """

    mode: TlsMode = "require"
    ca: str | None = None
    client_cert: str | None = None
    client_key: str | None = field(default=None, repr=False)
    legacy: bool = False  # TLS before 1.2 and small keys are accepted

    @property
    def verifies(self) -> bool:
        """Tell whether the certificate must come from a known authority."""
        return self.mode in {"verify-ca", "verify-full"}


class Guard(Protocol):
    """Where connections and secrets may go; `app.domain.egress` has the rules."""

    def refuses(self, address: str) -> bool:
        """Tell whether an IP address must never be dialled."""

    def admits_login(self, host: str, port: int) -> bool:
        """Tell whether the login of this check may be sent to this host (a name or an address) and port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSpec:
    """One endpoint, how to reach it, and who logs in; None: nobody does.

    `suspended`: the login was refused before and must not be tried again by itself.
    """

    db_type: str
    host: str
    port: int
    guard: Guard
    database_name: str | None = None
    service_name: str | None = None
    sid: str | None = None
    instance_name: str | None = None
    login: Login | None = None
    suspended: bool = False
    tls: TlsOptions = TlsOptions()
    connect_timeout_ms: int = 3_000
    statement_timeout_ms: int = 5_000
    deadline_ms: int = 15_000
    application: str = "muster"


@dataclass(frozen=True, slots=True)
class Address:
    """One checked IP address, as text; IPv4 inside IPv6 is written as IPv4."""

    ip: str
    family: int


class Engine(Protocol):
    """One kind of database. Stateless; used by many threads at once."""

    db_types: Sequence[str]
    default_port: int
    capabilities: Capabilities
    # Who opens and drops a connection without a login is counted and shut out: never a probe of ours (MySQL, MariaDB).
    counts_broken_connections: bool

    def climb(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
        """Take the steps from `connect` on, one after the other, telling each to the ladder.

        The first step that fails ends it, but for `identify` and `privileges`. What was found goes to `ladder.found`.

        :raises StepFailed: out of a step of the ladder, which has told it already.
        :raises DeadlinePassed: the time is over.
        """
