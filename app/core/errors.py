"""The kinds of failure; each domain subclasses one and gives it a stable code.

What a kind means over HTTP stands in `app.api.v1.errors`, its sentences in `app.core.messages`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong with one field.

    `path` is dotted (`bindings.networks.0`), `code` is stable, `params` fill the sentence of `field.<code>`.
    """

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class MusterError(Exception):
    """A failure that has a code and can be told to whoever caused it.

    `params` fill the sentence that `code` has in the catalogue; `extra` goes out as it is, so neither may
    hold a secret.
    """

    code: str = "error.internal"

    def __init__(self, *, params: Mapping[str, Any] | None = None, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(self.code)
        self.params: Mapping[str, Any] = params or {}
        self.extra: Mapping[str, Any] = extra or {}


class Invalid(MusterError):
    """What was sent cannot be accepted; `faults` names each field."""

    code = "error.validation"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(params={"count": len(faults)})
        self.faults = tuple(faults)


class Unreadable(MusterError):
    """The request as a whole cannot be read, so no field can be named."""

    code = "error.request"


class NotAuthenticated(MusterError):
    """Nobody is logged in."""

    code = "error.authentication_required"


class Denied(MusterError):
    """The caller is known and may not do this."""

    code = "error.permission_required"


class NotFound(MusterError):
    """The thing does not exist, or is hidden in the recycle bin."""

    code = "error.not_found"


class Conflict(MusterError):
    """The request is sound but collides with what is there."""

    code = "error.conflict"


class PreconditionFailed(MusterError):
    """The thing is not any more as the caller has seen it; nothing was written."""

    code = "error.precondition_failed"


class Unprocessable(MusterError):
    """The request is sound by itself and contradicts an earlier one."""

    code = "error.unprocessable"


class TooMany(MusterError):
    """Too many attempts; `retry_after_s` says when the next one may succeed."""

    code = "error.rate_limit"

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(params={"seconds": retry_after_s}, extra={"retry_after_s": retry_after_s})
        self.retry_after_s = retry_after_s


class Unavailable(MusterError):
    """A part that Muster needs does not answer; the same call may work later."""

    code = "error.unavailable"


class StorageFull(MusterError):
    """The disk under the store is full; nothing was written."""

    code = "error.storage_full"
