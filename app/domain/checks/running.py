"""A check that is under way in this process."""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from app.core.errors import MusterError
from app.domain.checks.pool import Place
from app.domain.checks.refused_logins import LoginThere
from app.engines.base import ConnectionSpec


@dataclass(slots=True, kw_only=True, eq=False)
class Running:
    """What the thread of a check knows of it; the specification holds the secret, and no other part does.

    `login` is there where a kept credential logs in. `must_claim`: another check was trying that login when this one
    began. `unreadable` says why a secret does not open, `failure` why its end could not be written.
    """

    id: int
    instance_id: int | None
    spec: ConnectionSpec = field(repr=False)
    attended: bool
    started_at: datetime
    login: LoginThere | None = None
    must_claim: bool = False
    unreadable: str | None = None
    place: Place | None = None
    failure: MusterError | None = None
    accepted: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def alone(self) -> object:
        """Return what checks that wait for the same login have in common: one of them at a time asks for it."""
        return (self.login.credential_id, self.login.server) if self.login is not None and self.must_claim else None

    @property
    def waited_s(self) -> float:
        """Return how long ago the check was accepted."""
        return time.monotonic() - self.accepted
