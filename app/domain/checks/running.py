"""A check that is under way in this process."""

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime

from app.core.errors import MusterError
from app.domain.checks.pool import Place
from app.domain.checks.refused_logins import LoginThere
from app.engines.base import ConnectionSpec


@dataclass(slots=True, kw_only=True, eq=False)
class Running:
    """What the thread of a check knows of it; the specification holds the secret, and no other part does.

    <<<<<<< HEAD
    `login` is there where a kept credential logs in. `holds_login`: no other unattended check may try it until this one
    has its end. `must_claim`: another check was trying that login when this one began. `failure` says why its end could
    not be written.
    =======
    `login` is there where a kept credential logs in. `must_claim`: another check was trying that login when this one
    began. `unreadable` says why a secret does not open, `failure` why its end could not be written.
    >>>>>>> h4-cli
    """

    id: int
    instance_id: int | None
    spec: ConnectionSpec = field(repr=False)
    attended: bool
    started_at: datetime
    login: LoginThere | None = None
    holds_login: bool = False
    must_claim: bool = False
    unreadable: str | None = None
    place: Place | None = None
    failure: MusterError | None = None
    accepted: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def alone(self) -> Hashable:
        """Return what checks that wait for the same login have in common: one of them at a time asks for it."""
        return self.login_place if self.must_claim else None

    @property
    def login_place(self) -> Hashable:
        """Return which credential tries to log in where; None: no kept one does."""
        return None if self.login is None else (self.login.credential_id, self.login.server)

    @property
    def waited_s(self) -> float:
        """Return how long ago the check was accepted."""
        return time.monotonic() - self.accepted
