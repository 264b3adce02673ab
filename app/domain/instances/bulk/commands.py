"""What may come in as a batch."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, SkipValidation

from app.core.fields import Boolean, Command, Id
from app.domain.egress.endpoint import DbType, Host, Port
from app.domain.instances.commands import (
    EXTERNAL_MOST,
    CreateInstance,
    DeleteInstance,
    ExternalId,
    ExternalSystem,
    InstanceName,
    RestoreInstance,
    TagNames,
    UpdateInstance,
)

MOST_OPERATIONS = 10_000

Op = Literal["create", "update", "delete", "restore", "tag", "untag"]


class ChangeInstance(UpdateInstance):
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


class TagInstance(Command):
    """Which tags an instance gets, or loses."""

    tag_names: Annotated[TagNames, Field(min_length=1)] = Field(
        description="Names of existing tags.", examples=[["payments"]]
    )


class Operation(Command):
    """One change: of a new instance, of the one that `id` or `name` says, or of all that `filter` finds.

    `data` is for create what `POST /instances` takes, for update the fields that change, for tag and untag
    `tag_names`, for delete and restore nothing or a `reason`.
    """

    op: Op = Field(examples=["update"])
    id: Id | None = Field(None, examples=[1])
    name: Annotated[str, Field(max_length=100)] | None = None
    filter: dict[str, Any] | None = Field(
        None, description="Parameters of `GET /instances` but for order and paging, at least one."
    )
    data: dict[str, Any] | None = Field(None, examples=[{"port": 5433}])


class ChangeInstances(Command):
    """Many changes, in order; each sees what the ones before it did."""

    atomic: Boolean = Field(True, description="All or none; false carries out what is sound.")
    operations: Annotated[list[SkipValidation[Operation]], Field(min_length=1, max_length=MOST_OPERATIONS)]


COMMANDS: Mapping[str, type[Command]] = {
    "create": CreateInstance,
    "update": ChangeInstance,
    "delete": DeleteInstance,
    "restore": RestoreInstance,
    "tag": TagInstance,
    "untag": TagInstance,
}
