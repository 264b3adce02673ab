"""Serve the OpenAPI document, and Swagger UI from our own disk under a strict policy."""

from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Response, send_from_directory

from app.http.decorators import public

_SHOWN = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_PAGES = Path(__file__).parent / "pages"
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


@cache
def _swagger_ui() -> Path:
    """Return the folder of Swagger UI 5 that the package flask-swagger-ui ships; only its files are used."""
    with as_file(files("flask_swagger_ui") / "dist") as folder:
        return folder


def attach(blueprint: Blueprint, build: Callable[[], dict[str, Any]], *, interactive: bool) -> None:
    """Add `openapi.json`, and `docs` with its files where it is wanted."""

    @cache
    def document() -> bytes:
        return orjson.dumps(build())

    @public
    def openapi_json() -> Response:
        """Give the OpenAPI document."""
        return Response(document(), mimetype="application/json")

    blueprint.add_url_rule("/openapi.json", "openapi", openapi_json, methods=["GET"])
    if interactive:
        blueprint.add_url_rule("/docs", "docs", docs, methods=["GET"])
        blueprint.add_url_rule("/docs/<path:name>", "docs_file", docs_file, methods=["GET"])


@public
def docs() -> Response:
    """Show the documents in Swagger UI."""
    page = send_from_directory(_PAGES, "docs.html", max_age=0)
    page.headers["Content-Security-Policy"] = _CSP
    return page


@public
def docs_file(name: str) -> Response:
    """Give a file that the documents' page asks for; any other name is a 404."""
    folder = _swagger_ui() if name in _SHOWN else _PAGES
    return send_from_directory(folder, name, max_age=3600)
