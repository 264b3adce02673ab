"""`/instances/<id>/delete`, `/restore`, `/purge`: the recycle bin."""

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.instances import preview, shown, warnings
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import instances as schemas
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.success import etag
from app.domain.instances.commands import DeleteInstance, PurgeInstance, RestoreInstance
from app.domain.instances.errors import InstanceNotFound, InstanceNotInBin
from app.domain.instances.write_service import InstanceWriteService
from app.domain.writes.if_match import IfMatch
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf

ns = Namespace(
    "recycle bin", path="/instances", description="Into the recycle bin, out of it, and out of the register."
)


def move_to_bin(resource: BaseResource, instance_id: int, command: DeleteInstance, if_match: IfMatch) -> Response:
    """Answer a call that deletes an instance, by whichever verb."""

    def work() -> Success:
        done = InstanceWriteService().soft_delete(
            instance_id, operator_id=caller().id, reason=command.reason, if_match=if_match
        )
        shown = schemas.DeletedData.model_validate(done).model_dump()
        return Success("instance.deleted", shown, headers=etag(done.version))

    return resource.safe_call(
        work, action="instance.delete", public_error="instance.delete_failed", preview=preview(instance_id)
    )


@ns.route("/<int:instance_id>/delete")
class InstanceDeletion(BaseResource):
    """The way into the recycle bin."""

    @api_login_required
    @api_permission_required("delete")
    @require_csrf
    @operation("deleteInstance", "Move an instance to the recycle bin")
    @accepts(DeleteInstance)
    @returns({200: Ok[schemas.DeletedData]}, errors=[InstanceNotFound], if_match=True)
    def post(self, instance_id: int, command: DeleteInstance, if_match: IfMatch) -> Response:
        """Move an instance to the recycle bin."""
        return move_to_bin(self, instance_id, command, if_match)


@ns.route("/<int:instance_id>/restore")
class InstanceRestoration(BaseResource):
    """The way out of the recycle bin."""

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("restoreInstance", "Take an instance out of the recycle bin, as it was")
    @accepts(RestoreInstance)
    @returns({200: Ok[schemas.InstanceData]}, errors=[InstanceNotFound], if_match=True)
    def post(self, instance_id: int, command: RestoreInstance, if_match: IfMatch) -> Response:
        """Take an instance out of the recycle bin."""

        def work() -> Success:
            service = InstanceWriteService()
            done = service.restore(instance_id, operator_id=caller().id, reason=command.reason, if_match=if_match)
            return Success(
                "instance.restored" if done.restored else "instance.not_deleted",
                shown(done.instance),
                meta=warnings(service),
            )

        return self.safe_call(
            work, action="instance.restore", public_error="instance.restore_failed", preview=preview(instance_id)
        )


@ns.route("/<int:instance_id>/purge")
class InstancePurge(BaseResource):
    """The way out of the register."""

    @api_login_required
    @api_permission_required("purge")
    @require_csrf
    @operation("purgeInstance", "Remove an instance that is in the recycle bin, for good; the audit trail keeps it")
    @accepts(PurgeInstance)
    @returns({200: NoData}, errors=[InstanceNotFound, InstanceNotInBin], if_match=True)
    def post(self, instance_id: int, command: PurgeInstance, if_match: IfMatch) -> Response:
        """Remove an instance for good."""

        def work() -> Success:
            InstanceWriteService().purge(instance_id, operator_id=caller().id, reason=command.reason, if_match=if_match)
            return Success("instance.purged")

        return self.safe_call(
            work, action="instance.purge", public_error="instance.purge_failed", preview=preview(instance_id)
        )
