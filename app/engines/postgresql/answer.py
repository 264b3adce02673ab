"""What a statement brought."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import pq

from app.engines.errors import StepFailed

Row = Sequence[str | None]

_EXPECTED = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY})


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of the last statement, and when question and answer were under way (Unix time)."""

    rows: Sequence[Row]
    sent_at: float
    received_at: float


def rows_of(result: pq.abc.PGresult) -> Sequence[Row]:
    """Return the rows of a result as text; none for an error, which the gate has kept.

    :raises StepFailed: the server wants to copy; libpq would say so again for ever.
    """
    if result.status == pq.ExecStatus.FATAL_ERROR:
        return ()
    if result.status not in _EXPECTED:
        raise StepFailed("query.other", detail={"kind": pq.ExecStatus(result.status).name})
    return [[_text(result.get_value(row, column)) for column in range(result.nfields)] for row in range(result.ntuples)]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="replace")
