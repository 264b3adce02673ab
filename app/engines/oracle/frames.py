"""What Muster and its Oracle worker tell each other: frames on two pipes, each a length and a body.

To the worker go pickled objects; what comes back is JSON alone, for the worker is who talks to strangers.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Literal

from pydantic import TypeAdapter

from app.engines.base import Address, Login, TlsOptions
from app.engines.errors import Cause
from app.engines.facts import PrivilegeFact, ServerFact, TlsFact
from app.engines.ladder import StepFact

_MOST = 4 * 1024 * 1024
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One check from `connect` on; the guard stays with who asked."""

    number: int
    host: str
    port: int
    service_name: str | None
    sid: str | None
    login: Login | None
    suspended: bool
    tls: TlsOptions
    connect_timeout_ms: int
    statement_timeout_ms: int
    left_ms: int
    application: str
    addresses: Sequence[Address]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the guard says to an `Ask`."""

    number: int
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to the guard: whether an address is refused, or a login admitted."""

    number: int
    host: str
    port: int | None = None  # None: the host is an address that would be dialled
    kind: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step that is over."""

    number: int
    step: StepFact
    kind: Literal["told"] = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The end of a check: what was found, and what ended it."""

    number: int
    outcome: Literal["ok", "failed", "deadline", "internal"]
    cause: Cause | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    address: str | None = None
    tls: TlsFact | None = None
    server: ServerFact | None = None
    privileges: Sequence[PrivilegeFact] = ()
    kind: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The worker has started; it is of no check."""

    number: int
    kind: Literal["ready"] = "ready"


Report = Ready | Ask | Told | Ended
_REPORTS: TypeAdapter[Report] = TypeAdapter(Report)


def write(stream: IO[bytes], body: bytes) -> None:
    """Write one frame."""
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def read(stream: IO[bytes]) -> bytes | None:
    """Return the next body; None: the other side has ended, or sends what is none."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = int(_LENGTH.unpack(head)[0])
    body = stream.read(size) if size <= _MOST else b""
    return body if len(body) == size else None


def as_json(report: Report) -> bytes:
    """Return a report as it crosses the border."""
    return _REPORTS.dump_json(report)


def from_json(body: bytes) -> Report:
    """Return a report.

    :raises ValueError: it is none.
    """
    return _REPORTS.validate_json(body)
