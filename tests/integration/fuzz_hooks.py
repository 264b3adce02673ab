"""Loaded by schemathesis' own process: who calls, and what a schema cannot say about a sound body.

The role comes from FUZZ_ROLE (empty: nobody), the server from FUZZ_URL.
"""

import json
import os
from typing import Any

import httpx
import schemathesis
from schemathesis import GenerationMode

from tests.support.server import HttpCaller

URL, ROLE = os.environ["FUZZ_URL"], os.environ["FUZZ_ROLE"]
LEAVER = "auditor"  # logs out, so that the session of the run lives on
COOKIE = "muster_session"


def log_in(username: str) -> dict[str, str]:
    with httpx.Client(base_url=URL, trust_env=False, timeout=30) as client:
        caller = HttpCaller(client).log_in(username)
        return {"cookie": client.cookies[COOKIE], "token": caller.token}


class Session:
    """One login for the whole run; each call of logout gets one of its own."""

    known: dict[str, str] | None = None

    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> dict[str, str]:
        if case.operation.path.endswith("/auth/logout"):
            return log_in(LEAVER)
        if Session.known is None:
            Session.known = log_in(ROLE)
        return Session.known

    def set(self, case: schemathesis.Case, data: dict[str, str], context: schemathesis.AuthContext) -> None:
        case.cookies = {**(case.cookies or {}), COOKIE: data["cookie"]}
        case.headers["X-CSRFToken"] = data["token"]


if ROLE:
    schemathesis.auth(refresh_interval=None)(Session)


BOOLEANS = {"is_active", "is_production"}
INTEGERS = {"port": 5432, "criticality": 1, "position": 0}
FORM = "application/x-www-form-urlencoded"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Put right what a schema cannot say, or what schemathesis does not send as the document says."""
    if case.meta is None or not isinstance(case.body, dict):
        return
    if case.meta.generation.mode == GenerationMode.POSITIVE:
        name_what_exists(case.body)
        keep_digits_in_range(case.body)
        if case.media_type == FORM:
            write_objects_as_json(case.body)
    elif case.media_type != "application/json":
        take_no_other_word_for_a_boolean(case.body)


def name_what_exists(body: dict[str, Any]) -> None:
    """An unknown tag, credential, environment or cluster is a 400 by name."""
    if "db_type" not in body:
        return
    for name in ("credential_id", "cluster_id"):
        body.pop(name, None)
    if body.get("environment"):
        body["environment"] = "production"
    if body.get("tag_names"):
        body["tag_names"] = ["fuzzed"]


def keep_digits_in_range(body: dict[str, Any]) -> None:
    """A number may come as digits, whose size no pattern can bound."""
    for name, sound in INTEGERS.items():
        if isinstance(body.get(name), str) and body[name]:
            body[name] = str(sound)


def write_objects_as_json(body: dict[str, Any]) -> None:
    """The document says `contentType: application/json`, which schemathesis heeds in multipart forms alone."""
    for name, value in body.items():
        if isinstance(value, dict):
            body[name] = json.dumps(value)


def take_no_other_word_for_a_boolean(body: dict[str, Any]) -> None:
    """Forms say yes and no in more ways than true and false, so 0 and 1 are no wrong type there."""
    for name in BOOLEANS & body.keys():
        if not isinstance(body[name], dict | list):
            body[name] = "neither"
