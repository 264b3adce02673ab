"""Many changes of instances in one call."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.batches import shown_outcome
from app.api.v1.contract import accepts, operation, returns
from app.api.v1.instances import binding_warnings
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.batches import BatchData
from app.api.v1.schemas.envelope import Success as Ok
from app.domain.instances.bulk.commands import ChangeInstances
from app.domain.instances.bulk.outcome import BatchRefused
from app.domain.instances.bulk.service import InstanceBatchService
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken, InstanceNameTakenInBin
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import keys

ns = Namespace("batches", path="/instances", description="Many changes of instances in one call.")
Payload = Mapping[str, Any]


@ns.route("/batch")
class InstanceBatch(BaseResource):
    """Many changes at once."""

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("changeInstances", "Change up to 10,000 instances in one call; each operation needs its own action")
    @accepts(ChangeInstances, checked_by_service=True)
    @returns({200: Ok[BatchData]}, errors=[InstanceNameTaken, InstanceNameTakenInBin, ExternalIdTaken])
    def post(self, command: Payload) -> Response:
        """Change many instances."""

        def work() -> Success:
            try:
                outcome = InstanceBatchService(keys=keys).change(command, operator_id=caller().id)
            except BatchRefused as refused:
                refused.extra = shown_outcome(refused.outcome)
                raise
            return Success("instance.batch_done", shown_outcome(outcome), meta=binding_warnings(outcome.newly_bound))

        return self.safe_call(work, action="instance.batch", public_error="instance.batch_failed")
