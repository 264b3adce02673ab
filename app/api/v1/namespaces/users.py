"""`/users`: people who may log in."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import users as schemas
from app.api.v1.schemas.envelope import Success as Ok
from app.core.errors import TooMany
from app.core.fields import NoFields
from app.domain.access import repository
from app.domain.access.commands import CreateUser, UpdateUser
from app.domain.access.errors import LastAdmin, UsernameTaken, UserNotFound
from app.domain.access.first_admin import forget_password_file_on_commit
from app.domain.access.login import forgive
from app.domain.access.user_service import UserChange, UserWriteService
from app.domain.references.listing import ListReferences
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import runtime

ns = Namespace("users", path="/users", description="People who may log in.")


def _service() -> UserWriteService:
    return UserWriteService(passwords=runtime().login.passwords)


def _shown(user: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the table
    return schemas.UserItem.model_validate(user).model_dump()


def _success(message: str, user: Any, status: int = 200, **headers: str) -> Success:  # noqa: ANN401 - a row
    return Success(message, {"user": _shown(user)}, status, {"ETag": f'"{user.version}"', **headers})


@ns.route("")
class UserCollection(BaseResource):
    """All users."""

    @api_login_required
    @api_permission_required("users")
    @operation("listUsers", "List users")
    @returns({200: Ok[schemas.UserList]}, query=ListReferences)
    def get(self, query: ListReferences) -> Response:
        """List users."""

        def work() -> Success:
            page = repository.list_page(search=query.search, offset=query.offset, limit=query.limit)
            return Success("user.listed", listing([_shown(row) for row in page.items], query, total=page.total))

        return self.safe_call(work, action="user.list", public_error="user.list_failed")

    @api_login_required
    @api_permission_required("users")
    @require_csrf
    @operation("createUser", "Add a user")
    @accepts(CreateUser)
    @returns({201: Ok[schemas.UserData]}, errors=[UsernameTaken, TooMany])
    def post(self, command: CreateUser) -> Response:
        """Add a user."""
        new = _service().ready(command)  # hashed before the transaction is open

        def work() -> Success:
            made = _service().create(new, operator_id=caller().id)
            return _success("user.created", made, 201, **location("users", made.id))

        return self.safe_call(work, action="user.create", public_error="user.create_failed")


@ns.route("/<int:user_id>")
class UserItem(BaseResource):
    """One user."""

    @api_login_required
    @api_permission_required("users")
    @operation("getUser", "Show a user")
    @returns({200: Ok[schemas.UserData]}, errors=[UserNotFound])
    def get(self, user_id: int) -> Response:
        """Show a user."""
        return self.safe_call(
            lambda: _success("user.shown", repository.get(user_id)), action="user.read", public_error="user.read_failed"
        )

    @api_login_required
    @api_permission_required("users")
    @require_csrf
    @operation("updateUser", "Change a user; absent fields keep their value, another password ends the sessions")
    @accepts(UpdateUser)
    @returns({200: Ok[schemas.UserData]}, errors=[UserNotFound, UsernameTaken, LastAdmin, TooMany])
    def put(self, user_id: int, command: UpdateUser) -> Response:
        """Change a user."""
        change = _service().prepared(command)  # hashed before the transaction is open
        return self.safe_call(
            lambda: _updated(user_id, change), action="user.update", public_error="user.update_failed"
        )


def _updated(user_id: int, change: UserChange) -> Success:
    user = _service().update(user_id, change, operator_id=caller().id)
    if change.password_hash is not None:
        forgive(user.username, keys=runtime().parts().keys)
        forget_password_file_on_commit(runtime().settings, user.username)
    return _success("user.updated", user)


@ns.route("/<int:user_id>/disable")
class UserDisabling(BaseResource):
    """Shut a user out."""

    @api_login_required
    @api_permission_required("users")
    @require_csrf
    @operation("disableUser", "Shut a user out: all sessions end, tokens count no longer")
    @accepts(NoFields)
    @returns({200: Ok[schemas.UserData]}, errors=[UserNotFound, LastAdmin])
    def post(self, user_id: int, command: NoFields) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Disable a user."""

        def work() -> Success:
            return _success("user.disabled", _service().disable(user_id, operator_id=caller().id))

        return self.safe_call(work, action="user.disable", public_error="user.disable_failed")


@ns.route("/<int:user_id>/enable")
class UserEnabling(BaseResource):
    """Let a user in again."""

    @api_login_required
    @api_permission_required("users")
    @require_csrf
    @operation("enableUser", "Let a disabled user in again")
    @accepts(NoFields)
    @returns({200: Ok[schemas.UserData]}, errors=[UserNotFound])
    def post(self, user_id: int, command: NoFields) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Enable a user."""

        def work() -> Success:
            return _success("user.enabled", _service().enable(user_id, operator_id=caller().id))

        return self.safe_call(work, action="user.enable", public_error="user.enable_failed")
