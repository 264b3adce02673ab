"""What checks of a SQL Server of ours have in common: a spec, a step, and whether a secret was seen."""

from collections.abc import Callable
from typing import Any

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact
from app.engines.ladder import StepFact
from tests.engine_suite.suite import SECRET, Permissive, hides
from tests.support.databases.peers import Peer
from tests.support.databases.tds_server import Server

Start = Callable[..., Server]


def spec_of(server: Server | Peer, *, mode: str = "require", **changes: Any) -> ConnectionSpec:
    values = {
        "db_type": "sqlserver",
        "host": "127.0.0.1",
        "port": server.port,
        "guard": Permissive(),
        "login": Login(username="muster", password=SECRET),
        "tls": TlsOptions(mode=mode),  # type: ignore[arg-type]  # a test gives it as text
        "connect_timeout_ms": 1_000,
        "deadline_ms": 3_000,
    }
    return ConnectionSpec(**{**values, **changes})


def step(done: CheckFact, name: str) -> StepFact:
    return next(one for one in done.steps if one.step == name)


def saw_the_secret(server: Server | Peer) -> bool:
    return any(shape in server.received for shape in hides(SECRET))
