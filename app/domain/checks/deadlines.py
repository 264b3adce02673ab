"""When a check counts as interrupted: the process that ran it would have ended it by then."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from app.models import Check

# Beyond its deadline a check has to close its connection and to be written down, maybe behind other writers.
GRACE = timedelta(seconds=3)


def is_alive(now: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody may still be running a check whose status says so."""
    return Check.deadline_at >= now - GRACE


def is_overdue(check: Check, now: datetime) -> bool:
    """Tell whether a check has no end and will get none."""
    return check.status == "running" and check.deadline_at < now - GRACE
