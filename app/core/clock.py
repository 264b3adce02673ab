"""The time, as everything in Muster asks for it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC, with its offset."""
    return datetime.now(UTC)
