"""Show imports: their rows, with faults as sentences in the language of the reader."""

from collections.abc import Sequence
from typing import Any

from app.api.v1.batches import shown_faults
from app.domain.instances.imports.report import RowReport, summary_of


def shown_import(row: Any, rows: Sequence[RowReport], *, file_name: str) -> dict[str, Any]:  # noqa: ANN401 - a row or none
    """Return `{"import": {…}}`; without a row it is one that wrote nothing."""
    known = row is not None
    shown = {
        "id": row.id if known else None,
        "file_name": row.file_name if known else file_name,
        "at": row.at if known else None,
        "actor": {"id": row.actor_id, "username": row.actor_name} if known else None,
        "undone_at": row.undone_at if known else None,
        "undone_by": {"id": row.undone_by_id, "username": row.undone_by_name} if known and row.undone_at else None,
        "summary": summary_of(rows),
        "rows": [_shown_row(one, with_id=known) for one in rows],
    }
    return {"import": shown}


def _shown_row(row: RowReport, *, with_id: bool) -> dict[str, Any]:
    return {
        "row": row.row,
        "action": row.action,
        "id": row.id if with_id or row.action != "insert" else None,
        "name": row.name,
        "errors": shown_faults(row.faults),
        "changes": [{"secret": False, **change} for change in row.changes],
    }
