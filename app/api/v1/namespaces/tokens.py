"""`/tokens`: what scripts call with, instead of a login."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import users as schemas
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.core.fields import NoFields
from app.domain.access import token_repository
from app.domain.access.commands import CreateToken
from app.domain.access.errors import OwnerDisabled, TokenNameTaken, TokenNotFound
from app.domain.access.permissions import may
from app.domain.access.token_repository import OwnedToken, described
from app.domain.access.token_service import TokenWriteService
from app.domain.references.listing import ListReferences
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import runtime

ns = Namespace("tokens", path="/tokens", description="What scripts call with, instead of a login.")


def _shown(owned: OwnedToken) -> dict[str, Any]:
    return schemas.TokenItem.model_validate(described(owned)).model_dump()


def _whose() -> int | None:
    """Return whose tokens the caller sees: only one's own, None for all of them."""
    return None if may(caller().role, "users") else caller().id


@ns.route("")
class TokenCollection(BaseResource):
    """All tokens that the caller may see."""

    @api_login_required
    @api_permission_required("token")
    @operation("listTokens", "List one's own tokens; with the action users those of everybody")
    @returns({200: Ok[schemas.TokenList]}, query=ListReferences)
    def get(self, query: ListReferences) -> Response:
        """List tokens."""

        def work() -> Success:
            page = token_repository.list_page(
                owner_id=_whose(), search=query.search, offset=query.offset, limit=query.limit
            )
            return Success("token.listed", listing([_shown(one) for one in page.items], query, total=page.total))

        return self.safe_call(work, action="token.list", public_error="token.list_failed")

    @api_login_required
    @api_permission_required("token")
    @require_csrf
    @operation("createToken", "Make a token for oneself; the answer shows it, and nothing ever again")
    @accepts(CreateToken)
    @returns({201: Ok[schemas.NewTokenData]}, errors=[TokenNameTaken, OwnerDisabled], safe=False)
    def post(self, command: CreateToken) -> Response:
        """Make a token."""

        def work() -> Success:
            made = TokenWriteService(runtime().settings).create(command, owner=caller(), operator_id=caller().id)
            new = schemas.NewToken.model_validate({**described(made.owned), "secret": made.secret})
            return Success("token.created", {"token": new.model_dump()}, 201, location("tokens", made.owned.token.id))

        return self.safe_call(work, action="token.create", public_error="token.create_failed")


@ns.route("/<int:token_id>")
class TokenItem(BaseResource):
    """One token."""

    @api_login_required
    @api_permission_required("token")
    @operation("getToken", "Show a token")
    @returns({200: Ok[schemas.TokenData]}, errors=[TokenNotFound])
    def get(self, token_id: int) -> Response:
        """Show a token."""

        def work() -> Success:
            return Success("token.shown", {"token": _shown(token_repository.get(token_id, owner_id=_whose()))})

        return self.safe_call(work, action="token.read", public_error="token.read_failed")

    @api_login_required
    @api_permission_required("token")
    @require_csrf
    @operation("revokeToken", "Revoke a token, and those that were made by it")
    @accepts(NoFields)
    @returns({200: NoData}, errors=[TokenNotFound])
    def delete(self, token_id: int, command: NoFields) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Revoke a token."""

        def work() -> Success:
            TokenWriteService.revoke(token_id, owner_id=_whose(), operator_id=caller().id)
            return Success("token.revoked")

        return self.safe_call(work, action="token.revoke", public_error="token.revoke_failed")
