"""What a person meets in a browser: the console where it is built, else a page that says how it is."""

from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_urlsafe

from flask import Flask, Response, request
from markupsafe import escape
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.http.decorators import public
from app.web.build import FOLDER, IDENTITY, Build, BuiltFile, read
from app.web.paths import FileConverter, ScreenConverter

__all__ = ["FOLDER", "Build", "attach", "read"]

NONCE = "{{csp_nonce}}"
_NOT_BUILT = Path(__file__).parent / "not_built.html"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
# The name of an asset holds a hash of what is in it, that of any other file does not.
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


def attach(app: Flask, build: Build | None, *, docs: bool) -> None:
    """Serve the console under every path that is not an API's; `docs` says where its page leads if it is not built."""
    files: Mapping[str, BuiltFile] = build.files if build else {}
    text = build.page if build else _not_built(docs=docs)
    app.url_map.converters |= {"screen": ScreenConverter, "file": FileConverter}
    routes: dict[str, tuple[str, Callable[..., AnyResponse]]] = {
        "/": ("console", _page(text)),
        "/<screen:path>": ("console_screen", _page(text)),
        "/<file:name>": ("console_file", _file(files, "", _FOR_AN_HOUR)),
        "/assets/<path:name>": ("console_asset", _file(files, "assets/", _FOR_EVER)),
    }
    for rule, (endpoint, view) in routes.items():
        app.add_url_rule(rule, endpoint, view, methods=["GET"])


def _not_built(*, docs: bool) -> str:
    target = "/api/v1/docs" if docs else "/api/v1/openapi.json"
    return _NOT_BUILT.read_text(encoding="utf-8").replace("{{documents}}", str(escape(target)))


def _page(text: str) -> Callable[..., Response]:
    parts = text.split(NONCE)

    @public
    def page(path: str = "") -> Response:
        """Show the page, with a nonce that this one answer alone knows."""
        del path
        nonce = token_urlsafe(16)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY.format(nonce=nonce)}
        return Response(nonce.join(parts), content_type="text/html; charset=utf-8", headers=headers)

    return page


def _file(files: Mapping[str, BuiltFile], folder: str, caching: str) -> Callable[..., AnyResponse]:
    @public
    def file(name: str) -> AnyResponse:
        """Give a file of the build as the browser takes it best; any other name is a 404."""
        found = files.get(f"{folder}{name}")
        if found is None:
            raise NotFound
        coding = found.choose({name: request.accept_encodings.quality(name) for name in found.encodings})
        sent = found.encodings[coding]
        response = Response(sent.content, content_type=found.media_type, headers={"Cache-Control": caching})
        response.set_etag(sent.etag)
        if coding != IDENTITY:
            response.content_encoding = coding
        if len(found.encodings) > 1:
            response.vary.add("Accept-Encoding")
        return response.make_conditional(request)

    return file
