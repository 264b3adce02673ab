"""`/health`: whether the process lives, whether Muster can work. The same stands at the root, for orchestrators."""

from collections.abc import Callable

from flask import Flask, Response
from flask_restx import Namespace

from app.api.v1.contract import operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import health as schemas
from app.api.v1.schemas.envelope import Success as Ok
from app.http.decorators import public
from app.http.health import check_ready
from app.http.probes import HEALTH
from app.http.runtime import NotReady, runtime

ns = Namespace("health", path="/health", description="For orchestrators and monitors; without a login.")


@ns.route("/live")
class Live(BaseResource):
    """Whether the process lives."""

    @public
    @operation("getLive", "Tell that the process answers, whatever state the store is in")
    @returns({200: Ok[schemas.LiveData]})
    def get(self) -> Response:
        """Tell that the process answers."""
        return self.safe_call(lambda: Success("health.live", {"status": "live"}), action="health.live", scope="none")


@ns.route("/ready")
class Ready(BaseResource):
    """Whether Muster can work."""

    @public
    @operation("getReady", "Tell whether database, schema and keys are in order; 503 names the part that is not")
    @returns({200: Ok[schemas.ReadyData]}, errors=[NotReady])
    def get(self) -> Response:
        """Tell whether Muster can work."""

        def work() -> Success:
            check_ready(runtime())
            checks = dict.fromkeys(("database", "schema", "keys"), "ok")
            return Success("health.ready", {"status": "ready", "checks": checks})

        return self.safe_call(work, action="health.ready", scope="none")


def attach(app: Flask) -> None:
    """Serve both at the root as well."""
    for path, resource in zip(HEALTH, (Live, Ready), strict=True):
        app.add_url_rule(path, f"root_{resource.__name__}", _at_root(resource), methods=["GET"])


def _at_root(resource: type[BaseResource]) -> Callable[[], Response]:
    def serve() -> Response:
        response: Response = resource().get()
        return response

    serve.__doc__ = resource.get.__doc__
    return public(serve)
