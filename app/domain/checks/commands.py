"""What may come in about checks."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from app.core.errors import FieldFault, Invalid
from app.core.fields import Boolean, Command, Id
from app.domain.credentials.commands import LoginName, Password
from app.domain.egress.endpoint import DbType, Host, Port
from app.domain.instances.commands import DatabaseName, ServiceName
from app.domain.instances.connection import ConnectionOptions, key_faults
from app.domain.instances.filter import Values
from app.domain.references.listing import ListPage
from app.engines.ladder import Outcome


class CheckInstance(Command):
    """How a registered instance is checked."""

    unattended: Boolean = Field(
        False,
        description="Nobody watches: a login that the server has refused twice is not tried. A call by token counts"
        " as unattended in any case.",
    )


class HowToCheck(Command):
    """Whether the call waits for the end of the check."""

    wait: Boolean = Field(
        True,
        description="false: answer at once (202) and show the check at its Location while it runs. A check that takes"
        " longer than the call can wait is answered like that as well.",
    )


class ListChecks(ListPage):
    """Which checks of an instance, and which page of them, the newest first."""

    outcome: Values[Outcome] | None = Field(
        None,
        description="Only those that ended so. Any of these; repeatable; the last facts stand in an ok or degraded.",
    )


class CheckEndpoint(ConnectionOptions):
    """An endpoint that is not registered, how to connect to it, and who logs in; no secret of it is kept."""

    db_type: DbType = Field(examples=["postgresql"])
    host: Host = Field(examples=["db1.example.com"], description="IPv4 or IPv6 address, or host name.")
    port: Port = Field(examples=[5432])
    database_name: DatabaseName | None = Field(None, description="Login database.")
    service_name: ServiceName | None = Field(None, description="Oracle.")
    sid: ServiceName | None = Field(None, description="Oracle.")
    instance_name: ServiceName | None = Field(None, description="SQL Server.")
    credential_id: Id | None = Field(
        None,
        description="A kept login; only to where it is bound, whoever asks. Each use is an event (`credential.use`).",
    )
    username: LoginName | None = Field(None, description="A login that is not kept; with `password`.")
    password: Password | None = None
    unattended: Boolean = Field(False, description="As for a registered instance.")

    @classmethod
    def parse(cls, payload: Mapping[str, Any] | Self) -> Self:
        """Validate a mapping; a login is kept or comes along, and what comes along is whole.

        :raises Invalid: with every fault of every field.
        """
        parsed = super().parse(payload)
        faults = []
        if parsed.credential_id is not None and (parsed.username is not None or parsed.password is not None):
            faults.append(FieldFault("credential_id", "login_in_two_ways"))
        elif (parsed.username is None) != (parsed.password is None):
            faults.append(FieldFault("password" if parsed.password is None else "username", "required"))
        faults += key_faults(parsed.given(), None, None)
        if faults:
            raise Invalid(faults)
        return parsed
