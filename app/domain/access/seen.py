"""That a session or a token was seen: written now and then, and never at the cost of the call."""

from datetime import datetime, timedelta

from sqlalchemy import Update

from app.core import clock
from app.core.db import transaction
from app.core.errors import StorageFull, Unavailable
from app.core.logging import get_logger

_EVERY = timedelta(minutes=1)


def note(last: datetime | None, statement: Update, *, what: str) -> None:
    """Run the update in a transaction of its own where the last one is a minute old.

    It does not wait for another writer; a store that is locked or full leaves one line in the log.
    """
    if last is not None and clock.now() - last <= _EVERY:
        return
    try:
        with transaction(wait=False) as session:
            session.execute(statement)
    except (StorageFull, Unavailable) as exc:
        get_logger().warning(f"{what}.seen_not_written", cause=exc.code)
