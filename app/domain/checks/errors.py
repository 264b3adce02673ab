"""What can go wrong with checks; a database that cannot be reached is no such thing, but the answer of a check."""

from app.core.errors import Conflict, NotFound, TooMany


class CheckNotFound(NotFound):
    """No check has this id, or newer ones of its instance have taken its place."""

    code = "check.not_found"


class AnotherPending(Conflict):
    """Not the server that the caller has seen waits to be accepted; `extra.pending` is the one that does."""

    code = "fingerprint.another_pending"


class ChecksBusy(TooMany):
    """As many checks are running and waiting in this process as it takes, or the system has no thread for one."""

    code = "check.busy"
