"""Seal every cell anew with the active key, and prove that every cell opens.

Cells are swapped a batch at a time, each only if nobody has changed it meanwhile, so that one may stop at any
moment, kill it, begin again, and lose nothing. Versions and times of the rows stay as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from app.core.crypto import KeyRing, KeysUnusable, Sealed
from app.core.db import current_session, snapshot, transaction
from app.domain.audit import trail
from app.domain.credentials.processes import refuse_unreported
from app.domain.credentials.sealed import COLUMNS, SealedColumn, count_by_key

_BATCH = 100
_MOST_PASSES = 20


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many cells were sealed anew, and how many are left to another run."""

    swapped: int
    left: int


@dataclass(frozen=True, slots=True)
class Checked:
    """Cells by key and place, and what is wrong: one sentence a cell that does not open."""

    counts: Mapping[str, Mapping[str, int]]
    faults: Sequence[str]


def rotate(ring: KeyRing) -> Rotated:
    """Seal all cells with the active key that lie under another one; opens its own transactions.

    :raises KeyNotReported: a live process does not hold the active key.
    :raises KeysUnusable: a cell does not open; those before it are swapped.
    """
    with snapshot():
        refuse_unreported(ring.active_id)
    swapped = 0
    for _ in range(_MOST_PASSES):
        swapped += sum(_rotate_column(column, ring) for column in COLUMNS)
        left = _left(ring)
        if not left:
            break
    return Rotated(swapped, left)


def _left(ring: KeyRing) -> int:
    with snapshot():
        return sum(sum(places.values()) for key_id, places in count_by_key().items() if key_id != ring.active_id)


def _rotate_column(column: SealedColumn, ring: KeyRing) -> int:
    swapped = 0
    for batch in _batches(column, column.key_id != ring.active_id):
        fresh = [(row, ring.seal(_open(column, ring, row), **column.cell, seal_id=row.seal_id)) for row in batch]
        with transaction():
            done = sum(_swap(column, row, sealed) for row, sealed in fresh)
            if done:
                _trace(column, ring, done)
        swapped += done
    return swapped


def _batches(column: SealedColumn, *which: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - conditions
    model, last = column.model, 0
    while True:
        parts = (column.seal_id.label("seal_id"), column.key_id.label("key_id"), column.blob.label("blob"))
        cells = select(model.id, *parts).where(column.key_id.is_not(None), model.id > last, *which)
        with snapshot() as session:
            batch = session.execute(cells.order_by(model.id).limit(_BATCH)).all()
        if not batch:
            return
        yield batch
        last = batch[-1].id


def _open(column: SealedColumn, ring: KeyRing, row: Any) -> str:  # noqa: ANN401 - a row of a batch
    return ring.open(Sealed(row.key_id, row.blob), **column.cell, seal_id=row.seal_id)


def _swap(column: SealedColumn, row: Any, sealed: Sealed) -> int:  # noqa: ANN401 - a row of a batch
    unchanged = (column.model.id == row.id, column.key_id == row.key_id, column.blob == row.blob)
    statement = update(column.model).where(*unchanged).values({column.key_id: sealed.key_id, column.blob: sealed.blob})
    result: Any = current_session().execute(statement, execution_options={"synchronize_session": False})
    count: int = result.rowcount
    return count


def _trace(column: SealedColumn, ring: KeyRing, count: int) -> None:
    changes = [{"field": column.place, "before": None, "after": count}]
    event = trail.Event(
        action="rotate", entity_type="keys", entity_id=None, entity_name=ring.active_id, changes=changes
    )
    trail.record(event, operator_id=None)


def check(ring: KeyRing) -> Checked:
    """Open every cell; opens its own snapshots."""
    faults = []
    for column in COLUMNS:
        for batch in _batches(column):
            for row in batch:
                try:
                    _open(column, ring, row)
                except KeysUnusable as exc:
                    faults.append(f"row {row.id}: {exc}")
    with snapshot():
        return Checked(count_by_key(), faults)
