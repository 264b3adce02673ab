"""What is to be checked: an endpoint, how to reach it, and the opened secret that logs in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.crypto import KeyRing
from app.domain.checks.refused_logins import LoginThere
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.protection import effective_mode
from app.domain.instances import repository as instances
from app.domain.instances.connection import open_client_key
from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.models import Credential, Instance

Keys = Callable[[], KeyRing]


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint; a kept credential is named, so that its use is audited and its refusals are counted."""

    spec: ConnectionSpec = field(repr=False)
    endpoint: Endpoint
    instance_id: int | None = None
    credential_id: int | None = None
    credential_name: str | None = None
    login: LoginThere | None = None

    @property
    def username(self) -> str | None:
        """Return who logs in."""
        return self.spec.login.username if self.spec.login is not None else None
