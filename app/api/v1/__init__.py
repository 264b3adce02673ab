"""API v1: the one door. The list of its namespaces stands here, visible at a glance."""

from functools import partial
from typing import Any

from flask import Blueprint, Response
from flask_restx import Api

from app.api.v1 import documents
from app.api.v1.errors import error_response
from app.api.v1.namespaces import (
    about,
    audit_events,
    auth,
    checks,
    clusters,
    credentials,
    discovery,
    environments,
    fingerprints,
    health,
    imports,
    instance_batches,
    instance_files,
    instances,
    overview,
    recycle_bin,
    search,
    tags,
    tokens,
    users,
)
from app.api.v1.openapi import build_document
from app.core.settings import Settings

PREFIX = "/api/v1"
_INSTANCES = (instances.ns, recycle_bin.ns, instance_batches.ns, instance_files.ns, imports.ns)
_CHECKS = (checks.ns, fingerprints.ns)
_REFERENCES = (tags.ns, environments.ns, clusters.ns, credentials.ns)
_PEOPLE = (users.ns, tokens.ns, audit_events.ns)
NAMESPACES = (
    auth.ns,
    *_INSTANCES,
    *_CHECKS,
    *_REFERENCES,
    overview.ns,
    search.ns,
    *_PEOPLE,
    discovery.ns,
    about.ns,
    health.ns,
)


class MusterApi(Api):  # type: ignore[misc]  # Flask-RESTX has no types
    """Flask-RESTX without its own documents and its own error bodies."""

    def handle_error(self, e: Exception) -> Response:
        """Answer with the one envelope, whatever went wrong."""
        return error_response(e)

    def _register_specs(self, app_or_blueprint: Any) -> None:  # noqa: ANN401 - Flask-RESTX's signature
        """Leave out `swagger.json`: our document is OpenAPI 3.1."""

    def _register_doc(self, app_or_blueprint: Any) -> None:  # noqa: ANN401 - Flask-RESTX's signature
        """Leave out its page and its root."""

    def _register_apidoc(self, app: Any) -> None:  # noqa: ANN401 - Flask-RESTX's signature
        """Leave out its copy of Swagger UI."""

    def _init_app(self, app: Any) -> None:  # noqa: ANN401 - Flask-RESTX's signature
        super()._init_app(app)
        app.config["RESTX_MASK_SWAGGER"] = False
        app.config["ERROR_INCLUDE_MESSAGE"] = False
        app.config["RESTX_ERROR_404_HELP"] = False


def build_blueprint(settings: Settings, *, version: str) -> Blueprint:
    """Build the blueprint that serves `/api/v1`."""
    blueprint = Blueprint("v1", __name__, url_prefix=PREFIX)
    api = MusterApi(blueprint, doc=False, add_specs=False, title="Muster")
    for namespace in NAMESPACES:
        api.add_namespace(namespace)
    documents.attach(blueprint, partial(build_document, NAMESPACES, version=version), interactive=settings.docs)
    return blueprint
