"""`/checks`, `/instances/<id>/check` and `/instances/<id>/checks`: log in to databases and say what became of it."""

from flask import Response
from flask_restx import Namespace

from app.api.v1.checks import answer, is_attended, shown
from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import checks as schemas
from app.api.v1.schemas.envelope import Success as Ok
from app.domain.checks import repository
from app.domain.checks.commands import CheckEndpoint, CheckInstance, HowToCheck, ListChecks
from app.domain.checks.errors import CheckNotFound, ChecksBusy
from app.domain.credentials.errors import CredentialBoundUnderTls, CredentialNotBound
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import runtime

ns = Namespace("checks", path="/", description="Log in to databases, and say why not.")
_REFUSALS = [CredentialNotBound, CredentialBoundUnderTls, ChecksBusy]
_DONE_OR_BEGUN = {200: Ok[schemas.CheckData], 202: Ok[schemas.CheckData]}


@ns.route("/instances/<int:instance_id>/check")
class InstanceCheck(BaseResource):
    """The check of one instance."""

    @api_login_required
    @api_permission_required("check")
    @require_csrf
    @operation("checkInstance", "Check an instance; a check that fails is an answer (200), not an error")
    @accepts(CheckInstance)
    @returns(_DONE_OR_BEGUN, query=HowToCheck, errors=[InstanceNotFound, InstanceInBin, ChecksBusy], safe=False)
    def post(self, instance_id: int, command: CheckInstance, query: HowToCheck) -> Response:
        """Check an instance."""

        def work() -> Success:
            attended = is_attended(unattended=command.unattended)
            running = runtime().checks.check_instance(instance_id, attended=attended, operator_id=caller().id)
            return answer(running, wait=query.wait)

        return self.safe_call(work, action="check.instance", public_error="check.start_failed", scope="none")


@ns.route("/instances/<int:instance_id>/checks")
class InstanceChecks(BaseResource):
    """The checks of one instance."""

    @api_login_required
    @api_permission_required("view")
    @operation("listInstanceChecks", "List the checks of an instance, newest first; also of one in the recycle bin")
    @returns({200: Ok[schemas.CheckList]}, query=ListChecks, errors=[InstanceNotFound])
    def get(self, instance_id: int, query: ListChecks) -> Response:
        """List the checks of an instance."""

        def work() -> Success:
            page = repository.list_of_instance(instance_id, query)
            return Success("check.listed", listing([shown(one) for one in page.items], query, total=page.total))

        return self.safe_call(work, action="check.list", public_error="check.list_failed")


@ns.route("/checks")
class CheckCollection(BaseResource):
    """Checks of what is not registered."""

    @api_login_required
    @api_permission_required("check_unsaved")
    @require_csrf
    @operation("checkEndpoint", "Check an endpoint that is not registered; a password that comes along is not kept")
    @accepts(CheckEndpoint)
    @returns(_DONE_OR_BEGUN, query=HowToCheck, errors=_REFUSALS, safe=False)
    def post(self, command: CheckEndpoint, query: HowToCheck) -> Response:
        """Check an endpoint."""

        def work() -> Success:
            attended = is_attended(unattended=command.unattended)
            running = runtime().checks.check_endpoint(command, attended=attended, operator_id=caller().id)
            return answer(running, wait=query.wait)

        return self.safe_call(work, action="check.endpoint", public_error="check.start_failed", scope="none")


@ns.route("/checks/<int:check_id>")
class CheckItem(BaseResource):
    """One check."""

    @api_login_required
    @api_permission_required("view")
    @operation("getCheck", "Show a check; while it runs, the steps so far")
    @returns({200: Ok[schemas.CheckData]}, errors=[CheckNotFound])
    def get(self, check_id: int) -> Response:
        """Show a check."""

        def work() -> Success:
            return Success("check.shown", {"check": shown(repository.get_check(check_id))})

        return self.safe_call(work, action="check.read", public_error="check.read_failed")
