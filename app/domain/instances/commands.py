"""What may come in about instances: declared once, for the API, the command line and imports."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationError, field_validator

from app.core.fields import (
    INT64_MAX,
    Boolean,
    Command,
    FromDigits,
    Id,
    Label,
    Line,
    Moment,
    Prose,
    faults_of,
    refuse,
)
from app.domain.egress.endpoint import DbType, Host, Port
from app.domain.environments.commands import EnvironmentKey
from app.domain.instances.connection import ConnectionOptions, PrivateKey
from app.domain.writes.commands import Reason

Lifecycle = Literal["planned", "active", "maintenance", "retiring", "retired"]
EndpointKind = Literal["server", "writer", "reader", "proxy"]
Platform = Literal[
    "self_hosted", "aws_rds", "aws_aurora", "aliyun_rds", "polardb", "azure_sql", "gcp_cloud_sql", "other"
]

# What null means in these fields.
DEFAULTS: dict[str, Any] = {
    "is_active": True,
    "lifecycle": "active",
    "endpoint_kind": "server",
    "platform": "self_hosted",
    "tls_legacy": False,
    "connect_timeout_ms": 3_000,
    "statement_timeout_ms": 5_000,
    "deadline_ms": 15_000,
}

InstanceName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.\-\u4e00-\u9fff]+$")]
ServiceName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.$#-]+$")]
DatabaseName = Annotated[Line, Field(min_length=1, max_length=64)]
_Text = Annotated[Prose, Field(max_length=500)]
_Whole = Annotated[int, Field(ge=-INT64_MAX, le=INT64_MAX)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_BY_TYPE: dict[type, TypeAdapter[Any]] = {
    str: TypeAdapter(_Text),
    bool: TypeAdapter(Boolean),
    int: TypeAdapter(_Whole),
    float: TypeAdapter(_Number),
    type(None): TypeAdapter(None),
}


def _one_of_its_kind(value: object) -> object:
    """Validate a value as what it is: a union would tell the faults of all its branches, under odd paths."""
    kind = _BY_TYPE.get(type(value))
    if kind is None:
        raise refuse("not_flat")
    try:
        return kind.validate_python(value)
    except ValidationError as exc:
        fault = faults_of(exc)[0]
        raise refuse(fault.code, **fault.params) from None


_Plain = _Text | Boolean | _Whole | _Number | None
CustomValue = Annotated[_Plain, PlainValidator(_one_of_its_kind, json_schema_input_type=_Plain)]
KEYS_MOST, TAGS_MOST, EXTERNAL_MOST = 32, 50, 16


def _distinct(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


TagNames = Annotated[
    list[Annotated[Label, Field(min_length=1, max_length=50)]],
    Field(max_length=TAGS_MOST),
    AfterValidator(_distinct),
]
ExternalSystem = Annotated[Label, Field(min_length=1, max_length=50)]
ExternalId = Annotated[Label, Field(min_length=1, max_length=200)]


class RefersToOthers(Command):
    """The fields that name other things; they are looked up even when other fields are wrong."""

    credential_id: Id | None = Field(None, description="The login of its checks.")
    admin_credential_id: Id | None = Field(None, description="A second login, for what needs more rights.")
    environment: EnvironmentKey | None = Field(None, examples=["production"], description="Key of an environment.")
    cluster_id: Id | None = Field(None, description="The cluster that it belongs to.")
    tag_names: TagNames | None = Field(None, description="Names of existing tags.")


class CreateInstance(RefersToOthers, ConnectionOptions):
    """A new instance."""

    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "status", "version", "created_at", "updated_at", "deleted_at", "deleted_by", "delete_reason", "tags"}
        | {"credential", "cluster", "flavour", "main_version", "database_version", "detailed_version"}
        | {"active_db_count", "active_account_count", "last_sync_time", "last_connected"}
        | {"last_outcome", "last_cause", "last_attempt_at", "last_success_at", "last_error_at"}
        | {"last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after"}
        | {"admin_credential", "tls_client_key_set"}
    )

    name: InstanceName = Field(
        examples=["orders-01"], description="Unique, in the recycle bin too: Latin letters, digits, . _ - and Chinese."
    )
    db_type: DbType = Field(examples=["postgresql"], description="The engine.")
    host: Host = Field(examples=["db1.example.com"], description="IPv4 or IPv6 address, or host name.")
    port: Port = Field(examples=[5432], description="Where it listens.")
    database_name: DatabaseName | None = Field(None, description="Login database.")
    service_name: ServiceName | None = Field(None, description="Oracle.")
    sid: ServiceName | None = Field(None, description="Oracle.")
    instance_name: ServiceName | None = Field(None, description="SQL Server.")
    description: Prose | None = Field(None, max_length=500, description="What it is for; may have several lines.")
    is_active: Boolean | None = Field(None, description="Default true; false for a retired instance.")
    owner: Annotated[Line, Field(max_length=100)] | None = Field(None, description="The person or team it belongs to.")
    contact: Annotated[Line, Field(max_length=100)] | None = Field(None, description="How to reach them.")
    location: Annotated[Line, Field(max_length=100)] | None = Field(None, description="Where it stands.")
    criticality: Annotated[int, Field(ge=1, le=4), FromDigits()] | None = Field(None, description="1 (highest) to 4.")
    lifecycle: Lifecycle | None = Field(None, description="Default active; retired implies inactive.")
    endpoint_kind: EndpointKind | None = Field(None, description="Default server.")
    platform: Platform | None = Field(None, description="Default self_hosted.")
    external_ids: dict[ExternalSystem, ExternalId] | None = Field(
        None,
        max_length=EXTERNAL_MOST,
        examples=[{"cmdb": "CI-4711"}],
        description="What other systems call it, by system; unique in each system.",
    )
    custom: dict[Annotated[Label, Field(min_length=1, max_length=64)], CustomValue] | None = Field(
        None, max_length=KEYS_MOST, description="A flat object.", examples=[{"rack": "B12"}]
    )
    muted_until: Moment | None = Field(None, description="No events before this time; with an offset.")
    tls_client_key: PrivateKey | None = Field(
        None, description="PEM of its key, not encrypted; no answer shows it. It stays until it is null."
    )

    @field_validator("custom", mode="before")
    @classmethod
    def _flat(cls, value: object) -> object:
        if isinstance(value, dict) and any(isinstance(one, dict | list) for one in value.values()):
            raise refuse("not_flat")
        return value


class UpdateInstance(CreateInstance):
    """What an instance shall be; an absent optional field keeps its value, null clears it or sets the default."""


class UpsertInstance(UpdateInstance):
    """What the instance of this name shall be, whether there is one or not."""

    name: InstanceName = Field(default_factory=str, description="Absent, or the name of the path.")


class PatchInstance(UpdateInstance):
    """What changes in an instance; absent keeps, null clears, the members of an object are merged one by one."""

    name: InstanceName = Field(default_factory=str, examples=["orders-01"])
    db_type: DbType = Field(default_factory=lambda: "other")
    host: Host = Field(default_factory=str, description="IPv4 or IPv6 address, or host name.")
    port: Port = Field(default_factory=int)
    add_tags: TagNames | None = Field(None, description="Names of existing tags that are added to what it carries.")
    remove_tags: TagNames | None = Field(None, description="Names of existing tags that are taken off.")
    external_ids: dict[ExternalSystem, ExternalId | None] | None = Field(  # type: ignore[assignment]  # null removes
        None, max_length=EXTERNAL_MOST, description="A member that is null is removed."
    )


class DeleteInstance(Command):
    """Why an instance goes to the recycle bin."""

    reason: Reason | None = Field(None, examples=["replaced by orders-02"])


class RestoreInstance(Command):
    """Why an instance comes back."""

    reason: Reason | None = None


class PurgeInstance(Command):
    """Why an instance is removed for good."""

    reason: Reason | None = None


class ReadInstance(Command):
    """How one instance is read."""

    include_deleted: Boolean = Field(False, description="Whether an instance in the recycle bin is shown.")
    as_of: Moment | None = Field(
        None, description="Show it as it was at this time, with an offset; also when it was purged since."
    )
