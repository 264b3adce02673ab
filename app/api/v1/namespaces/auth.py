"""`/auth`: the CSRF token, login, logout, who am I, another password."""

from typing import Any

from flask import Response, request
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import auth as schemas
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.core.errors import NotAuthenticated, TooMany
from app.core.fields import NoFields
from app.domain.access import sessions
from app.domain.access.commands import ChangePassword, LogIn
from app.domain.access.errors import CredentialsRefused, OldPasswordRefused
from app.domain.access.own_password import change_own_password
from app.http import caller
from app.http.decorators import api_login_required, public, require_csrf
from app.http.runtime import runtime

ns = Namespace("auth", path="/auth", description="Log in and out; the token that protects writes.")


def _user(who: Any) -> dict[str, Any]:  # noqa: ANN401 - a Caller
    return schemas.User.model_validate(who).model_dump()


@ns.route("/csrf-token")
class CsrfToken(BaseResource):
    """The token that a browser session brings with each write."""

    @public
    @operation("getCsrfToken", "Get the CSRF token of this session; an anonymous one is begun where there is none")
    @returns({200: Ok[schemas.CsrfData]})
    def get(self) -> Response:
        """Give the token."""
        return self.safe_call(
            lambda: Success("auth.csrf_token", {"csrf_token": caller.new_csrf_token()}),
            action="auth.csrf_token",
            public_error="auth.csrf_token_failed",
            scope="none",
        )


@ns.route("/login")
class Login(BaseResource):
    """Log in."""

    @public
    @require_csrf
    @operation("logIn", "Log in; the answer holds the CSRF token for what follows, the old one no longer counts")
    @accepts(LogIn)
    @returns({200: Ok[schemas.LoginData]}, errors=[CredentialsRefused, TooMany], safe=False)
    def post(self, command: LogIn) -> Response:
        """Start a session."""

        def work() -> Success:
            known = caller.find_caller()
            done = runtime().login.log_in(
                command, address=request.remote_addr or "", replaces=known.session_hash if known else None
            )
            token = caller.begin(done)
            return Success("auth.logged_in", {"user": _user(done.caller), "csrf_token": token})

        return self.safe_call(work, action="auth.login", public_error="auth.login_failed", scope="none")


@ns.route("/logout")
class Logout(BaseResource):
    """Log out."""

    @api_login_required
    @require_csrf
    @operation("logOut", "End this session, on the server too; a token has none and lives on")
    @accepts(NoFields)
    @returns({200: NoData}, errors=[NotAuthenticated], safe=False)
    def post(self, command: NoFields) -> Response:  # noqa: ARG002 - an empty body is the contract
        """End the session."""

        def work() -> Success:
            if not sessions.log_out(caller.caller()):
                return Success("auth.no_session")
            caller.forget()
            return Success("auth.logged_out")

        return self.safe_call(work, action="auth.logout", public_error="auth.logout_failed")


@ns.route("/me")
class WhoAmI(BaseResource):
    """The caller."""

    @api_login_required
    @operation("getMe", "Show who is calling, the role and what it may do")
    @returns({200: Ok[schemas.MeData]})
    def get(self) -> Response:
        """Show the caller."""
        return self.safe_call(
            lambda: Success("auth.me", {"user": schemas.Me.model_validate(caller.caller()).model_dump()}),
            action="auth.me",
            public_error="auth.me_failed",
            scope="none",
        )


@ns.route("/change-password")
class OwnPassword(BaseResource):
    """The caller's password."""

    @api_login_required
    @require_csrf
    @operation("changePassword", "Change one's own password; all other sessions end, this one gets a new CSRF token")
    @accepts(ChangePassword)
    @returns({200: Ok[schemas.PasswordData]}, errors=[OldPasswordRefused, TooMany], safe=False)
    def post(self, command: ChangePassword) -> Response:
        """Change it."""

        def work() -> Success:
            who, run = caller.caller(), runtime()
            begun = change_own_password(
                who, command, login=run.login, settings=run.settings, address=request.remote_addr or ""
            )
            token = caller.begin(begun) if begun else None
            return Success("auth.password_changed", {"user": _user(who), "csrf_token": token})

        return self.safe_call(
            work, action="auth.change_password", public_error="auth.change_password_failed", scope="none"
        )
