"""What may come in as a batch."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, WrapValidator

from app.core.fields import Boolean, Command, Id
from app.domain.instances.commands import (
    CreateInstance,
    DeleteInstance,
    PatchInstance,
    RestoreInstance,
    TagNames,
)

MOST_OPERATIONS = 10_000

Op = Literal["create", "update", "delete", "restore", "tag", "untag"]


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


# Read one by one later on, so that the faults of one never hide those of another.
_Unchecked = Annotated[Operation, WrapValidator(lambda value, _check: value)]


class ChangeInstances(Command):
    """Many changes, in order; each sees what the ones before it did."""

    json_only: ClassVar[bool] = True

    atomic: Boolean = Field(True, description="All or none; false carries out what is sound.")
    operations: Annotated[list[_Unchecked], Field(min_length=1, max_length=MOST_OPERATIONS)]


COMMANDS: Mapping[str, type[Command]] = {
    "create": CreateInstance,
    "update": PatchInstance,
    "delete": DeleteInstance,
    "restore": RestoreInstance,
    "tag": TagInstance,
    "untag": TagInstance,
}
