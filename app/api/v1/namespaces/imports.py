"""Imports that were made."""

from dataclasses import replace
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.batches import shown_outcome
from app.api.v1.contract import accepts, operation, returns
from app.api.v1.imports import shown_import, shown_record
from app.api.v1.listing import listing
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.imports import ImportData, ImportList, ImportRecord, UndoneData
from app.domain.instances.bulk.outcome import BatchRefused
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken, InstanceNameTakenInBin
from app.domain.instances.imports.commands import UndoImport
from app.domain.instances.imports.errors import ImportChangedSince, ImportNotFound, ImportOfAnother, ImportUndone
from app.domain.instances.imports.listing import list_page
from app.domain.instances.imports.report import RowReport
from app.domain.instances.imports.service import get_import
from app.domain.instances.imports.undo import ImportUndoService
from app.domain.references.listing import ListPage
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf

ns = Namespace("imports", path="/imports", description="Imports that were made.")
_TAKEN = (InstanceNameTaken, InstanceNameTakenInBin, ExternalIdTaken)


def _shown(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a record of an import
    return shown_import(row, [RowReport.from_json(one) for one in row.rows], file_name=row.file_name)


@ns.route("")
class ImportCollection(BaseResource):
    """All imports."""

    @api_login_required
    @api_permission_required("view")
    @operation("listImports", "List imports, the newest first, without their rows")
    @returns({200: Ok[ImportList]}, query=ListPage)
    def get(self, query: ListPage) -> Response:
        """List imports."""

        def work() -> Success:
            page = list_page(query)
            items = [ImportRecord.model_validate(shown_record(one)).model_dump() for one in page.items]
            return Success("import.listed", listing(items, query, total=page.total))

        return self.safe_call(work, action="import.list", public_error="import.list_failed")


@ns.route("/<int:import_id>")
class ImportItem(BaseResource):
    """One import."""

    @api_login_required
    @api_permission_required("view")
    @operation("getImport", "Show an import with what became of each row")
    @returns({200: Ok[ImportData]}, errors=[ImportNotFound])
    def get(self, import_id: int) -> Response:
        """Show an import."""

        def work() -> Success:
            return Success("import.shown", _shown(get_import(import_id)))

        return self.safe_call(work, action="import.read", public_error="import.read_failed")


@ns.route("/<int:import_id>/undo")
class ImportReversal(BaseResource):
    """The way back."""

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("undoImport", "Undo an import as a whole: new instances go to the bin, changed ones become as they were")
    @accepts(UndoImport)
    @returns({200: Ok[UndoneData]}, errors=[ImportNotFound, ImportUndone, ImportChangedSince, ImportOfAnother, *_TAKEN])
    def post(self, import_id: int, command: UndoImport) -> Response:
        """Undo an import."""

        def work() -> Success:
            try:
                row, outcome = ImportUndoService().undo(import_id, operator_id=caller().id, force=command.force)
            except BatchRefused as refused:
                refused.extra = shown_outcome(replace(refused.outcome, written=False))
                raise
            return Success("import.undone", {**_shown(row), "undo": outcome.summary})

        return self.safe_call(work, action="import.undo", public_error="import.undo_failed")
