"""`/audit-events`: who did what, when, and the way back."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import audit as schemas
from app.api.v1.schemas.envelope import Success as Ok
from app.core.errors import Conflict, NotFound
from app.domain.audit import repository
from app.domain.audit.errors import AuditEventNotFound
from app.domain.audit.state import chain_state
from app.domain.history.commands import ListAuditEvents, RevertChange
from app.domain.history.errors import ChangedSince, NotRevertible
from app.domain.history.revert import RevertService
from app.domain.instances.errors import InstanceInBin
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf
from app.http.runtime import runtime

ns = Namespace("audit-events", path="/audit-events", description="Who did what, when, and the way back.")


def _shown(event: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the trail
    return schemas.AuditEvent.model_validate(event).model_dump()


@ns.route("")
class AuditEventCollection(BaseResource):
    """All events."""

    @api_login_required
    @api_permission_required("audit")
    @operation("listAuditEvents", "List events of the audit trail, newest first")
    @returns({200: Ok[schemas.AuditEventList]}, query=ListAuditEvents)
    def get(self, query: ListAuditEvents) -> Response:
        """List events."""
        return self.safe_call(lambda: _listed(query), action="audit.list", public_error="audit.list_failed")


def _listed(query: ListAuditEvents) -> Success:
    if query.cursor is None:
        page = repository.list_page(query.which(), limit=query.limit, offset=query.offset, count=query.count)
        items = [_shown(event) for event in page.items]
        return Success("audit.listed", listing(items, query, total=page.total))
    before = int(query.cursor) if query.cursor else None
    page = repository.list_page(query.which(), limit=query.limit + 1, before_id=before, count=False)
    items = [_shown(event) for event in page.items[: query.limit]]
    following = str(items[-1]["id"]) if len(page.items) > query.limit else None
    return Success("audit.listed", listing(items, query, total=None), meta={"next_cursor": following})


@ns.route("/chain")
class AuditChain(BaseResource):
    """The seals over the trail."""

    @api_login_required
    @api_permission_required("audit")
    @operation("getAuditChain", "Show how far the audit trail is sealed, verified and kept")
    @returns({200: Ok[schemas.ChainData]})
    def get(self) -> Response:
        """Show the state of the chain."""
        return self.safe_call(
            lambda: Success("audit.chain", {"chain": schemas.Chain.model_validate(chain_state()).model_dump()}),
            action="audit.chain",
            public_error="audit.read_failed",
        )


@ns.route("/<int:event_id>")
class AuditEventItem(BaseResource):
    """One event."""

    @api_login_required
    @api_permission_required("audit")
    @operation("getAuditEvent", "Show an event of the audit trail")
    @returns({200: Ok[schemas.AuditEventData]}, errors=[AuditEventNotFound])
    def get(self, event_id: int) -> Response:
        """Show an event."""
        return self.safe_call(
            lambda: Success("audit.shown", {"audit_event": _shown(repository.get_event(event_id))}),
            action="audit.read",
            public_error="audit.read_failed",
        )


@ns.route("/<int:event_id>/revert")
class AuditEventRevert(BaseResource):
    """The way back."""

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("revertChange", "Undo exactly the fields of one change, by a change of its own")
    @accepts(RevertChange)
    @returns(
        {200: Ok[schemas.RevertedData]},
        errors=[AuditEventNotFound, NotRevertible, ChangedSince, InstanceInBin, NotFound, Conflict],
    )
    def post(self, event_id: int, command: RevertChange) -> Response:
        """Undo a change."""

        def work() -> Success:
            service = RevertService(keys=lambda: runtime().parts().keys)
            event = service.revert(event_id, command, operator_id=caller().id)
            shown = _shown(event) if event is not None else None
            return Success("audit.reverted" if shown else "audit.nothing_to_revert", {"audit_event": shown})

        return self.safe_call(work, action="audit.revert", public_error="audit.revert_failed")
