"""`/credentials`: named logins; a password goes in and never comes out."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location, present
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.references import Credential, CredentialData, CredentialList, ReachData
from app.core.fields import NoFields
from app.domain.credentials.commands import CreateCredential, PatchCredential, UpdateCredential
from app.domain.credentials.reach import Reach, reach_of
from app.domain.credentials.repository import list_endpoints
from app.domain.credentials.write_service import RULES, CredentialWriteService
from app.domain.references.listing import ListReferences
from app.domain.writes.if_match import IfMatch
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import runtime

ns = Namespace("credentials", path="/credentials", description="Named logins that instances refer to.")
_CHANGE_ERRORS = (CredentialWriteService.kind.not_found, CredentialWriteService.kind.taken)


def _service() -> CredentialWriteService:
    return CredentialWriteService(keys=runtime().parts().keys)


def _shown(rows: Sequence[Any]) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    endpoints = list_endpoints(ids)
    bindings = {row.id: {**row.bindings, "endpoints": endpoints.get(row.id, [])} for row in rows}
    always = dict.fromkeys(ids, True)  # a credential without a password cannot be made
    return present(Credential, rows, CredentialWriteService.kind.link, bindings=bindings, password_set=always)


def _shown_one(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the table
    return {"credential": _shown([row])[0]}


def _shown_reach(reach: Reach) -> dict[str, Any]:
    endpoints = [
        {
            "db_type": one.endpoint.db_type,
            "host": one.endpoint.host_key,
            "port": one.endpoint.port,
            "instance_count": one.instance_count,
        }
        for one in reach.endpoints
    ]
    outside = {"outside_count": reach.outside.count, "outside": [asdict(one) for one in reach.outside.instances]}
    places = {kind: [asdict(one) for one in getattr(reach, kind)] for kind in RULES}
    return {"reach": {**places, "endpoints": endpoints, **outside}}


@ns.route("")
class CredentialCollection(BaseResource):
    """All credentials."""

    @api_login_required
    @api_permission_required("view")
    @operation("listCredentials", "List credentials")
    @returns({200: Ok[CredentialList]}, query=ListReferences)
    def get(self, query: ListReferences) -> Response:
        """List credentials."""

        def work() -> Success:
            page = CredentialWriteService.list_page(query)
            items = _shown(page.items)
            return Success("credential.listed", listing(items, query, total=page.total))

        return self.safe_call(work, action="credential.list", public_error="credential.list_failed")

    @api_login_required
    @api_permission_required("credentials")
    @require_csrf
    @operation("createCredential", "Add a credential")
    @accepts(CreateCredential)
    @returns({201: Ok[CredentialData]}, errors=[CredentialWriteService.kind.taken])
    def post(self, command: CreateCredential) -> Response:
        """Add a credential."""

        def work() -> Success:
            made = _service().create(command, operator_id=caller().id)
            shown = _shown_one(made)
            return Success("credential.created", shown, 201, location("credentials", made.id))

        return self.safe_call(work, action="credential.create", public_error="credential.create_failed")


@ns.route("/<int:credential_id>")
class CredentialItem(BaseResource):
    """One credential."""

    @api_login_required
    @api_permission_required("view")
    @operation("getCredential", "Show a credential")
    @returns({200: Ok[CredentialData]}, errors=[CredentialWriteService.kind.not_found])
    def get(self, credential_id: int) -> Response:
        """Show a credential."""
        return self.safe_call(
            lambda: Success("credential.shown", _shown_one(_service().get(credential_id))),
            action="credential.read",
            public_error="credential.read_failed",
        )

    @api_login_required
    @api_permission_required("credentials")
    @require_csrf
    @operation("updateCredential", "Change a credential; absent optional fields keep their value")
    @accepts(UpdateCredential)
    @returns({200: Ok[CredentialData]}, errors=_CHANGE_ERRORS, if_match=True)
    def put(self, credential_id: int, command: UpdateCredential, if_match: IfMatch) -> Response:
        """Change a credential."""
        return self._change(credential_id, command, if_match)

    @api_login_required
    @api_permission_required("credentials")
    @require_csrf
    @operation("patchCredential", "Change some fields of a credential")
    @accepts(PatchCredential)
    @returns({200: Ok[CredentialData]}, errors=_CHANGE_ERRORS, if_match=True)
    def patch(self, credential_id: int, command: PatchCredential, if_match: IfMatch) -> Response:
        """Change some fields of a credential."""
        return self._change(credential_id, command, if_match)

    def _change(self, credential_id: int, command: UpdateCredential, if_match: IfMatch) -> Response:
        def work() -> Success:
            row = _service().update(credential_id, command, operator_id=caller().id, if_match=if_match)
            return Success("credential.updated", _shown_one(row))

        return self.safe_call(
            work,
            action="credential.update",
            public_error="credential.update_failed",
            preview=lambda: _shown_one(_service().get(credential_id)),
        )

    @api_login_required
    @api_permission_required("credentials")
    @require_csrf
    @operation("deleteCredential", "Delete a credential that no instance uses")
    @accepts(NoFields)
    @returns(
        {200: NoData}, errors=[CredentialWriteService.kind.not_found, CredentialWriteService.kind.in_use], if_match=True
    )
    def delete(self, credential_id: int, command: NoFields, if_match: IfMatch) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Delete a credential."""

        def work() -> Success:
            _service().delete(credential_id, operator_id=caller().id, if_match=if_match)
            return Success("credential.deleted")

        return self.safe_call(
            work,
            action="credential.delete",
            public_error="credential.delete_failed",
            preview=lambda: _shown_one(_service().get(credential_id)),
        )


@ns.route("/<int:credential_id>/reach")
class CredentialReach(BaseResource):
    """How far a credential reaches."""

    @api_login_required
    @api_permission_required("view")
    @operation("getCredentialReach", "Count the instances within each binding of a credential")
    @returns({200: Ok[ReachData]}, errors=[CredentialWriteService.kind.not_found])
    def get(self, credential_id: int) -> Response:
        """Count the instances within each binding of a credential."""
        return self.safe_call(
            lambda: Success("credential.reach", _shown_reach(reach_of(_service().get(credential_id)))),
            action="credential.reach",
            public_error="credential.read_failed",
        )
