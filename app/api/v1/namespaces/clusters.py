"""`/clusters`: groups of instances."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location, present, present_one
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.references import Cluster, ClusterData, ClusterList
from app.core.fields import NoFields
from app.domain.clusters.commands import CreateCluster, PatchCluster, UpdateCluster
from app.domain.clusters.write_service import ClusterWriteService
from app.domain.references.listing import ListReferences
from app.domain.writes.if_match import IfMatch
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf

ns = Namespace("clusters", path="/clusters", description="Groups of instances that form one database cluster.")
_CHANGE_ERRORS = (ClusterWriteService.kind.not_found, ClusterWriteService.kind.taken)


def _shown_one(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the table
    return present_one(Cluster, row, ClusterWriteService)


@ns.route("")
class ClusterCollection(BaseResource):
    """All clusters."""

    @api_login_required
    @api_permission_required("view")
    @operation("listClusters", "List clusters")
    @returns({200: Ok[ClusterList]}, query=ListReferences)
    def get(self, query: ListReferences) -> Response:
        """List clusters."""

        def work() -> Success:
            page = ClusterWriteService.list_page(query)
            items = present(Cluster, page.items, ClusterWriteService.kind.link)
            return Success("cluster.listed", listing(items, query, total=page.total))

        return self.safe_call(work, action="cluster.list", public_error="cluster.list_failed")

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("createCluster", "Add a cluster")
    @accepts(CreateCluster)
    @returns({201: Ok[ClusterData]}, errors=[ClusterWriteService.kind.taken])
    def post(self, command: CreateCluster) -> Response:
        """Add a cluster."""

        def work() -> Success:
            made = ClusterWriteService().create(command, operator_id=caller().id)
            return Success("cluster.created", _shown_one(made), 201, location("clusters", made.id))

        return self.safe_call(work, action="cluster.create", public_error="cluster.create_failed")


@ns.route("/<int:cluster_id>")
class ClusterItem(BaseResource):
    """One cluster."""

    @api_login_required
    @api_permission_required("view")
    @operation("getCluster", "Show a cluster")
    @returns({200: Ok[ClusterData]}, errors=[ClusterWriteService.kind.not_found])
    def get(self, cluster_id: int) -> Response:
        """Show a cluster."""
        return self.safe_call(
            lambda: Success(
                "cluster.shown", present_one(Cluster, ClusterWriteService().get(cluster_id), ClusterWriteService)
            ),
            action="cluster.read",
            public_error="cluster.read_failed",
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("updateCluster", "Change a cluster; absent optional fields keep their value")
    @accepts(UpdateCluster)
    @returns({200: Ok[ClusterData]}, errors=_CHANGE_ERRORS, if_match=True)
    def put(self, cluster_id: int, command: UpdateCluster, if_match: IfMatch) -> Response:
        """Change a cluster."""
        return self._change(cluster_id, command, if_match)

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("patchCluster", "Change some fields of a cluster")
    @accepts(PatchCluster)
    @returns({200: Ok[ClusterData]}, errors=_CHANGE_ERRORS, if_match=True)
    def patch(self, cluster_id: int, command: PatchCluster, if_match: IfMatch) -> Response:
        """Change some fields of a cluster."""
        return self._change(cluster_id, command, if_match)

    def _change(self, cluster_id: int, command: UpdateCluster, if_match: IfMatch) -> Response:
        def work() -> Success:
            row = ClusterWriteService().update(cluster_id, command, operator_id=caller().id, if_match=if_match)
            return Success("cluster.updated", _shown_one(row))

        return self.safe_call(
            work,
            action="cluster.update",
            public_error="cluster.update_failed",
            preview=lambda: _shown_one(ClusterWriteService().get(cluster_id)),
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("deleteCluster", "Delete a cluster that no instance uses")
    @accepts(NoFields)
    @returns({200: NoData}, errors=[ClusterWriteService.kind.not_found, ClusterWriteService.kind.in_use], if_match=True)
    def delete(self, cluster_id: int, command: NoFields, if_match: IfMatch) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Delete a cluster."""

        def work() -> Success:
            ClusterWriteService().delete(cluster_id, operator_id=caller().id, if_match=if_match)
            return Success("cluster.deleted")

        return self.safe_call(
            work,
            action="cluster.delete",
            public_error="cluster.delete_failed",
            preview=lambda: _shown_one(ClusterWriteService().get(cluster_id)),
        )
