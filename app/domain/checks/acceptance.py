"""The consent to another server: whoever gives it may say which one was looked at."""

from typing import Any

from pydantic import Field

from app.core.db import current_session
from app.core.fields import Command
from app.domain.checks import fingerprints
from app.domain.checks.errors import AnotherPending
from app.domain.instances import repository as instances
from app.models import Fingerprint

_NAMES = ("lineage", "node")


class AcceptFingerprint(Command):
    """The server that the caller has seen as `pending`; what is left out is not compared."""

    lineage: str | None = Field(None, description="`pending.lineage` as it was seen; absent: not compared.")
    node: str | None = Field(None, description="`pending.node` as it was seen; absent: not compared.")


def accept_seen(instance_id: int, command: AcceptFingerprint, *, operator_id: int | None) -> bool:
    """Take the pending server for the right one; False when none is pending and nothing changes.

    :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
    :raises AnotherPending: another server than the one that the caller has seen; `extra.pending` is what is pending.
    """
    instances.get_for_update(instance_id)  # before it is compared: no check may bring another one meanwhile
    known = current_session().get(Fingerprint, instance_id, populate_existing=True)
    pending: dict[str, Any] | None = known.pending if known is not None else None
    seen = {name: getattr(command, name) for name in command.given() if name in _NAMES}
    # Accepted already: whoever repeats the call names what has become the known one.
    there = pending if pending is not None else {name: getattr(known, name, None) for name in _NAMES}
    if any(there[name] != value for name, value in seen.items()):
        raise AnotherPending(params={"id": instance_id}, extra={"pending": pending})
    if pending is None:
        return False
    fingerprints.accept(instance_id, operator_id=operator_id)
    return True
