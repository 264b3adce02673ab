"""The build backend: hatchling's, whose editable installs ask for no Node.js.

A hook of hatchling cannot tell for which kind of build its dependencies are asked.
"""

from typing import Any

from hatchling import build as hatchling
from hatchling.build import *  # noqa: F403 - a backend is the functions of its module

from scripts.packaging.console import NODE


def get_requires_for_build_editable(  # type: ignore[no-redef]  # in place of the imported one
    config_settings: dict[str, Any] | None = None,
) -> list[str]:
    """Return what an editable install is built with."""
    return [one for one in hatchling.get_requires_for_build_editable(config_settings) if not one.startswith(NODE)]
