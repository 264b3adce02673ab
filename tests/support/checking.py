"""Checks as tests run them: a spec with few words, and the steps by name."""

import time
from dataclasses import dataclass, field
from typing import Any

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact, run_check
from app.engines.ladder import StepFact


@dataclass
class OpenGuard:
    """Lets everything through, but for what a test forbids."""

    forbidden: frozenset[str] = frozenset()
    login_to: frozenset[str] | None = None

    def refuses(self, address: str) -> bool:
        return address in self.forbidden

    def admits_login(self, host: str, port: int) -> bool:
        return self.login_to is None or host in self.login_to


@dataclass
class Checked:
    """A check that is over."""

    fact: CheckFact
    took_s: float
    steps: dict[str, StepFact] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        return self.fact.verdict.outcome

    @property
    def cause(self) -> str | None:
        return self.fact.verdict.cause

    @property
    def server(self) -> Any:
        return self.fact.found.server

    @property
    def privileges(self) -> dict[str, Any]:
        return {one.need: one for one in self.fact.found.privileges}

    @property
    def failed_step(self) -> str | None:
        return next((one.step for one in self.fact.steps if one.outcome == "failed"), None)


def check(
    db_type: str,
    port: int,
    *,
    username: str | None = None,
    password: str = "",
    tls: TlsOptions | None = None,
    **options: Any,
) -> Checked:
    """Check 127.0.0.1 (or `host`) on a port; plain unless `tls` says otherwise; without `username` nobody logs in."""
    spec = ConnectionSpec(
        db_type=db_type,
        port=port,
        login=None if username is None else Login(username=username, password=password),
        tls=tls or TlsOptions(mode="disable"),
        **{"host": "127.0.0.1", "guard": OpenGuard(), **options},
    )
    began = time.monotonic()
    fact = run_check(spec, tell=lambda step: None)
    took_s = time.monotonic() - began
    return Checked(fact, took_s, {one.step: one for one in fact.steps})
