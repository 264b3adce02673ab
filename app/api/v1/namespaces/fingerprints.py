"""`/instances/<id>/fingerprint`: which server answers, and who else is it."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import checks as schemas
from app.api.v1.schemas.envelope import Success as Ok
from app.domain.checks import fingerprints
from app.domain.checks.acceptance import AcceptFingerprint, accept_seen
from app.domain.checks.errors import AnotherPending
from app.domain.instances.errors import InstanceInBin, InstanceNotFound
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf

ns = Namespace("fingerprints", path="/instances", description="Which server answers for an instance.")
_COLUMNS = ("lineage", "node", "strength", "role", "started_at", "since", "seen_at", "pending")


def _shown(instance_id: int) -> dict[str, Any]:
    found = fingerprints.get_shown(instance_id)
    own = {name: getattr(found.known, name, None) for name in _COLUMNS}
    others = {"same_node": found.same_node, "same_lineage": found.same_lineage}
    return {"fingerprint": schemas.Fingerprint.model_validate({**own, **others}).model_dump()}


@ns.route("/<int:instance_id>/fingerprint")
class InstanceFingerprint(BaseResource):
    """The fingerprint of one instance."""

    @api_login_required
    @api_permission_required("view")
    @operation("getFingerprint", "Show which server answers for an instance, and the other instances that share it")
    @returns({200: Ok[schemas.FingerprintData]}, errors=[InstanceNotFound])
    def get(self, instance_id: int) -> Response:
        """Show the fingerprint."""

        def work() -> Success:
            return Success("fingerprint.shown", _shown(instance_id))

        return self.safe_call(work, action="fingerprint.read", public_error="fingerprint.read_failed")


@ns.route("/<int:instance_id>/fingerprint/accept")
class FingerprintAcceptance(BaseResource):
    """The consent to another server."""

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("acceptFingerprint", "Take the pending server for the right one; name it, and no other one is accepted")
    @accepts(AcceptFingerprint)
    @returns({200: Ok[schemas.FingerprintData]}, errors=[InstanceNotFound, InstanceInBin, AnotherPending])
    def post(self, instance_id: int, command: AcceptFingerprint) -> Response:
        """Accept the pending server."""

        def work() -> Success:
            has_accepted = accept_seen(instance_id, command, operator_id=caller().id)
            said = "fingerprint.accepted" if has_accepted else "fingerprint.nothing_to_accept"
            return Success(said, _shown(instance_id))

        return self.safe_call(
            work,
            action="fingerprint.accept",
            public_error="fingerprint.accept_failed",
            preview=lambda: _shown(instance_id),
        )
