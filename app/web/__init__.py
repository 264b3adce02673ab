"""What a person meets at `/`; as long as there is no console, the documents."""

from flask import Flask, redirect
from werkzeug.wrappers import Response

from app.http.decorators import public


def attach(app: Flask, *, docs: bool) -> None:
    """Lead `/` to the interactive documents, or to the plain one where those are switched off."""
    target = "/api/v1/docs" if docs else "/api/v1/openapi.json"

    @public
    def home() -> Response:
        """Lead to the documents."""
        return redirect(target)

    app.add_url_rule("/", "home", home, methods=["GET"])
