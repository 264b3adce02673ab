"""What goes out about this Muster itself: nothing that is secret, no path and no address of its own."""

from typing import Literal

from pydantic import Field

from app.api.v1.schemas.envelope import Body
from app.domain.egress.endpoint import DbType
from app.engines.capability import Capability, Support
from app.engines.errors import Cause


class Store(Body):
    """Where the register is kept."""

    kind: Literal["sqlite", "postgresql"]
    version: str = Field(examples=["16.9"], description="Of SQLite, or of the server.")
    schema_revision: str = Field(examples=["0010"])


class Unavailable(Body):
    """Why no login is tried on this kind of database."""

    cause: Cause
    message: str = Field(examples=["…"])
    remedy: str | None = Field(examples=["…"])
    package: str | None = Field(description="The package that is not installed.")


class EngineState(Body):
    """One kind of database that can be registered."""

    db_type: DbType
    default_port: int | None = Field(examples=[5432], description="null where no login is tried.")
    capabilities: dict[Capability, Support] = Field(examples=[{"connect": "supported"}])
    unavailable: Unavailable | None = Field(description="null: it can be checked.")


class TimeLimits(Body):
    """What holds for an instance that says nothing else."""

    connect_timeout_ms: int = Field(examples=[3000])
    statement_timeout_ms: int = Field(examples=[5000])
    deadline_ms: int = Field(examples=[15000])


class SettingsInUse(Body):
    """What whoever shows the register must know of the settings."""

    link_templates: dict[str, str] = Field(
        examples=[{"Grafana": "https://grafana.example.com/d/db?var-host={host}"}],
        description="Links of each instance, by name: {name}, {host}, {port}, {db_type}, {environment} and {id} are"
        " replaced by its values, percent-encoded (a null by nothing), and {{ and }} by one brace.",
    )
    docs: bool = Field(description="Whether the interactive documents are served.")
    session_idle_minutes: int = Field(examples=[720])
    session_max_hours: int = Field(examples=[168])
    audit_retention_days: int | None = Field(description="null: no event is ever removed.")
    check_threads: int = Field(examples=[32], description="Checks that one web worker runs at a time.")
    checks_kept: int = Field(examples=[100], description="Checks of each instance that are kept, the newest ones.")
    check_defaults: TimeLimits


class About(Body):
    """The Muster that answers."""

    version: str = Field(examples=["1.0.0"])
    api_version: Literal["v1"]
    python: str = Field(examples=["3.11.9"])
    store: Store
    engines: list[EngineState]
    settings: SettingsInUse


class AboutData(Body):
    """What this Muster is."""

    about: About
