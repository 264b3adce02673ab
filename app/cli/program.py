"""What the command gets from the composition root, which it may not import."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from app.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Program:
    """The parts of Muster that commands use."""

    version: str
    load_settings: Callable[[], Settings]
    prepare: Callable[..., Any]
    openapi_document: Callable[[], Mapping[str, Any]]


pass_program = click.make_pass_decorator(Program)
