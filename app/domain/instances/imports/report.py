"""What an import does, or would do: one entry for each row of the file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.core.errors import FieldFault, Invalid
from app.domain.instances.bulk.outcome import Outcome, Result

Action = Literal["insert", "update", "unchanged", "error"]
_ACTIONS: Mapping[str, Action] = {"created": "insert", "updated": "update", "unchanged": "unchanged", "error": "error"}


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of one row; `version` is the one that the import gave to the instance."""

    row: int
    action: Action
    id: int | None
    name: str | None
    version: int | None
    changes: Sequence[Mapping[str, Any]]
    faults: Sequence[FieldFault]

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


def report_of(outcome: Outcome, numbers: Sequence[int]) -> list[RowReport]:
    """Return the rows of a batch that a file was; `numbers` are those of the rows in the file."""
    return [_row(result, numbers) for result in outcome.results]


def _row(result: Result, numbers: Sequence[int]) -> RowReport:
    draft = None if result.faults else result.draft
    return RowReport(
        row=numbers[result.index],
        action=_ACTIONS[result.status],
        id=result.id,
        name=result.name,
        version=draft.version if draft else None,
        changes=result.changes,
        faults=_distinct([_as_column(fault, numbers) for fault in result.faults]),
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

    def __init__(self, rows: Sequence[RowReport]) -> None:
        super().__init__(
            [
                FieldFault(f"rows.{row.row}.{fault.path}", fault.code, fault.params)
                for row in rows
                for fault in row.faults
            ]
        )
        self.rows = rows
