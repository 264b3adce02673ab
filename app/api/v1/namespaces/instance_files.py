"""Instances as files: import, its template, export."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.imports import shown_import
from app.api.v1.instances import binding_warnings
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.files import File
from app.api.v1.schemas.imports import ImportData
from app.api.v1.streams import file_response
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken, InstanceNameTakenInBin
from app.domain.instances.imports.commands import ImportFile, ImportOptions
from app.domain.instances.imports.report import ImportRefused, Report
from app.domain.instances.imports.service import ImportService
from app.domain.instances.sheets.commands import ExportInstances, ReadTemplate
from app.domain.instances.sheets.exporting import export, template
from app.domain.instances.sheets.files import MEDIA_TYPES
from app.http import write_request
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.language import language

ns = Namespace("files", path="/instances", description="Instances as files.")


@ns.route("/import")
class InstanceImport(BaseResource):
    """A file that is taken into the register."""

    @api_login_required
    @api_permission_required("create")
    @require_csrf
    @operation("importInstances", "Insert and update instances from a file, matched by name")
    @accepts(ImportFile)
    @returns(
        {200: Ok[ImportData]},
        query=ImportOptions,
        errors=[InstanceNameTaken, InstanceNameTakenInBin, ExternalIdTaken],
    )
    def post(self, command: ImportFile, query: ImportOptions) -> Response:
        """Import instances."""
        return self.safe_call(lambda: _taken_in(command, query), action="instance.import", public_error="import.failed")


def _taken_in(command: ImportFile, query: ImportOptions) -> Success:
    service, who = ImportService(), caller().id
    if write_request.current().dry_run:
        report = service.rehearse(command, options=query, operator_id=who)
        return Success("import.rehearsed", _shown(command, None, report), meta=binding_warnings(report.newly_bound))
    try:
        made, report = service.run(command, options=query, operator_id=who)
    except ImportRefused as refused:
        refused.extra = _shown(command, None, refused.report)
        raise
    code = "import.done" if made else "import.nothing_to_do"
    if any(row.action == "error" for row in report.rows):
        code = "import.done_in_part" if made else "import.only_errors"
    return Success(code, _shown(command, made, report), meta=binding_warnings(report.newly_bound))


def _shown(command: ImportFile, made: Any, report: Report) -> dict[str, Any]:  # noqa: ANN401 - a row or none
    return shown_import(
        made,
        report.rows,
        file_name=command.file.name,
        columns=report.columns,
        column_faults=report.column_faults,
    )


@ns.route("/import/template")
class InstanceTemplate(BaseResource):
    """A file to be filled in."""

    @api_login_required
    @api_permission_required("create")
    @operation("getImportTemplate", "Get a file with all columns of an import, headers in the language asked for")
    @returns({200: File}, query=ReadTemplate)
    def get(self, query: ReadTemplate) -> Response:
        """Give a file to be filled in."""

        def work() -> Success:
            pieces = template(file_format=query.format, language=query.language or language())
            return file_response(
                pieces, name="muster-template", ending=query.format, media_type=MEDIA_TYPES[query.format]
            )

        return self.safe_call(work, action="import.template", public_error="import.template_failed", scope="none")


@ns.route("/export")
class InstanceExport(BaseResource):
    """All instances that a filter finds."""

    @api_login_required
    @api_permission_required("view")
    @operation("exportInstances", "Get all instances that match as a file, which an import reads back unchanged")
    @returns({200: File}, query=ExportInstances)
    def get(self, query: ExportInstances) -> Response:
        """Give a file of instances."""

        def work() -> Success:
            pieces = export(query, file_format=query.format, language=query.language or language())
            return file_response(
                pieces, name="muster-instances", ending=query.format, media_type=MEDIA_TYPES[query.format]
            )

        return self.safe_call(work, action="instance.export", public_error="instance.export_failed", scope="none")
