"""What is asked after a login, in one read-only transaction."""

import time
from datetime import UTC, datetime

from app.engines.errors import StepFailed
from app.engines.oracle import queries
from app.engines.oracle.normalize import Row, Seen
from app.engines.oracle.session import Session


def read(session: Session) -> Seen:
    """Ask who the server is: first what every login may, then what needs a grant.

    :raises StepFailed: the server refuses what every login may ask.
    """
    session.ask(queries.READ_ONLY)
    offset, uncertainty = _clock(session)
    context = session.ask(queries.CONTEXT)[0]
    return Seen(
        context=context,
        products=session.ask(queries.PRODUCTS),
        operators=session.ask(queries.OPERATORS),
        instance=_if_allowed(session, queries.INSTANCE),
        database=_if_allowed(session, queries.DATABASE),
        container=_if_allowed(session, queries.CONTAINER) if context.get("cdb_name") is not None else None,
        clock_offset_ms=offset,
        clock_uncertainty_ms=uncertainty,
    )


def _if_allowed(session: Session, statement: str) -> Row | None:
    try:
        rows = session.ask(statement)
    except StepFailed as exc:
        if exc.cause != "privilege.missing":
            raise
        return None
    return rows[0] if rows else None


def _clock(session: Session) -> tuple[int | None, int | None]:
    """Return the server's clock minus ours at the midpoint of the question, and half of the round trip."""
    asked, began = datetime.now(UTC), time.perf_counter()
    rows = session.ask(queries.CLOCK)
    took_ms = (time.perf_counter() - began) * 1000
    told = rows[0].get("utc") if rows else None
    if not isinstance(told, datetime):
        return None, None
    ahead = (told.replace(tzinfo=UTC) - asked).total_seconds() * 1000 - took_ms / 2
    return round(ahead), round(took_ms / 2)
