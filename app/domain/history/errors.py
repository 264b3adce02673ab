"""What can go wrong when a change is undone."""

from app.core.errors import Conflict


class NotRevertible(Conflict):
    """The event tells of no change that can be undone by itself."""

    code = "audit.not_revertible"


class ChangedSince(Conflict):
    """Fields have changed since; `extra.fields` names each with its current value. `force` undoes them all the same."""

    code = "audit.changed_since"
