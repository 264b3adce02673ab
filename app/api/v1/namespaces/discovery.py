"""`/discovery`: the register as the source of what others watch."""

from dataclasses import asdict

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.discovery import PrometheusTargets
from app.domain.instances.discovery import DiscoverTargets, discover
from app.http.decorators import api_login_required, api_permission_required

ns = Namespace("discovery", path="/discovery", description="The register as the source of what others watch.")


@ns.route("/prometheus")
class PrometheusDiscovery(BaseResource):
    """Targets for Prometheus."""

    @api_login_required
    @api_permission_required("view")
    @operation("discoverPrometheusTargets", "List targets for Prometheus' HTTP service discovery, without an envelope")
    @returns({200: PrometheusTargets}, query=DiscoverTargets)
    def get(self, query: DiscoverTargets) -> Response:
        """List targets."""

        def work() -> Success:
            return Success("discovery.listed", [asdict(group) for group in discover(query)], bare=True)

        return self.safe_call(work, action="discovery.prometheus", public_error="discovery.failed")
