"""Undo an import as a whole: what it made goes to the bin, what it changed becomes what it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.db import current_session, moment
from app.domain.access.acting import may_act
from app.domain.audit import trail
from app.domain.instances.bulk.outcome import Outcome
from app.domain.instances.bulk.service import InstanceBatchService
from app.domain.instances.bulk.step import Step, read_data
from app.domain.instances.imports.errors import ImportChangedSince, ImportOfAnother, ImportUndone
from app.domain.instances.imports.report import RowReport
from app.domain.instances.imports.service import get_import, record_import
from app.domain.instances.repository import many
from app.models import Import

_NAMED = 20  # instances that the sentence of an error names; `extra` holds all


class ImportUndoService:
    """Undo imports. Flushes, never commits."""

    def undo(self, import_id: int, *, operator_id: int | None, force: bool = False) -> tuple[Import, Outcome]:
        """Undo an import; with `force` also where instances were changed since, but for those in the bin or gone.

        Whoever made the import may undo it; it takes the action delete for others, and for new instances that were
        changed since.

        :raises ImportNotFound: no import has this id.
        :raises ImportUndone: it was undone already.
        :raises ImportOfAnother: somebody else made it, and the operator may not delete.
        :raises ImportChangedSince: instances were changed since.
        :raises BatchRefused: a value of before cannot be set, as when its tag is gone.
        """
        row = get_import(import_id, lock=True)
        if row.undone_at is not None:
            raise ImportUndone(params={"id": row.id})
        is_own = row.actor_id is not None and row.actor_id == operator_id
        if not is_own and not may_act(operator_id, "delete"):
            raise ImportOfAnother(params={"id": row.id, "name": row.actor_name, "action": "delete"})
        wanted = [one for one in map(RowReport.from_json, row.rows) if one.action in {"insert", "update"}]
        ids = [one.id for one in wanted if one.id is not None]
        many.lock(ids)
        state = many.find_states(ids)
        changed = [one for one in wanted if state.get(one.id or 0) != (one.version, False)]
        if changed and not force:
            names = ", ".join(str(one.name) for one in changed[:_NAMED])
            instances = [{"id": one.id, "name": one.name} for one in changed]
            raise ImportChangedSince(
                params={"count": len(changed), "name": names}, extra={"instances": instances, "count": len(changed)}
            )
        present = [one for one in wanted if one.id in state and not state[one.id][1]]
        theirs = {one.id for one in changed if one.action == "insert"}
        is_as_left = theirs.isdisjoint(one.id for one in present)
        outcome = _carry_out(present, row, operator_id, may_bin=is_own and is_as_left)
        row.undone_at, row.undone_by_id = moment(), operator_id
        row.undone_by_name = trail.actor_name(operator_id)
        current_session().flush()
        record_import("undo", row, operator_id)
        return row, outcome


def _carry_out(rows: Sequence[RowReport], made: Import, operator_id: int | None, *, may_bin: bool) -> Outcome:
    reason = f"undo of import {made.id}"
    steps = [_step(index, row, reason) for index, row in enumerate(reversed(rows))]
    service = InstanceBatchService(granted=frozenset({"delete"}) if may_bin else frozenset())
    return service.carry_out(steps, operator_id=operator_id)


def _step(index: int, row: RowReport, reason: str) -> Step:
    step = Step(index, "delete" if row.action == "insert" else "update", id=row.id)
    data = {"reason": reason} if row.action == "insert" else before(row.changes)
    step.replaced = frozenset({"custom", "external_ids"})
    step.faults = read_data(step, data)
    return step


def before(changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what an update takes to set the fields to what they were."""
    data: dict[str, Any] = {}
    for change in changes:
        name, value = change["field"], change["before"]
        if name in {"credential", "admin_credential", "cluster"}:
            data[f"{name}_id"] = value["id"] if value else None
        else:
            data[name] = value
    return data
