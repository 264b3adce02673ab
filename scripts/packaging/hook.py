"""Hatchling's hook: wheel and sdist hold the built console."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.packaging.console import Console


class ConsoleHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter depends on the version of hatchling
    """Build the console before the files are packed."""

    def dependencies(self) -> list[str]:
        """Ask for Node.js where there is something to build; `backend` takes it away again for editable installs."""
        console = Console(Path(self.root))
        return [] if console.is_current or not console.has_sources else [console.node_requirement]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the console unless it is current; an editable install serves what `make console` builds.

        :raises ConsoleNotBuilt: there would be nothing to pack.
        """
        del build_data
        if version != "editable":
            Console(Path(self.root)).ensure()
