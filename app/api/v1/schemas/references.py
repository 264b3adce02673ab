"""What goes out about tags, environments, clusters and credentials."""

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.envelope import Body, Listing


class _Versioned(Body):
    id: int
    usage_count: int = Field(description="Instances that use it, those in the recycle bin included.")
    created_at: datetime
    updated_at: datetime
    version: int


class Tag(_Versioned):
    """A tag."""

    name: str = Field(examples=["payments"])
    color: str | None = Field(examples=["#1677ff"])
    description: str | None


class TagData(Body):
    """One tag."""

    tag: Tag


class Environment(_Versioned):
    """An environment."""

    key: str = Field(examples=["production"])
    name: str | None
    is_production: bool
    position: int


class EnvironmentData(Body):
    """One environment."""

    environment: Environment


class Cluster(_Versioned):
    """A cluster."""

    name: str = Field(examples=["orders-galera"])
    kind: str = Field(examples=["galera"])
    external_id: str | None
    description: str | None


class ClusterData(Body):
    """One cluster."""

    cluster: Cluster


class UsedBy(Body):
    """An instance that uses the thing."""

    id: int
    name: str = Field(examples=["orders-01"])
    in_bin: bool = Field(examples=[False])


class BoundEndpoint(Body):
    """One exact endpoint."""

    db_type: str = Field(examples=["postgresql"])
    host: str = Field(validation_alias="host_key", examples=["db1.example.com"])
    port: int = Field(examples=[5432])
    tls_mode: str = Field(examples=["require"], description="The weakest mode that an instance may have there.")
    tls_ca_digest: str | None = Field(
        description="SHA-256 of the CA that such an instance has; null: the system's authorities."
    )
    tls_legacy: bool


class Bindings(Body):
    """To which endpoints the credential may be sent."""

    hosts: list[str] = Field(examples=[["db1.example.com"]])
    suffixes: list[str] = Field(examples=[[".prod.example.com"]])
    networks: list[str] = Field(examples=[["10.1.0.0/16"]])
    engines: list[str] = Field(examples=[["postgresql"]])
    endpoints: list[BoundEndpoint]


class Credential(_Versioned):
    """A credential; its password is in no answer."""

    name: str = Field(examples=["monitor-prod"])
    username: str = Field(examples=["muster"])
    description: str | None
    password_set: bool
    bindings: Bindings
    used_by: list[UsedBy] = Field(description="The first 20 by name; `usage_count` counts all.")


class CredentialData(Body):
    """One credential."""

    credential: Credential


class PlaceUse(Body):
    """One host, suffix, network or engine of the bindings."""

    value: str = Field(examples=["db1.example.com"])
    instance_count: int = Field(description="Instances that use the credential there, those in the bin included.")


class EndpointUse(Body):
    """One exact endpoint of the bindings."""

    db_type: str = Field(examples=["postgresql"])
    host: str = Field(examples=["db1.example.com"])
    port: int = Field(examples=[5432])
    instance_count: int


class Reach(Body):
    """What lies within each binding, under the TLS that it asks for; engines narrow hosts, suffixes and networks."""

    hosts: list[PlaceUse]
    suffixes: list[PlaceUse]
    networks: list[PlaceUse]
    engines: list[PlaceUse]
    endpoints: list[EndpointUse]
    outside_count: int = Field(description="Instances that use the credential and lie within none of its bindings.")
    outside: list[UsedBy] = Field(description="The first 20 of them by name.")


class ReachData(Body):
    """How far a credential reaches."""

    reach: Reach


TagList = Listing[Tag]
EnvironmentList = Listing[Environment]
ClusterList = Listing[Cluster]
CredentialList = Listing[Credential]
