"""Muster: the register of every database instance that a company runs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.core.settings import Settings

__version__ = "0.1.0"


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Build the WSGI application; any WSGI server may call it as a factory.

    Nothing is written and no store is opened before the first request; metrics alone, where they are on, take a
    file in the data folder at once.

    :raises app.core.settings.SettingsInvalid: a setting is unknown or has a bad value.
    """
    from app.bootstrap import create_app as build  # noqa: PLC0415 - importing the package alone loads nothing

    return build(settings)
