"""`/search`: one text over all that has a name."""

from dataclasses import asdict

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.search import SearchData, SearchItem
from app.domain.reporting.commands import SearchEverything
from app.domain.reporting.search import search
from app.http.decorators import api_login_required, api_permission_required

ns = Namespace("search", path="/search", description="Find anything by a part of its name.")


@ns.route("")
class Search(BaseResource):
    """All that holds a text."""

    @api_login_required
    @api_permission_required("view")
    @operation("search", "Find instances, clusters, credentials, environments and tags, the best match first")
    @returns({200: Ok[SearchData]}, query=SearchEverything)
    def get(self, query: SearchEverything) -> Response:
        """Find what holds a text."""

        def work() -> Success:
            items = [SearchItem.model_validate(asdict(one)).model_dump() for one in search(query)]
            return Success("search.done", {"items": items, "limit": query.limit})

        return self.safe_call(work, action="search", public_error="search.failed")
