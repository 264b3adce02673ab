"""Every route of the application, the deprecated ones included."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bootstrap import create_app
from app.core.settings import Settings


@dataclass(frozen=True)
class Route:
    """One method of one path, and the function that declares its access and its contract."""

    method: str
    rule: str
    view: Callable[..., Any]

    @property
    def path(self) -> str:
        """A path that the rule takes: the id 1, a file that is not there, a screen."""
        path = re.sub(r"<screen:\w+>", "nothing", re.sub(r"<int:\w+>", "1", self.rule))
        return re.sub(r"<(path|file):\w+>", "nothing.js", path)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def _routes() -> list[Route]:
    folder = Path(tempfile.gettempdir()) / "muster-never-opened"  # the routes are known before any request
    app = create_app(Settings(data_dir=folder, legacy_routes=True, docs=True))
    assert not folder.exists()
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            handler = getattr(getattr(view, "view_class", None), method.lower(), view)
            found.append(Route(method, rule.rule, handler))
    return sorted(found, key=str)


ROUTES = _routes()
