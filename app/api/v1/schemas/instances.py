"""What goes out about instances."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from app.api.v1.schemas.envelope import Body, Listing, Success
from app.domain.instances.filter import TlsState
from app.engines.errors import Cause
from app.engines.facts import Role
from app.engines.ladder import Outcome

_COLLECTED = "null until something has collected it"


class TagOfInstance(Body):
    """A tag that an instance carries."""

    id: int
    name: str = Field(examples=["payments"])
    color: str | None = Field(examples=["#1677ff"])


class InstanceItem(Body):
    """An instance in a list."""

    id: int
    name: str = Field(examples=["orders-01"])
    db_type: str = Field(examples=["postgresql"])
    host: str = Field(examples=["db1.example.com"])
    port: int = Field(examples=[5432])
    description: str | None
    is_active: bool
    deleted_at: datetime | None
    status: Literal["active", "inactive", "deleted"]
    main_version: str | None = Field(description=_COLLECTED)
    active_db_count: int | None = Field(description=_COLLECTED)
    active_account_count: int | None = Field(description=_COLLECTED)
    last_sync_time: datetime | None = Field(description=_COLLECTED)
    tags: list[TagOfInstance]
    environment: str | None = Field(examples=["production"])
    owner: str | None
    criticality: int | None
    lifecycle: str = Field(examples=["active"])
    flavour: str | None = Field(description=_COLLECTED)
    last_outcome: Outcome | None = Field(description="How the last check ended; null before one at this endpoint.")
    last_cause: Cause | None = Field(description="Why it ended so.")
    last_attempt_at: datetime | None = Field(description="When the last check began.")
    last_success_at: datetime | None = Field(description="When the last check began that logged in.")
    last_error_at: datetime | None = Field(description="When the last check began that failed.")


class CredentialOfInstance(Body):
    """The credential that an instance refers to."""

    id: int
    name: str
    username: str


class ClusterOfInstance(Body):
    """The cluster that an instance belongs to."""

    id: int
    name: str
    kind: str


class DeletedBy(Body):
    """Who deleted the instance."""

    id: int
    username: str


class Instance(InstanceItem):
    """An instance in full."""

    database_name: str | None
    service_name: str | None
    sid: str | None
    instance_name: str | None
    credential_id: int | None
    credential: CredentialOfInstance | None
    admin_credential_id: int | None
    admin_credential: CredentialOfInstance | None
    cluster_id: int | None
    cluster: ClusterOfInstance | None
    tls_mode: str | None = Field(description="null: require, or verify-full where there is a tls_ca")
    tls_ca: str | None = Field(description="PEM; null: the system's authorities")
    tls_client_cert: str | None = Field(description="PEM")
    tls_client_key_set: bool
    tls_legacy: bool
    connect_timeout_ms: int = Field(examples=[3000])
    statement_timeout_ms: int = Field(examples=[5000])
    deadline_ms: int = Field(examples=[15000])
    contact: str | None
    location: str | None
    endpoint_kind: str = Field(examples=["server"])
    platform: str = Field(examples=["self_hosted"])
    external_ids: dict[str, str] = Field(examples=[{"cmdb": "CI-4711"}])
    custom: dict[str, Any] | None
    muted_until: datetime | None
    database_version: str | None = Field(description=_COLLECTED)
    detailed_version: str | None = Field(description=_COLLECTED)
    last_connected: datetime | None = Field(description="The last time a login worked.")
    last_check_id: int | None = Field(description="Of the last check, for /checks/{check_id}.")
    outcome_since: datetime | None = Field(description="Since when checks have ended with this outcome and cause.")
    last_network: str | None = Field(
        examples=["10.1.4.0/24"],
        description="The /24 or /64 of the address that was checked last; where the name did not resolve, its domain.",
    )
    role: Role | None = Field(description="As the last check saw it that could tell.")
    tls_state: TlsState | None = Field(
        description="Of the last check that logged in: plaintext, legacy (before TLS 1.2) or current."
    )
    tls_not_after: datetime | None = Field(description="When the server's certificate ends, as last seen.")
    created_at: datetime
    updated_at: datetime
    version: int
    deleted_by: DeletedBy | None = Field(None, description="Only in the recycle bin.")
    delete_reason: str | None = Field(None, description="Only in the recycle bin.")


class InstanceData(Body):
    """One instance."""

    instance: Instance


class TagThen(Body):
    """A tag that an instance carried; the tag that has this name now may be another one."""

    id: None = None
    name: str = Field(examples=["payments"])
    color: None = None


class CredentialThen(Body):
    """The credential that an instance referred to."""

    id: int
    name: str
    username: None = None


class ClusterThen(Body):
    """The cluster that an instance belonged to."""

    id: int
    name: str
    kind: None = None


class DeleterThen(Body):
    """Who had deleted the instance: a user, or a program (then without an id)."""

    id: int | None
    username: str


class InstanceThen(Instance):
    """An instance as it was; what the audit trail does not keep is null."""

    tags: list[TagThen]  # type: ignore[assignment]
    credential: CredentialThen | None  # type: ignore[assignment]
    admin_credential: CredentialThen | None  # type: ignore[assignment]
    tls_client_key_set: None = None  # type: ignore[assignment]
    cluster: ClusterThen | None  # type: ignore[assignment]
    deleted_by: DeleterThen | None = None  # type: ignore[assignment]
    main_version: None = None
    active_db_count: None = None
    active_account_count: None = None
    last_sync_time: None = None
    flavour: None = None
    last_outcome: None = None
    last_cause: None = None
    last_attempt_at: None = None
    last_success_at: None = None
    last_error_at: None = None
    last_check_id: None = None
    outcome_since: None = None
    last_network: None = None
    role: None = None
    tls_state: None = None
    tls_not_after: None = None
    database_version: None = None
    detailed_version: None = None
    last_connected: None = None
    created_at: datetime | None  # type: ignore[assignment]
    updated_at: None = None  # type: ignore[assignment]
    version: None = None  # type: ignore[assignment]


class InstanceThenOrNow(Body):
    """One instance: with `as_of` as it was, else as it is."""

    instance: Instance | InstanceThen


class DeletedData(Body):
    """An instance that went to the recycle bin."""

    instance_id: int
    deleted_at: datetime
    deletion_mode: Literal["soft"]


InstanceList = Listing[InstanceItem]


def _only_the_id_is_sure(schema: dict[str, Any]) -> None:
    schema["required"] = ["id"]
    for part in schema["properties"].values():
        part.pop("default", None)


class PartialInstance(Instance):
    """The fields of an instance that `fields` asked for, and its id."""

    model_config = ConfigDict(json_schema_extra=_only_the_id_is_sure)


PartialInstanceList = Listing[PartialInstance]


class InstanceListResponse(Success[InstanceList | PartialInstanceList]):
    """A page of instances; of a part of their fields where `fields` asked for some."""
