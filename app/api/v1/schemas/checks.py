"""What goes out about checks and fingerprints."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from app.api.v1.schemas.envelope import Body, Listing, Neighbour
from app.engines.errors import Cause
from app.engines.facts import Need, Role, Strength
from app.engines.ladder import Outcome, StepName, StepOutcome


class Step(Body):
    """One step that is over."""

    step: StepName
    outcome: StepOutcome
    took_ms: int
    cause: Cause | None = Field(description="Why it failed or was skipped, or what it leaves to be desired.")
    detail: dict[str, Any] = Field(
        description="What was seen; `server_code` and `server_text` are the server's own words.",
        examples=[{"server_code": "28P01"}],
    )


class Server(Body):
    """What the server says of itself; what it does not say is null."""

    engine: str = Field(examples=["postgresql"], description="What answered, whatever was registered.")
    flavour: str | None
    version: str | None = Field(examples=["15.7"])
    version_text: str | None
    edition: str | None
    role: Role
    role_detail: str | None
    read_only: bool | None
    uptime_s: int | None
    clock_offset_ms: int | None = Field(description="Its clock minus ours.")
    clock_uncertainty_ms: int | None
    server_address: str | None = Field(description="As it sees itself.")
    our_address: str | None = Field(description="As it sees us: what its rules must name.")
    session_user: str | None
    cluster_name: str | None


class Tls(Body):
    """The encryption of the connection."""

    protocol: str | None = Field(examples=["TLSv1.3"])
    cipher: str | None
    subject: str | None
    issuer: str | None
    names: list[str]
    not_after: datetime | None
    days_left: int | None
    host_matches: bool | None
    verified: bool


class Privilege(Body):
    """Whether one thing that Muster will collect can be read."""

    need: Need
    cause: Literal["privilege.missing", "privilege.filtered"] | None
    missing: list[str]
    grant: str | None = Field(description="The statements that give what is missing.")
    server_code: str | int | None
    server_text: str | None


class CheckActor(Body):
    """Who asked for the check."""

    id: int | None
    username: str


class Check(Body):
    """A check; while it runs, the steps so far."""

    id: int
    instance_id: int | None = Field(description="null for an endpoint that is not registered.")
    db_type: str = Field(examples=["postgresql"])
    host: str = Field(examples=["db1.example.com"])
    port: int = Field(examples=[5432])
    actor: CheckActor
    source: str = Field(examples=["api"])
    attended: bool = Field(description="Whether somebody watched; then a suspended login is tried again.")
    status: Literal["running", "finished"]
    started_at: datetime
    deadline_at: datetime
    took_ms: int | None = Field(description="null while it runs, and when it was interrupted.")
    outcome: Outcome | None = Field(description="null while it runs.")
    cause: Cause | None = Field(description="Of the first step that is not as it should be.")
    message: str = Field(examples=["…"])
    remedy: str | None = Field(examples=["…"])
    steps: list[Step]
    address: str | None = Field(description="The address that answered.", examples=["10.1.4.20"])
    server: Server | None
    tls: Tls | None
    privileges: list[Privilege] | None


class CheckData(Body):
    """One check."""

    check: Check


class OtherIdentity(Body):
    """A server that answered instead of the known one, and that nobody has accepted yet."""

    lineage: str | None
    node: str | None
    strength: Strength
    started_at: datetime | None
    role: Role | None
    since: datetime


class Fingerprint(Body):
    """Which server answers for an instance; all null before the first check that saw one."""

    lineage: str | None = Field(description="Equal for a server and its copies.")
    node: str | None = Field(description="Equal for one server alone; null where the engine has no such name.")
    strength: Strength | None = Field(description="weak: more than one server may have the same.")
    role: Role | None
    started_at: datetime | None
    since: datetime | None
    seen_at: datetime | None
    pending: OtherIdentity | None
    same_node: list[Neighbour] = Field(description="Other instances at which the very same server answers.")
    same_lineage: list[Neighbour] = Field(description="Other instances with a copy of the same data.")


class FingerprintData(Body):
    """The fingerprint of an instance."""

    fingerprint: Fingerprint


CheckList = Listing[Check]
