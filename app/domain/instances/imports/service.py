"""Take a file into the register: one transaction, one batch, one record of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.core.db import current_session, hold_lock, moment
from app.core.fields import Upload
from app.domain.audit import trail
from app.domain.instances.bulk.outcome import BatchRefused
from app.domain.instances.bulk.service import InstanceBatchService
from app.domain.instances.imports.commands import ImportFile, ImportOptions
from app.domain.instances.imports.errors import ImportNotFound
from app.domain.instances.imports.report import ImportRefused, Report, RowReport, report_of, summary_of
from app.domain.instances.imports.rows import entries_of, steps_of
from app.domain.instances.sheets.columns import ColumnsRefused, columns_of, is_by_id, lay_out
from app.domain.instances.sheets.files import read_file
from app.domain.instances.sheets.sheet import corrected, samples_of
from app.models import Environment, Import


class ImportService:
    """Import instances from files. Flushes, never commits.

    :raises NoTransaction: a method is called outside of a transaction.
    """

    def __init__(self, *, batches: InstanceBatchService | None = None) -> None:
        self._batches = batches or InstanceBatchService()

    def rehearse(self, command: ImportFile, *, options: ImportOptions, operator_id: int | None) -> Report:
        """Say of each row what would become of it; nothing is written.

        :raises Invalid: the file cannot be read, or its columns cannot be made out and it was not asked to tell.
        """
        try:
            return self._carry_out(command, options, operator_id, write=False)
        except ColumnsRefused as refused:
            if options.columns == "refuse":
                raise
            return Report(refused.extra["columns"], [], refused.faults)

    def run(
        self, command: ImportFile, *, options: ImportOptions, operator_id: int | None
    ) -> tuple[Import | None, Report]:
        """Insert and update; returns the record of it, None where nothing changed, and what became of each row.

        :raises Invalid: the file cannot be read, or its columns cannot be made out.
        :raises ImportRefused: rows are wrong, and it was not asked for a part; nothing was written.
        """
        report = self._carry_out(command, options, operator_id, write=True)
        if not any(row.action in {"insert", "update"} for row in report.rows):
            return None, report
        return self._keep(command.file, report.rows, operator_id), report

    def _carry_out(
        self, command: ImportFile, options: ImportOptions, operator_id: int | None, *, write: bool
    ) -> Report:
        file, mapping = command.file, command.mapping or {}
        sheet = corrected(read_file(file.name, file.content, wanted=options.format), command.corrections or {})
        samples = samples_of(sheet)
        try:
            places = lay_out(sheet.headers, mapping, shared=not sheet.typed)
        except ColumnsRefused as refused:
            refused.extra = {"columns": _sampled(refused.extra["columns"], samples)}
            raise
        entries = entries_of(sheet, places, clear=options.empty == "clear", utc_offset=options.utc_offset)
        columns = _sampled(columns_of(sheet.headers, mapping), samples)
        if write:
            hold_lock(
                "imports"
            )  # one after the other: a file that is sent twice shall be found unchanged, not in conflict
        steps = steps_of(entries, _environments(), by_id=is_by_id(mapping))
        try:
            outcome = self._batches.carry_out(steps, operator_id=operator_id, atomic=not options.partial, write=write)
        except BatchRefused as refused:
            raise ImportRefused(Report(columns, report_of(refused.outcome, sheet, places))) from None
        return Report(columns, report_of(outcome, sheet, places), newly_bound=outcome.newly_bound)

    @staticmethod
    def _keep(file: Upload, rows: Sequence[RowReport], operator_id: int | None) -> Import:
        made = Import(
            at=moment(),
            actor_id=operator_id,
            actor_name=trail.actor_name(operator_id),
            file_name=file.name,
            summary=summary_of(rows),
            rows=[row.as_json() for row in rows],
        )
        current_session().add(made)
        current_session().flush()
        record_import("create", made, operator_id)
        return made


def record_import(action: str, row: Import, operator_id: int | None) -> None:
    """Write the event of an import as a whole; each instance has its own besides."""
    changes: list[dict[str, Any]] = [{"field": "summary", "before": None, "after": row.summary}]
    if action == "undo":
        changes = [{"field": "undone_at", "before": None, "after": row.undone_at and row.undone_at.isoformat()}]
    event = trail.Event(
        action=action, entity_type="import", entity_id=row.id, entity_name=row.file_name, changes=changes
    )
    trail.record(event, operator_id=operator_id)


def get_import(import_id: int, *, lock: bool = False) -> Import:
    """Return the record of an import.

    :raises ImportNotFound: no import has this id.
    """
    row = current_session().get(Import, import_id, with_for_update=lock or None)
    if row is None:
        raise ImportNotFound(params={"id": import_id})
    return row


def _sampled(columns: Sequence[Mapping[str, Any]], samples: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{**column, "samples": [] if column["left_out"] else samples[column["header"]]} for column in columns]


def _environments() -> dict[str, str]:
    rows = current_session().execute(select(Environment.name, Environment.key).order_by(Environment.key.desc()))
    return {name: key for name, key in rows if name}
