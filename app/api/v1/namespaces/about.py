"""`/about`: which Muster this is, what it can check, and what of its settings whoever shows it must know."""

import platform
from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import operation, returns
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas import about as schemas
from app.api.v1.schemas.envelope import Success as Ok
from app.core.db import get_product
from app.core.messages import sentence
from app.core.settings import Settings
from app.domain.checks.explanation import message_of_cause, remedy_of_cause
from app.domain.instances.commands import DEFAULTS
from app.domain.reporting.engines import EngineState, list_engines
from app.engines.errors import Cause
from app.http.decorators import api_login_required
from app.http.language import language
from app.http.runtime import runtime

ns = Namespace("about", path="/about", description="This Muster itself.")


@ns.route("")
class AboutThis(BaseResource):
    """The Muster that answers."""

    @api_login_required
    @operation("getAbout", "Tell the version, the store, the engines and the settings that a console needs")
    @returns({200: Ok[schemas.AboutData]})
    def get(self) -> Response:
        """Tell what this Muster is."""

        def work() -> Success:
            return Success("about.shown", {"about": schemas.About.model_validate(_shown()).model_dump()})

        return self.safe_call(work, action="about", public_error="about.failed")


def _shown() -> dict[str, Any]:
    return {
        "version": runtime().version,
        "api_version": "v1",
        "python": platform.python_version(),
        "store": get_product(),
        "engines": [_engine(one) for one in list_engines()],
        "settings": _settings(runtime().settings),
    }


def _engine(one: EngineState) -> dict[str, Any]:
    shown = {"db_type": one.db_type, "default_port": one.default_port, "capabilities": one.capabilities}
    if one.cause is None:
        return {**shown, "unavailable": None}
    return {**shown, "unavailable": {"cause": one.cause, "package": one.package, **_said(one.cause)}}


def _said(cause: Cause) -> dict[str, str | None]:
    if cause == "not_implemented":
        return {"message": sentence("about.not_implemented", language()), "remedy": None}
    return {
        "message": message_of_cause(cause, language(), user=None),
        "remedy": remedy_of_cause(cause, language(), user=None),
    }


def _settings(settings: Settings) -> dict[str, Any]:
    names = set(schemas.SettingsInUse.model_fields) & set(Settings.model_fields)
    limits = {name: DEFAULTS[name] for name in schemas.TimeLimits.model_fields}
    return {**{name: getattr(settings, name) for name in names}, "check_defaults": limits}
