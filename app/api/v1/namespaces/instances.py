"""`/instances`: the register."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.instances import preview, shown, warnings
from app.api.v1.listing import listing
from app.api.v1.namespaces.recycle_bin import move_to_bin
from app.api.v1.references import location
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import instances as schemas
from app.api.v1.schemas.audit import AuditEvent, AuditEventList
from app.api.v1.schemas.envelope import Success as Ok
from app.domain.audit import repository as audit
from app.domain.credentials.errors import CredentialBoundUnderTls, CredentialNotBound
from app.domain.instances import repository
from app.domain.instances.as_of import get_as_of
from app.domain.instances.commands import (
    CreateInstance,
    DeleteInstance,
    PatchInstance,
    ReadInstance,
    UpdateInstance,
    UpsertInstance,
)
from app.domain.instances.errors import (
    BeforeTheTrail,
    ExternalIdTaken,
    InstanceInBin,
    InstanceNameTaken,
    InstanceNameTakenInBin,
    InstanceNotFound,
    NotYetRegistered,
)
from app.domain.instances.listing import ListInstances
from app.domain.instances.write_service import InstanceWriteService
from app.domain.references.listing import ListPage
from app.domain.writes.if_match import IfMatch
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import keys

ns = Namespace("instances", path="/instances", description="The register of database instances.")
Payload = Mapping[str, Any]
WRITE_ERRORS = (CredentialNotBound, CredentialBoundUnderTls, InstanceNameTaken, InstanceNameTakenInBin, ExternalIdTaken)
_CHANGE_ERRORS = (*WRITE_ERRORS, InstanceNotFound, InstanceInBin)
_READ_ERRORS = (InstanceNotFound, InstanceInBin, NotYetRegistered, BeforeTheTrail)


@ns.route("")
class InstanceCollection(BaseResource):
    """All instances."""

    @api_login_required
    @api_permission_required("view")
    @operation("listInstances", "List instances, newest first")
    @returns({200: schemas.InstanceListResponse}, query=ListInstances)
    def get(self, query: ListInstances) -> Response:
        """List instances."""

        def work() -> Success:
            page, by_cursor = repository.list_page(query), query.cursor is not None
            meta = {"next_cursor": page.next_cursor} if by_cursor else {}
            data = listing(page.items, query, total=page.total, has_number=not by_cursor)
            return Success("instance.listed", data, meta=meta)

        return self.safe_call(work, action="instance.list", public_error="instance.list_failed")

    @api_login_required
    @api_permission_required("create")
    @require_csrf
    @operation("createInstance", "Register an instance")
    @accepts(CreateInstance, checked_by_service=True)
    @returns({201: Ok[schemas.InstanceData]}, errors=WRITE_ERRORS)
    def post(self, command: Payload) -> Response:
        """Register an instance."""

        def work() -> Success:
            service = InstanceWriteService(keys=keys)
            made = service.create(command, operator_id=caller().id)
            where = location("instances", made.id)
            return Success("instance.created", shown(made), 201, where, warnings(service))

        return self.safe_call(work, action="instance.create", public_error="instance.create_failed")


def _seen(instance_id: int, query: ReadInstance) -> Success:
    if query.as_of is not None:
        then = get_as_of(instance_id, query.as_of, include_deleted=query.include_deleted)
        data = {"instance": schemas.InstanceThen.model_validate(then).model_dump()}
        return Success("instance.shown_as_of", data, meta={"as_of": query.as_of})
    return Success("instance.shown", shown(repository.get_detail(instance_id, include_deleted=query.include_deleted)))


@ns.route("/<int:instance_id>")
class InstanceItem(BaseResource):
    """One instance."""

    @api_login_required
    @api_permission_required("view")
    @operation("getInstance", "Show an instance in full")
    @returns({200: Ok[schemas.InstanceThenOrNow]}, query=ReadInstance, errors=_READ_ERRORS)
    def get(self, instance_id: int, query: ReadInstance) -> Response:
        """Show an instance."""
        return self.safe_call(
            lambda: _seen(instance_id, query), action="instance.read", public_error="instance.read_failed"
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("updateInstance", "Change an instance; absent optional fields keep their value, null clears them")
    @accepts(UpdateInstance, checked_by_service=True)
    @returns({200: Ok[schemas.InstanceData]}, errors=_CHANGE_ERRORS, if_match=True)
    def put(self, instance_id: int, command: Payload, if_match: IfMatch) -> Response:
        """Change an instance."""
        service = InstanceWriteService(keys=keys)
        return self._change(service, partial(service.update, instance_id, command, if_match=if_match), instance_id)

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("patchInstance", "Change some fields of an instance; the members of objects are merged, null clears")
    @accepts(PatchInstance, checked_by_service=True)
    @returns({200: Ok[schemas.InstanceData]}, errors=_CHANGE_ERRORS, if_match=True)
    def patch(self, instance_id: int, command: Payload, if_match: IfMatch) -> Response:
        """Change some fields of an instance."""
        service = InstanceWriteService(keys=keys)
        return self._change(service, partial(service.patch, instance_id, command, if_match=if_match), instance_id)

    def _change(self, service: InstanceWriteService, change: Callable[..., Any], instance_id: int) -> Response:
        def work() -> Success:
            instance = change(operator_id=caller().id)
            return Success("instance.updated", shown(instance), meta=warnings(service))

        return self.safe_call(
            work, action="instance.update", public_error="instance.update_failed", preview=preview(instance_id)
        )

    @api_login_required
    @api_permission_required("delete")
    @require_csrf
    @operation("removeInstance", "Move an instance to the recycle bin, as POST /instances/{instance_id}/delete does")
    @accepts(DeleteInstance)
    @returns({200: Ok[schemas.DeletedData]}, errors=[InstanceNotFound], if_match=True)
    def delete(self, instance_id: int, command: DeleteInstance, if_match: IfMatch) -> Response:
        """Move an instance to the recycle bin."""
        return move_to_bin(self, instance_id, command, if_match)


@ns.route("/by-name/<string:name>")
class InstanceByName(BaseResource):
    """One instance, by its name."""

    @api_login_required
    @api_permission_required("view")
    @operation("getInstanceByName", "Show an instance in full, by its name")
    @returns({200: Ok[schemas.InstanceThenOrNow]}, query=ReadInstance, errors=_READ_ERRORS)
    def get(self, name: str, query: ReadInstance) -> Response:
        """Show an instance."""
        return self.safe_call(
            lambda: _seen(repository.id_of(name), query), action="instance.read", public_error="instance.read_failed"
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("putInstanceByName", "Register an instance under this name, or change the one that has it")
    @accepts(UpsertInstance, checked_by_service=True)
    @returns({200: Ok[schemas.InstanceData], 201: Ok[schemas.InstanceData]}, errors=[*WRITE_ERRORS], if_match=True)
    def put(self, name: str, command: Payload, if_match: IfMatch) -> Response:
        """Register or change an instance."""
        service = InstanceWriteService(keys=keys)

        def work() -> Success:
            done = service.upsert(name, command, operator_id=caller().id, if_match=if_match)
            if done.created:
                where = location("instances", done.instance.id)
                return Success("instance.created", shown(done.instance), 201, where, warnings(service))
            return Success("instance.updated", shown(done.instance), meta=warnings(service))

        def before() -> Any:  # noqa: ANN401 - what the detail shows
            return shown(repository.get_detail(repository.id_of(name), include_deleted=True))

        return self.safe_call(work, action="instance.upsert", public_error="instance.update_failed", preview=before)


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
