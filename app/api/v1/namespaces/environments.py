"""`/environments`: production, staging and so on."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location, present, present_one
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.references import Environment, EnvironmentData, EnvironmentList
from app.core.fields import NoFields
from app.domain.environments.commands import CreateEnvironment, PatchEnvironment, UpdateEnvironment
from app.domain.environments.write_service import EnvironmentWriteService
from app.domain.references.listing import ListReferences
from app.domain.writes.if_match import IfMatch
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf

ns = Namespace("environments", path="/environments", description="The ordered table of environments.")
_CHANGE_ERRORS = (EnvironmentWriteService.kind.not_found, EnvironmentWriteService.kind.taken)


def _shown_one(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the table
    return present_one(Environment, row, EnvironmentWriteService)


@ns.route("")
class EnvironmentCollection(BaseResource):
    """All environments."""

    @api_login_required
    @api_permission_required("view")
    @operation("listEnvironments", "List environments")
    @returns({200: Ok[EnvironmentList]}, query=ListReferences)
    def get(self, query: ListReferences) -> Response:
        """List environments."""

        def work() -> Success:
            page = EnvironmentWriteService.list_page(query)
            items = present(Environment, page.items, EnvironmentWriteService.kind.link)
            return Success("environment.listed", listing(items, query, total=page.total))

        return self.safe_call(work, action="environment.list", public_error="environment.list_failed")

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("createEnvironment", "Add an environment")
    @accepts(CreateEnvironment)
    @returns({201: Ok[EnvironmentData]}, errors=[EnvironmentWriteService.kind.taken])
    def post(self, command: CreateEnvironment) -> Response:
        """Add an environment."""

        def work() -> Success:
            made = EnvironmentWriteService().create(command, operator_id=caller().id)
            return Success("environment.created", _shown_one(made), 201, location("environments", made.id))

        return self.safe_call(work, action="environment.create", public_error="environment.create_failed")


@ns.route("/<int:environment_id>")
class EnvironmentItem(BaseResource):
    """One environment."""

    @api_login_required
    @api_permission_required("view")
    @operation("getEnvironment", "Show an environment")
    @returns({200: Ok[EnvironmentData]}, errors=[EnvironmentWriteService.kind.not_found])
    def get(self, environment_id: int) -> Response:
        """Show an environment."""
        return self.safe_call(
            lambda: Success(
                "environment.shown",
                present_one(Environment, EnvironmentWriteService().get(environment_id), EnvironmentWriteService),
            ),
            action="environment.read",
            public_error="environment.read_failed",
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("updateEnvironment", "Change an environment; absent optional fields keep their value")
    @accepts(UpdateEnvironment)
    @returns({200: Ok[EnvironmentData]}, errors=_CHANGE_ERRORS, if_match=True)
    def put(self, environment_id: int, command: UpdateEnvironment, if_match: IfMatch) -> Response:
        """Change an environment."""
        return self._change(environment_id, command, if_match)

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("patchEnvironment", "Change some fields of an environment")
    @accepts(PatchEnvironment)
    @returns({200: Ok[EnvironmentData]}, errors=_CHANGE_ERRORS, if_match=True)
    def patch(self, environment_id: int, command: PatchEnvironment, if_match: IfMatch) -> Response:
        """Change some fields of an environment."""
        return self._change(environment_id, command, if_match)

    def _change(self, environment_id: int, command: UpdateEnvironment, if_match: IfMatch) -> Response:
        def work() -> Success:
            row = EnvironmentWriteService().update(environment_id, command, operator_id=caller().id, if_match=if_match)
            return Success("environment.updated", _shown_one(row))

        return self.safe_call(
            work,
            action="environment.update",
            public_error="environment.update_failed",
            preview=lambda: _shown_one(EnvironmentWriteService().get(environment_id)),
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("deleteEnvironment", "Delete an environment that no instance uses")
    @accepts(NoFields)
    @returns(
        {200: NoData},
        errors=[EnvironmentWriteService.kind.not_found, EnvironmentWriteService.kind.in_use],
        if_match=True,
    )
    def delete(self, environment_id: int, command: NoFields, if_match: IfMatch) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Delete an environment."""

        def work() -> Success:
            EnvironmentWriteService().delete(environment_id, operator_id=caller().id, if_match=if_match)
            return Success("environment.deleted")

        return self.safe_call(
            work,
            action="environment.delete",
            public_error="environment.delete_failed",
            preview=lambda: _shown_one(EnvironmentWriteService().get(environment_id)),
        )
