"""The deprecated paths: one table, old path → v1 view. They run the same code and add two headers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed

from app.api.v1 import PREFIX
from app.api.v1.namespaces import auth, instances, recycle_bin
from app.api.v1.resource import BaseResource

# When the paths were deprecated, in seconds since 1970 (RFC 9745): 2026-11-01.
_SINCE = "@1793491200"


@dataclass(frozen=True, slots=True)
class Door:
    """One deprecated path and the v1 entry that serves it."""

    method: str
    path: str
    resource: type[BaseResource]
    verb: str
    successor: str

    @property
    def view(self) -> Callable[..., Any]:
        """Return the method that does the work, with the access it declares."""
        found: Callable[..., Any] = getattr(self.resource, self.verb)
        return found


_ITEM = "/instances/<int:instance_id>"
DOORS = (
    Door("GET", "/instances/api/instances", instances.InstanceCollection, "get", "/instances"),
    Door("GET", "/instances/api/<int:instance_id>", instances.InstanceItem, "get", _ITEM),
    Door("POST", "/instances/api/create", instances.InstanceCollection, "post", "/instances"),
    Door("POST", "/instances/api/<int:instance_id>/edit", instances.InstanceItem, "put", _ITEM),
    Door("POST", "/instances/api/<int:instance_id>/delete", recycle_bin.InstanceDeletion, "post", f"{_ITEM}/delete"),
    Door(
        "POST", "/instances/api/<int:instance_id>/restore", recycle_bin.InstanceRestoration, "post", f"{_ITEM}/restore"
    ),
    Door("GET", "/auth/api/csrf-token", auth.CsrfToken, "get", "/auth/csrf-token"),
    Door("POST", "/auth/api/login", auth.Login, "post", "/auth/login"),
    Door("POST", "/auth/api/logout", auth.Logout, "post", "/auth/logout"),
    Door("GET", "/auth/api/me", auth.WhoAmI, "get", "/auth/me"),
)
PATHS = ("/instances/api", "/auth/api")
_SUCCESSORS: Mapping[str, str] = {door.path: PREFIX + door.successor for door in DOORS}


def attach(app: Flask) -> None:
    """Serve the deprecated paths beside v1."""
    for door in DOORS:
        name = f"legacy_{door.resource.__name__}_{door.verb}"
        app.add_url_rule(door.path, name, _view(door), methods=[door.method])
    app.after_request(_add_headers)


def _view(door: Door) -> Callable[..., Response]:
    def serve(**path: Any) -> Response:  # noqa: ANN401 - the parts of the path
        g.source = "legacy"
        response: Response = door.view(door.resource(), **path)
        return response

    serve.__doc__ = door.view.__doc__
    serve.access = door.view.access  # type: ignore[attr-defined]
    return serve


def _matched() -> tuple[str, Mapping[str, Any]]:
    """Return the rule that the path fits and its parts, for a method that the rule does not take as well."""
    if request.url_rule:
        return request.url_rule.rule, request.view_args or {}
    refused = request.routing_exception
    urls = current_app.create_url_adapter(request)
    if isinstance(refused, MethodNotAllowed) and refused.valid_methods and urls:
        rule, parts = urls.match(method=next(iter(refused.valid_methods)), return_rule=True)
        return rule.rule, parts
    return "", {}


def _add_headers(response: Response) -> Response:
    """Say on every answer of a deprecated path that it is one, and where its successor is."""
    rule, parts = _matched()
    successor = _SUCCESSORS.get(rule)
    if successor:
        for name, value in parts.items():
            successor = successor.replace(f"<int:{name}>", str(value))
        response.headers["Deprecation"] = _SINCE
        response.headers["Link"] = f'<{successor}>; rel="successor-version"'
    return response
