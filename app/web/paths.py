"""The paths of the console as routes: a screen, a file. What programs ask for is neither, and stays a 404 in JSON."""

import re

from werkzeug.routing import BaseConverter

from app.http.console_paths import OF_PROGRAMS

_TAKEN = "|".join(re.escape(one.removeprefix("/")) for one in (*OF_PROGRAMS, "/assets"))


class ScreenConverter(BaseConverter):
    """A path that the console itself finds a screen for; its last part has no dot, which only files have.

    Neither `*`, which stands for no path at all, nor what hides behind a dot at the beginning.
    """

    part_isolating = False
    regex = rf"(?![*.]|(?:{_TAKEN})(?:/|\Z))(?:[^/]+/)*[^/.]+/?"
    weight = 300


class FileConverter(BaseConverter):
    """The name of a file at the root."""

    regex = r"[^/]*\.[^/]*"
