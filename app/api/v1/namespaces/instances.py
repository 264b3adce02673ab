"""`/instances`: the register."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import instances as schemas
from app.api.v1.schemas.audit import AuditEvent, AuditEventList
from app.api.v1.schemas.envelope import Success as Ok
from app.core.messages import sentence
from app.domain.audit import repository as audit
from app.domain.credentials.errors import CredentialNotBound
from app.domain.credentials.write_service import endpoint_text
from app.domain.instances import repository
from app.domain.instances.commands import (
    CreateInstance,
    DeleteInstance,
    ReadInstance,
    RestoreInstance,
    UpdateInstance,
)
from app.domain.instances.errors import (
    ExternalIdTaken,
    InstanceInBin,
    InstanceNameTaken,
    InstanceNameTakenInBin,
    InstanceNotFound,
)
from app.domain.instances.listing import ListInstances
from app.domain.instances.write_service import InstanceWriteService
from app.domain.references.listing import ListPage
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.language import language

ns = Namespace("instances", path="/instances", description="The register of database instances.")
Payload = Mapping[str, Any]
_WRITE_ERRORS = (CredentialNotBound, InstanceNameTaken, InstanceNameTakenInBin, ExternalIdTaken)


def _shown(instance: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the register
    return {"instance": schemas.Instance.model_validate(instance).model_dump()}


def _warnings(service: InstanceWriteService) -> dict[str, Any]:
    found = []
    if service.same_endpoint:
        names = ", ".join(one.name for one in service.same_endpoint)
        others = [{"id": one.id, "name": one.name} for one in service.same_endpoint]
        found.append(_warning("instance.same_endpoint", others, names=names))
    if service.newly_bound:
        new = service.newly_bound
        endpoint = endpoint_text(new.endpoint)
        found.append(_warning("credential.newly_bound", [], name=new.credential.name, endpoint=endpoint))
    return {"warnings": found} if found else {}


def _warning(code: str, instances: Sequence[Mapping[str, Any]], **params: str) -> dict[str, Any]:
    return {"code": code, "message": sentence(code, language(), params), "instances": instances}


@ns.route("")
class InstanceCollection(BaseResource):
    """All instances."""

    @api_login_required
    @api_permission_required("view")
    @operation("listInstances", "List instances, newest first")
    @returns({200: Ok[schemas.InstanceList]}, query=ListInstances)
    def get(self, query: ListInstances) -> Response:
        """List instances."""

        def work() -> Success:
            page = repository.list_page(query)
            items = [schemas.InstanceItem.model_validate(row).model_dump() for row in page.items]
            return Success("instance.listed", listing(items, query, total=page.total))

        return self.safe_call(work, action="instance.list", public_error="instance.list_failed")

    @api_login_required
    @api_permission_required("create")
    @require_csrf
    @operation("createInstance", "Register an instance")
    @accepts(CreateInstance, checked_by_service=True)
    @returns({201: Ok[schemas.InstanceData]}, errors=_WRITE_ERRORS)
    def post(self, command: Payload) -> Response:
        """Register an instance."""

        def work() -> Success:
            service = InstanceWriteService()
            made = service.create(command, operator_id=caller().id)
            where = location("instances", made.id)
            return Success("instance.created", _shown(made), 201, where, _warnings(service))

        return self.safe_call(work, action="instance.create", public_error="instance.create_failed")


@ns.route("/<int:instance_id>")
class InstanceItem(BaseResource):
    """One instance."""

    @api_login_required
    @api_permission_required("view")
    @operation("getInstance", "Show an instance in full")
    @returns({200: Ok[schemas.InstanceData]}, query=ReadInstance, errors=[InstanceNotFound, InstanceInBin])
    def get(self, instance_id: int, query: ReadInstance) -> Response:
        """Show an instance."""

        def work() -> Success:
            instance = repository.get_detail(instance_id, include_deleted=query.include_deleted)
            return Success("instance.shown", _shown(instance))

        return self.safe_call(work, action="instance.read", public_error="instance.read_failed")

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("updateInstance", "Change an instance; absent optional fields keep their value, null clears them")
    @accepts(UpdateInstance, checked_by_service=True)
    @returns({200: Ok[schemas.InstanceData]}, errors=[*_WRITE_ERRORS, InstanceNotFound, InstanceInBin])
    def put(self, instance_id: int, command: Payload) -> Response:
        """Change an instance."""

        def work() -> Success:
            service = InstanceWriteService()
            instance = service.update(instance_id, command, operator_id=caller().id)
            return Success("instance.updated", _shown(instance), meta=_warnings(service))

        return self.safe_call(work, action="instance.update", public_error="instance.update_failed")


@ns.route("/<int:instance_id>/delete")
class InstanceDeletion(BaseResource):
    """The way into the recycle bin."""

    @api_login_required
    @api_permission_required("delete")
    @require_csrf
    @operation("deleteInstance", "Move an instance to the recycle bin")
    @accepts(DeleteInstance)
    @returns({200: Ok[schemas.DeletedData]}, errors=[InstanceNotFound])
    def post(self, instance_id: int, command: DeleteInstance) -> Response:
        """Move an instance to the recycle bin."""

        def work() -> Success:
            done = InstanceWriteService().soft_delete(instance_id, operator_id=caller().id, reason=command.reason)
            return Success("instance.deleted", schemas.DeletedData.model_validate(done).model_dump())

        return self.safe_call(work, action="instance.delete", public_error="instance.delete_failed")


@ns.route("/<int:instance_id>/restore")
class InstanceRestoration(BaseResource):
    """The way out of the recycle bin."""

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("restoreInstance", "Take an instance out of the recycle bin, as it was")
    @accepts(RestoreInstance)
    @returns({200: Ok[schemas.InstanceData]}, errors=[InstanceNotFound])
    def post(self, instance_id: int, command: RestoreInstance) -> Response:
        """Take an instance out of the recycle bin."""

        def work() -> Success:
            service = InstanceWriteService()
            done = service.restore(instance_id, operator_id=caller().id, reason=command.reason)
            return Success(
                "instance.restored" if done.restored else "instance.not_deleted",
                _shown(done.instance),
                meta=_warnings(service),
            )

        return self.safe_call(work, action="instance.restore", public_error="instance.restore_failed")


@ns.route("/<int:instance_id>/history")
class InstanceHistory(BaseResource):
    """What was done to an instance."""

    @api_login_required
    @api_permission_required("view")
    @operation("listInstanceHistory", "List the changes of an instance, newest first; also of one in the recycle bin")
    @returns({200: Ok[AuditEventList]}, query=ListPage, errors=[InstanceNotFound])
    def get(self, instance_id: int, query: ListPage) -> Response:
        """List the changes of an instance."""

        def work() -> Success:
            repository.check_exists(instance_id)
            page = audit.list_of_entity("instance", instance_id, offset=query.offset, limit=query.limit)
            items = [AuditEvent.model_validate(event).model_dump() for event in page.items]
            return Success("instance.history", listing(items, query, total=page.total))

        return self.safe_call(work, action="instance.history", public_error="instance.history_failed")
