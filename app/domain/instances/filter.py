"""Which instances are meant: one filter for lists, exports, batches and discovery; no paging, no order."""

from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, ValidationInfo, field_validator
from pydantic_core import CoreSchema, core_schema

from app.core.errors import FieldFault
from app.core.fields import INT64_MAX, Boolean, Command, FromDigits, Id, Line, Moment, refuse
from app.domain.egress.endpoint import DbType, Port
from app.domain.instances.commands import EndpointKind, Lifecycle, Platform
from app.engines.base import TlsMode
from app.engines.errors import Cause
from app.engines.facts import Role
from app.engines.ladder import Outcome

TlsState = Literal["plaintext", "legacy", "current"]
_MOST = 50  # values of one filter
_MOST_IDS = 1000
NONE = ""  # what stands for "has none" among the values of a filter


class OrNone:
    """Take an empty text or null for "has none"."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let what is empty pass, whatever else the values must be."""
        value = handler(source)
        shown = core_schema.union_schema([value, core_schema.literal_schema([NONE])])
        return core_schema.no_info_wrap_validator_function(
            lambda given, check: NONE if given in (NONE, None) else check(given),
            value,
            json_schema_input_schema=shown,
        )


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


T = TypeVar("T")
_Several = BeforeValidator(_as_list)
Values = Annotated[list[T], _Several, Field(min_length=1, max_length=_MOST)]
_Text = Annotated[Line, Field(min_length=1, max_length=500)]
Texts = Annotated[list[_Text], _Several, Field(min_length=1, max_length=_MOST)]
TextsOrNone = Annotated[list[Annotated[_Text, OrNone()]], _Several, Field(min_length=1, max_length=_MOST)]
_Whole = Annotated[int, Field(ge=0, le=INT64_MAX), FromDigits()]
Ids = Annotated[list[Id], _Several, Field(min_length=1, max_length=_MOST_IDS)]
IdsOrNone = Annotated[list[Annotated[Id, OrNone()]], _Several, Field(min_length=1, max_length=_MOST)]
_Criticality = Annotated[int, Field(ge=1, le=4), FromDigits()]


def _in_two(value: str) -> str:
    if not value.partition(":")[0] or ":" not in value:
        raise refuse("invalid_format", pattern="key:value")
    return value


_PAIR = r"^[^:\u0000-\u001f\u007f-\u009f\u2028\u2029]+:[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
_Pair = Annotated[Line, Field(max_length=600), AfterValidator(_in_two), Field(json_schema_extra={"pattern": _PAIR})]
Pairs = Annotated[list[_Pair], _Several, Field(min_length=1, max_length=_MOST)]

_ANY = "Any of these; repeatable."
_ANY_OR_NONE = "Any of these; repeatable; empty for none."


def _any(about: str = "") -> Any:  # noqa: ANN401 - what pydantic's Field returns
    return Field(None, description=f"{about} {_ANY}".strip())


def _any_or_none(about: str = "") -> Any:  # noqa: ANN401
    return Field(None, description=f"{about} {_ANY_OR_NONE}".strip())


def _from(about: str) -> Any:  # noqa: ANN401
    return Field(None, description=f"{about} at this time or later.")


def _before(about: str) -> Any:  # noqa: ANN401
    return Field(None, description=f"{about} before this time.")


class InstanceFilter(Command):
    """Which instances; all that is said must hold. Texts are compared exactly, but for `search` and `host`."""

    # The fields of which one value may be given, or several.
    several: ClassVar[frozenset[str]] = frozenset()

    search: Annotated[Line, Field(max_length=200)] | None = Field(
        None, description="Part of the name, the host or the description."
    )
    status: Literal["active", "inactive", "deleted"] | None = Field(
        None, description="Only these; deleted implies include_deleted."
    )
    include_deleted: Boolean = Field(False, description="Whether those in the recycle bin are listed as well.")

    id: Ids | None = _any()
    import_id: Id | None = Field(None, description="Those that this import made or changed.")
    name: Texts | None = _any()
    db_type: Values[DbType] | None = _any("Only this engine.")
    host: Texts | None = _any("In any case of letters.")
    port: Values[Port] | None = _any()
    database_name: TextsOrNone | None = _any_or_none()
    service_name: TextsOrNone | None = _any_or_none()
    sid: TextsOrNone | None = _any_or_none()
    instance_name: TextsOrNone | None = _any_or_none()
    description: TextsOrNone | None = _any_or_none("The whole description.")
    is_active: Boolean | None = Field(None, description="As registered, in the recycle bin or not.")
    environment: TextsOrNone | None = _any_or_none("Keys of environments.")
    is_production: Boolean | None = Field(
        None, description="Whether the environment is a productive one; without an environment it is not."
    )
    owner: TextsOrNone | None = _any_or_none()
    contact: TextsOrNone | None = _any_or_none()
    location: TextsOrNone | None = _any_or_none()
    criticality: Values[Annotated[_Criticality, OrNone()]] | None = _any_or_none("1 (highest) to 4.")
    criticality_max: _Criticality | None = Field(None, description="This critical or more: 2 finds 1 and 2.")
    lifecycle: Values[Lifecycle] | None = _any()
    endpoint_kind: Values[EndpointKind] | None = _any()
    platform: Values[Platform] | None = _any()
    flavour: TextsOrNone | None = _any_or_none()
    cluster_id: IdsOrNone | None = _any_or_none()
    cluster: TextsOrNone | None = _any_or_none("Names of clusters.")
    credential_id: IdsOrNone | None = _any_or_none()
    credential: TextsOrNone | None = _any_or_none("Names of credentials.")
    has_credential: Boolean | None = Field(None, description="Whether it refers to a credential.")
    admin_credential_id: IdsOrNone | None = _any_or_none()
    admin_credential: TextsOrNone | None = _any_or_none("Names of credentials.")
    has_admin_credential: Boolean | None = Field(None, description="Whether it refers to a second login.")
    tls_mode: Values[Annotated[TlsMode, OrNone()]] | None = _any_or_none("As registered; none is the default.")
    has_tls_ca: Boolean | None = Field(None, description="Whether it has a CA of its own.")
    has_tls_client_cert: Boolean | None = Field(None, description="Whether we have a certificate for it.")
    tls_client_key_set: Boolean | None = Field(None, description="Whether the key of that is stored.")
    tls_legacy: Boolean | None = Field(None, description="Whether TLS before 1.2 is accepted.")
    connect_timeout_ms: Values[_Whole] | None = _any()
    statement_timeout_ms: Values[_Whole] | None = _any()
    deadline_ms: Values[_Whole] | None = _any()
    external_id: Pairs | None = _any("As system:id; with an empty id: none in that system.")
    custom: Pairs | None = Field(
        None, description="As key:value; repeatable; all must match; with an empty value: no such key, null or empty."
    )
    tags: Texts | None = Field(None, description="Repeatable; all must match.")
    any_tags: TextsOrNone | None = _any_or_none("Names of tags.")
    not_tags: Texts | None = Field(None, description="Repeatable; none may match.")
    muted: Boolean | None = Field(None, description="Whether muted_until is still to come.")
    muted_until_since: Moment | None = _from("Muted until a moment that is")
    muted_until_until: Moment | None = _before("Muted until a moment")
    main_version: TextsOrNone | None = _any_or_none()
    database_version: TextsOrNone | None = _any_or_none()
    detailed_version: TextsOrNone | None = _any_or_none()
    active_db_count_min: _Whole | None = Field(None, description="At least so many databases.")
    active_db_count_max: _Whole | None = Field(None, description="At most so many databases.")
    active_account_count_min: _Whole | None = Field(None, description="At least so many accounts.")
    active_account_count_max: _Whole | None = Field(None, description="At most so many accounts.")
    version: Values[_Whole] | None = _any("How often it was written.")
    connected: Boolean | None = Field(None, description="Whether a login has ever worked.")
    last_connected_since: Moment | None = _from("Last connected")
    last_connected_until: Moment | None = _before("Last connected")
    outcome: Values[Annotated[Outcome, OrNone()]] | None = _any_or_none("How the last check ended.")
    cause: Values[Annotated[Cause, OrNone()]] | None = _any_or_none("Why the last check ended so.")
    checked: Boolean | None = Field(None, description="Whether it has ever been checked.")
    last_attempt_since: Moment | None = _from("Last checked")
    last_attempt_until: Moment | None = _before("Last checked")
    last_success_since: Moment | None = _from("Last logged in to")
    last_success_until: Moment | None = _before("Last logged in to")
    last_error_since: Moment | None = _from("Last check that failed")
    last_error_until: Moment | None = _before("Last check that failed")
    outcome_since_since: Moment | None = _from("Checks end as the last one did since a moment that is")
    outcome_since_until: Moment | None = _before("Checks end as the last one did since a moment")
    network: TextsOrNone | None = _any_or_none(
        "The network of the last check, as last_network shows it: 10.1.4.0/24, or .example.com."
    )
    tls_state: Values[Annotated[TlsState, OrNone()]] | None = _any_or_none(
        "The encryption of the last check that logged in."
    )
    tls_not_after_since: Moment | None = _from("The server's certificate ends")
    tls_not_after_until: Moment | None = _before("The server's certificate ends")
    role: Values[Annotated[Role, OrNone()]] | None = _any_or_none("As the last check saw it.")
    role_changed_since: Moment | None = _from("A check has seen another role")
    identity_pending: Boolean | None = Field(
        None, description="Whether another server answers that nobody has accepted yet."
    )
    same_node: Boolean | None = Field(
        None, description="Whether the very same server answers at another instance as well, by the name of its node."
    )
    login_suspended: Boolean | None = Field(
        None, description="Whether its server has refused its credential so often that only a person tries it again."
    )
    synced: Boolean | None = Field(None, description="Whether anything has ever been collected.")
    last_sync_since: Moment | None = _from("Last synchronized")
    last_sync_until: Moment | None = _before("Last synchronized")
    created_since: Moment | None = _from("Created")
    created_until: Moment | None = _before("Created")
    updated_since: Moment | None = _from("Last changed")
    updated_until: Moment | None = _before("Last changed")
    deleted_since: Moment | None = _from("Deleted (with include_deleted or status=deleted)")
    deleted_until: Moment | None = _before("Deleted (with include_deleted or status=deleted)")
    deleted_by: Texts | None = _any("User names (with include_deleted or status=deleted).")
    delete_reason: TextsOrNone | None = _any_or_none()

    @field_validator("*", mode="before")
    @classmethod
    def _said(cls, value: object, info: ValidationInfo) -> object:
        """Let null be one of the values, or refuse it: a filter that is not applied would match too much."""
        if value is not None:
            return value
        if info.field_name not in cls.several:
            raise refuse("wrong_type", expected="value")
        return [None]

    @classmethod
    def _named_well(cls, fault: FieldFault) -> FieldFault:
        """Name the parameter, whichever of its values it was; only `tags` have always told their place."""
        name, _, _ = fault.path.partition(".")
        if name in cls.several and name != "tags":
            return FieldFault(name, fault.code, fault.params)
        return super()._named_well(fault)


def _takes_several(annotation: object) -> bool:
    return any(get_origin(get_args(branch)[0]) is list for branch in get_args(annotation) if get_args(branch))


InstanceFilter.several = frozenset(
    name for name, info in InstanceFilter.model_fields.items() if _takes_several(info.annotation)
)
