"""What may come in about credentials."""

from typing import Annotated

from pydantic import Field

from app.core.fields import Boolean, Command, Label, Prose, Secret
from app.domain.egress.endpoint import DbType, Host, Network, Port, Suffix
from app.engines.base import TlsMode

_MOST = 100


CredentialName = Annotated[Label, Field(min_length=1, max_length=100)]
LoginName = Annotated[Label, Field(min_length=1, max_length=128)]
Password = Annotated[Secret, Field(min_length=1, max_length=1024)]


class EndpointBinding(Command):
    """One exact endpoint, and the TLS that an instance there must have at least; absent: as it is, or require."""

    db_type: DbType
    host: Host
    port: Port
    tls_mode: TlsMode | None = Field(None, description="The weakest mode.")
    tls_ca_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None, description="SHA-256 of the CA that must be the instance's (verifying modes); null: the system's."
    )
    tls_legacy: Boolean | None = Field(None, description="Whether TLS before 1.2 may be accepted.")


class BindingsPart(Command):
    """To which endpoints the credential may be sent; an absent member keeps its value, null empties it.

    Hosts, suffixes and networks are alternatives, engines narrow them. Endpoints are allowed one by one; one is
    added whenever somebody with the right gives an instance elsewhere the credential.
    """

    hosts: list[Host] | None = Field(None, max_length=_MOST, examples=[["db1.example.com"]])
    suffixes: list[Suffix] | None = Field(None, max_length=_MOST, examples=[[".prod.example.com"]])
    networks: list[Network] | None = Field(None, max_length=_MOST, description="They match addresses, never names.")
    engines: list[DbType] | None = Field(None, max_length=_MOST)
    endpoints: list[EndpointBinding] | None = Field(None, max_length=10_000)


class _CredentialParts(Command):
    name: CredentialName = Field(examples=["monitor-prod"])
    username: LoginName = Field(examples=["muster"])
    description: Prose | None = Field(None, max_length=500)
    bindings: BindingsPart | None = None


class CreateCredential(_CredentialParts):
    """A new credential."""

    password: Password


class UpdateCredential(_CredentialParts):
    """What a credential shall be; an absent optional field keeps its value, null clears it."""

    password: Password | None = Field(None, description="Absent or null: the password stays.")


class PatchCredential(UpdateCredential):
    """What changes in a credential; an absent field keeps its value, null clears it."""

    name: CredentialName = Field(default_factory=str, examples=["monitor-prod"])
    username: LoginName = Field(default_factory=str, examples=["muster"])
