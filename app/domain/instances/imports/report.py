"""What an import does, or would do: one entry for each row of the file."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.core.errors import FieldFault, Invalid
from app.core.fields import whole
from app.domain.credentials.endpoints import NewBinding
from app.domain.instances.bulk.outcome import Outcome, Result
from app.domain.instances.imports.endpoints import same_endpoints
from app.domain.instances.sheets.cells import written
from app.domain.instances.sheets.sheet import Row, Sheet

Action = Literal["insert", "update", "unchanged", "error"]
_ACTIONS: Mapping[str, Action] = {"created": "insert", "updated": "update", "unchanged": "unchanged", "error": "error"}


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of one row; `version` is the one that the import gave to the instance.

    `cells` are those of the file by header, only where the row is wrong, so that they can be mended;
    `same_endpoint` names who else has the endpoint that the row gives, before it is written. Both are not kept.
    """

    row: int
    action: Action
    id: int | None
    name: str | None
    version: int | None
    changes: Sequence[Mapping[str, Any]]
    faults: Sequence[FieldFault]
    cells: Mapping[str, str] | None = None
    same_endpoint: Sequence[Mapping[str, Any]] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the row as it is kept."""
        faults = [{"field": one.path, "code": one.code, "params": dict(one.params)} for one in self.faults]
        return {
            "row": self.row,
            "action": self.action,
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "changes": [dict(change) for change in self.changes],
            "faults": faults,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RowReport":
        """Return the row as it was."""
        faults = [FieldFault(one["field"], one["code"], one["params"]) for one in kept["faults"]]
        return cls(**{**kept, "faults": faults})


def summary_of(rows: Sequence[RowReport]) -> dict[str, int]:
    """Return how many rows there are, and how many have which action."""
    counted = Counter(row.action for row in rows)
    return {"rows": len(rows), **{action: counted[action] for action in ("insert", "update", "unchanged", "error")}}


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file: what each column was taken for, and what each row did.

    Where columns cannot be made out, `column_faults` say why, and no row was looked at. `newly_bound` are the endpoints
    that credentials are bound to by it.
    """

    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[RowReport]
    column_faults: Sequence[FieldFault] = ()
    newly_bound: Sequence[NewBinding] = ()


def report_of(outcome: Outcome, sheet: Sheet, headers: Collection[str]) -> list[RowReport]:
    """Return the rows of a batch that a sheet was; `headers` are those of the columns that were read."""
    numbers = [row.number for row in sheet.rows]
    beside = {} if outcome.written else same_endpoints(outcome.results)
    rows = [_row(result, numbers, sheet.rows[result.index], headers) for result in outcome.results]
    return [
        replace(row, same_endpoint=beside.get(result.index, ()))
        for row, result in zip(rows, outcome.results, strict=True)
    ]


def _row(result: Result, numbers: Sequence[int], source: Row, headers: Collection[str]) -> RowReport:
    draft = None if result.faults else result.draft
    return RowReport(
        row=numbers[result.index],
        action=_ACTIONS[result.status],
        id=result.id,
        name=result.name,
        version=draft.version if draft else None,
        changes=result.changes,
        faults=_distinct([_as_column(fault, numbers) for fault in result.faults]),
        cells={whole(header): written(cell) for header, cell in source.cells.items() if header in headers}
        if result.faults
        else None,
    )


def _distinct(faults: Sequence[FieldFault]) -> list[FieldFault]:
    """Return each fault once; an instance in the bin that has the name and the ids is in the way once, not twice."""
    found = {(fault.path, fault.code): fault for fault in faults}
    binned = {fault.params["name"] for fault in found.values() if fault.code == "name_taken_in_bin"}
    return [
        fault
        for fault in found.values()
        if not (fault.code == "external_id_taken" and fault.params["holder"] in binned)
    ]


def _as_column(fault: FieldFault, numbers: Sequence[int]) -> FieldFault:
    """Name the column of the file, and the row of it, where a batch speaks of fields and positions."""
    path = fault.path.removeprefix("data.")
    if fault.code == "name_taken_in_batch":
        return FieldFault(path, "row_twice", {"row": numbers[fault.params["index"]]})
    if fault.code == "time_without_offset":
        return FieldFault(path, "cell_without_offset")
    return FieldFault(path, fault.code, fault.params)


class ImportRefused(Invalid):
    """Rows are wrong, and nothing was written; `extra.import` tells of each row."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            [
                FieldFault(f"rows.{row.row}.{fault.path}", fault.code, fault.params)
                for row in report.rows
                for fault in row.faults
            ]
        )
        self.report = report
