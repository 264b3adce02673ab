"""What may come in about clusters."""

from typing import Annotated, Literal

from pydantic import Field

from app.core.fields import Command, Label, Prose

ClusterKind = Literal[
    "replication",
    "galera",
    "group_replication",
    "patroni",
    "availability_group",
    "failover_cluster",
    "rac",
    "data_guard",
    "cloud",
    "other",
]
ClusterName = Annotated[Label, Field(min_length=1, max_length=100)]


class CreateCluster(Command):
    """A new cluster."""

    name: ClusterName = Field(examples=["orders-galera"])
    kind: ClusterKind
    external_id: Annotated[Label, Field(min_length=1, max_length=200)] | None = None
    description: Prose | None = Field(None, max_length=500)


class UpdateCluster(CreateCluster):
    """What a cluster shall be; an absent optional field keeps its value, null clears it."""


class PatchCluster(UpdateCluster):
    """What changes in a cluster; an absent field keeps its value, null clears it."""

    name: ClusterName = Field(default_factory=str, examples=["orders-galera"])
    kind: ClusterKind = Field(default_factory=lambda: "other")
