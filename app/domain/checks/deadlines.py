"""When a check counts as interrupted: the process that ran it would have ended it by then."""

from datetime import datetime, timedelta

from app.models import Check

# Beyond its deadline a check has to close its connection and to be written down, maybe behind other writers.
GRACE = timedelta(seconds=3)


def is_overdue(check: Check, now: datetime) -> bool:
    """Tell whether a check has no end and will get none."""
    return check.status == "running" and check.deadline_at < now - GRACE
