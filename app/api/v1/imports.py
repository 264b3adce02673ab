"""Show imports: their rows, with faults as sentences in the language of the reader."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.api.v1.batches import shown_faults
from app.core.errors import FieldFault
from app.domain.instances.imports.report import RowReport, summary_of


def shown_record(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the table
    """Return what is known of an import without its rows."""
    return {
        "id": row.id,
        "file_name": row.file_name,
        "at": row.at,
        "actor": {"id": row.actor_id, "username": row.actor_name},
        "undone_at": row.undone_at,
        "undone_by": {"id": row.undone_by_id, "username": row.undone_by_name} if row.undone_at else None,
        "summary": row.summary,
    }


def shown_import(
    row: Any,  # noqa: ANN401 - a row or none
    rows: Sequence[RowReport],
    *,
    file_name: str,
    columns: Sequence[Mapping[str, Any]] | None = None,
    column_faults: Sequence[FieldFault] = (),
) -> dict[str, Any]:
    """Return `{"import": {…}}`; without a row it is one that wrote nothing."""
    unknown = dict.fromkeys(("id", "at", "actor", "undone_at", "undone_by"))
    record = {**unknown, "file_name": file_name} if row is None else shown_record(row)
    shown_rows = [_shown_row(one, with_id=row is not None) for one in rows]
    shown_columns = {"columns": columns, "column_faults": shown_faults(column_faults)}
    return {"import": {**record, "summary": summary_of(rows), **shown_columns, "rows": shown_rows}}


def _shown_row(row: RowReport, *, with_id: bool) -> dict[str, Any]:
    return {
        "row": row.row,
        "action": row.action,
        "id": row.id if with_id or row.action != "insert" else None,
        "name": row.name,
        "errors": [
            {**shown, "value": fault.params.get("value") if fault.code == "unknown_reference" else None}
            for shown, fault in zip(shown_faults(row.faults), row.faults, strict=True)
        ],
        "changes": [{"secret": False, **change} for change in row.changes],
        "cells": row.cells,
        "same_endpoint": row.same_endpoint,
        "binned_id": None if row.id else _binned_id(row),
    }


def _binned_id(row: RowReport) -> int | None:
    found = (fault.params["id"] for fault in row.faults if fault.code == "name_taken_in_bin")
    return next(found, None)
