"""What goes out about the register as a whole."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.v1.schemas.audit import AuditEvent
from app.api.v1.schemas.envelope import Body
from app.domain.egress.endpoint import DbType
from app.domain.instances.commands import Lifecycle
from app.engines.errors import Cause

Filter = Annotated[
    dict[str, str | bool | int | list[str]],
    Field(
        examples=[{"outcome": "failed", "credential_id": 7}],
        description="Query parameters of GET /instances that find exactly these; a list repeats its parameter.",
    ),
]
CountedOutcome = Literal["ok", "degraded", "reachable", "failed", "never_checked"]


class DbTypeCount(Body):
    """Instances of one engine."""

    value: DbType
    count: int
    filter: Filter


class LifecycleCount(Body):
    """Instances of one stage of their life."""

    value: Lifecycle
    count: int
    filter: Filter


class OutcomeCount(Body):
    """Instances whose last check ended so."""

    value: CountedOutcome
    count: int
    filter: Filter


class EnvironmentCount(Body):
    """Instances of one environment."""

    key: str | None = Field(examples=["production"], description="null: those in no environment.")
    name: str | None
    is_production: bool
    count: int
    filter: Filter


class OutcomeThere(Body):
    """Instances of one environment whose last check ended so."""

    environment: str | None = Field(examples=["production"], description="null: those in no environment.")
    outcome: CountedOutcome
    count: int
    filter: Filter


class SharedCredential(Body):
    """The credential of a group."""

    id: int
    name: str = Field(examples=["monitor-prod"])
    username: str = Field(examples=["muster"])


class Shown(Body):
    """One of the instances."""

    id: int
    name: str = Field(examples=["orders-01"])
    at: datetime | None = Field(
        description="When the certificate ends, the role changed, the last check began; null in the other lists."
    )


class FailureGroup(Body):
    """Instances whose last check failed alike."""

    cause: Cause
    message: str = Field(examples=["…"])
    remedy: str | None = Field(examples=["…"])
    credential: SharedCredential | None
    network: str | None = Field(
        examples=["10.1.4.0/24"], description="As last_network of an instance; null where no check has told it."
    )
    count: int
    since: datetime | None = Field(description="When the first of them began to fail so.")
    instances: list[Shown] = Field(description="The first 5 by id.")
    filter: Filter


class Failures(Body):
    """All failures, in groups by cause, credential and network."""

    total: int
    groups_total: int = Field(description="Groups in all.")
    groups: list[FailureGroup] = Field(description="The 20 biggest.")
    filter: Filter


class Attention(Body):
    """Something to attend to."""

    count: int
    instances: list[Shown] = Field(description="The first 5.")
    filter: Filter


class AttentionLists(Body):
    """What wants attention."""

    never_checked: Attention
    no_credential: Attention
    plaintext: Attention = Field(description="The last check that logged in did so without encryption.")
    legacy_tls: Attention = Field(description="The last check that logged in did so under TLS before 1.2.")
    certificates_expiring: Attention = Field(description="Within 30 days, or already; the soonest first.")
    stale: Attention = Field(description="Last checked more than 7 days ago, the oldest first.")
    roles_changed: Attention = Field(description="In the last 24 hours, the latest first.")
    identity_pending: Attention = Field(description="Another server answers, and nobody has accepted it.")
    same_node: Attention = Field(description="One server that answers at several instances, by the name of its node.")
    login_suspended: Attention = Field(
        description="The server refused the login twice in a row; with another password the next check tries it again."
    )


class ChangedInstance(Body):
    """An instance of a group of changes, by the name that it had then."""

    id: int
    name: str | None = Field(examples=["orders-01"])


class ChangeGroup(Body):
    """Changes that one call made by the same action, such as those of an import."""

    count: int = Field(description="How many changes, among the newest 10,000 events of the trail.")
    instances: list[ChangedInstance] = Field(description="Those of the newest 5 changes, each once.")
    import_id: int | None = Field(
        description="The import that made or undid them: `import_id` of GET /instances finds what it wrote."
    )


class RecentChange(AuditEvent):
    """One change; of those that one call made together, the newest."""

    group: ChangeGroup | None = Field(description="null: a change by itself.")


class Overview(Body):
    """The register at one moment; the recycle bin counts nowhere."""

    at: datetime
    filter: Filter = Field(description="What was asked for: all of it is about these instances.")
    total: int
    db_types: list[DbTypeCount] = Field(description="The most first.")
    environments: list[EnvironmentCount] = Field(description="Those that have instances, in their order.")
    lifecycles: list[LifecycleCount] = Field(description="The most first.")
    outcomes: list[OutcomeCount]
    matrix: list[OutcomeThere] = Field(description="Each environment with each outcome.")
    failures: Failures
    attention: AttentionLists
    changes: list[RecentChange] = Field(
        description="The last 10 changes of these instances, those in the recycle bin included, among the newest 10,000"
        " events of the trail; what one call did by the same action counts once."
    )


class OverviewData(Body):
    """The overview."""

    overview: Overview
