"""`/overview`: the whole register at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import overview as schemas
from app.api.v1.schemas.audit import AuditEvent
from app.api.v1.schemas.envelope import Success as Ok
from app.domain.checks.explanation import message_of_cause, remedy_of_cause
from app.domain.reporting.commands import ReadOverview
from app.domain.reporting.overview.changes import RecentChange
from app.domain.reporting.overview.failures import FailureGroup
from app.domain.reporting.overview.service import Overview, get_overview
from app.http.decorators import api_login_required, api_permission_required
from app.http.language import language

ns = Namespace("overview", path="/overview", description="The whole register at a glance.")


@ns.route("")
class OverviewOfAll(BaseResource):
    """The register as a whole."""

    @api_login_required
    @api_permission_required("view")
    @operation("getOverview", "Count instances, group their failures, list what wants attention and what changed")
    @returns({200: Ok[schemas.OverviewData]}, query=ReadOverview)
    def get(self, query: ReadOverview) -> Response:
        """Show the overview."""

        def work() -> Success:
            shown = schemas.Overview.model_validate(_shown(get_overview(query)))
            return Success("overview.shown", {"overview": shown.model_dump()})

        return self.safe_call(work, action="overview", public_error="overview.failed")


def _shown(found: Overview) -> dict[str, Any]:
    counted = asdict(found.counts)
    del counted["held"]
    groups = [_group(one, first) for one, first in zip(found.failures.groups, found.first_of_groups, strict=True)]
    failures = {
        "total": found.failures.total,
        "groups_total": found.failures.groups_total,
        "groups": groups,
        "filter": {**found.filter, "outcome": "failed"},
    }
    lists = {name: asdict(one) for name, one in found.attention.items()}
    return {
        "at": found.at,
        "filter": found.filter,
        **counted,
        "failures": failures,
        "attention": lists,
        "changes": [_change(one) for one in found.changes],
    }


def _change(change: RecentChange) -> dict[str, Any]:
    event = {name: getattr(change.event, name) for name in AuditEvent.model_fields}
    return {**event, "group": change.group}


def _group(group: FailureGroup, first: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a group with its sentences in the caller's language."""
    user = group.credential["username"] if group.credential else None
    message = message_of_cause(group.cause, language(), user=user)
    remedy = remedy_of_cause(group.cause, language(), user=user)
    return {**asdict(group), "message": message, "remedy": remedy, "instances": first}
