"""An engine of the tests' own in the registry: it dials nobody, and does what each test tells it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

from app.engines.base import Address, ConnectionSpec
from app.engines.capability import table
from app.engines.errors import StepFailed
from app.engines.facts import IdentityFact, PrivilegeFact, ServerFact
from app.engines.ladder import Ladder

Script = Callable[[ConnectionSpec, Ladder], None]
STARTED = datetime(2027, 1, 1, tzinfo=UTC)


def server(**told: object) -> ServerFact:
    """Return what a PostgreSQL would say."""
    facts = {
        "engine": "postgresql",
        "version": "15.7",
        "version_text": "PostgreSQL 15.7 on x86_64",
        "role": "primary",
        "our_address": "10.0.0.9",
        "identity": IdentityFact(lineage="7001", node="7001/a", strength="strong", started_at=STARTED),
        **told,
    }
    return ServerFact(**facts)


def login(spec: ConnectionSpec, ladder: Ladder) -> None:
    """Take the steps up to the login, as a server does that is fine."""
    for step in ("connect", "greeting", "tls"):
        with ladder.step(step):
            ladder.found.address = "192.0.2.1"
    if spec.suspended:
        ladder.skip("login", "login.suspended")
    elif spec.login is None:
        ladder.skip("login", "login.no_credential")
    else:
        with ladder.step("login"):
            pass


def fine(spec: ConnectionSpec, ladder: Ladder, **told: object) -> None:
    """Log in and find everything well."""
    login(spec, ladder)
    if spec.suspended or spec.login is None:
        return
    with ladder.step("identify"):
        ladder.found.server = server(**told)
    with ladder.step("privileges"):
        ladder.found.privileges.append(PrivilegeFact(need="identify"))


def failing(step: str, cause: str, **detail: object) -> Script:
    """Return a script that ends in one step."""

    def climb(spec: ConnectionSpec, ladder: Ladder) -> None:
        for name in ("connect", "greeting", "tls", "login"):
            if name == "login" and spec.suspended:
                ladder.skip("login", "login.suspended")
                return
            with ladder.step(name):
                if name == step:
                    raise StepFailed(cause, detail=detail)

    return climb


class FakeEngine:
    """Stands in for every engine; `script` is what the next checks do, `seen` what they were told."""

    db_types = ("postgresql",)
    default_port = 5432
    capabilities = table()
    counts_broken_connections = False

    def __init__(self) -> None:
        self.script: Script = fine
        self.seen: list[ConnectionSpec] = []
        self._lock = threading.Lock()

    def climb(self, spec: ConnectionSpec, addresses: list[Address], ladder: Ladder) -> None:
        with self._lock:
            self.seen.append(spec)
        self.script(spec, ladder)

    @contextmanager
    def held(self, then: Script = fine) -> Iterator[SimpleNamespace]:
        """Let checks stop after their connect until `go` is set; `arrived` counts those that have come so far."""
        gate = SimpleNamespace(go=threading.Event(), arrived=threading.Semaphore(0))

        def climb(spec: ConnectionSpec, ladder: Ladder) -> None:
            with ladder.step("connect"):
                pass
            gate.arrived.release()
            assert gate.go.wait(20)
            then(spec, ladder)

        before, self.script = self.script, climb
        try:
            yield gate
        finally:
            self.script = before
            gate.go.set()
