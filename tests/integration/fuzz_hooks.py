"""Loaded by schemathesis' own process: who calls, and what a schema cannot say about a sound body.

The role comes from FUZZ_ROLE (empty: nobody), the server from FUZZ_URL.
"""

import os
import secrets
from datetime import UTC, datetime, timedelta
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
        if case.operation.path.endswith(("/auth/logout", "/auth/change-password")):
            return log_in(LEAVER)
        if Session.known is None:
            Session.known = log_in(ROLE)
        return Session.known

    def set(self, case: schemathesis.Case, data: dict[str, str], context: schemathesis.AuthContext) -> None:
        case.cookies = {**(case.cookies or {}), COOKIE: data["cookie"]}
        case.headers["X-CSRFToken"] = data["token"]


if ROLE:
    schemathesis.auth(refresh_interval=None)(Session)


BOOLEANS = {"force", "is_active", "is_production", "tls_legacy", "unattended"}
OBJECTS = {"custom", "external_ids", "bindings"}
TIMES = {"connect_timeout_ms": 3000, "statement_timeout_ms": 5000, "deadline_ms": 15_000}
INTEGERS = {"port": 5432, "criticality": 1, "position": 0, **TIMES}
NUMBERS = {
    "id",
    "version",
    "cluster_id",
    "credential_id",
    "admin_credential_id",
    *INTEGERS,
}  # text in a query, unbounded
TEXTS = {"environment", "owner", "tags"}
PEM = {"tls_ca", "tls_client_cert", "tls_client_key"}  # no pattern can say what a certificate is
FORM = "application/x-www-form-urlencoded"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Put right what a schema cannot say, or what schemathesis does not send as the document says."""
    spare_what_the_run_needs(case)
    if case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE:
        agree_with_what_is_there(case)
    elif case.meta is not None:
        keep_texts_too_long(case)
        refuse_all_for_one(case)
    if case.meta is None or not isinstance(case.body, dict):
        return
    if case.meta.generation.mode == GenerationMode.POSITIVE:
        if case.operation.path.startswith(("/instances", "/checks")):
            name_what_exists(case.body)
        mend_values(case.body)
        if "expires_at" in case.body:
            case.body["expires_at"] = (datetime.now(UTC) + timedelta(days=7)).isoformat()
        if case.media_type == FORM:
            leave_objects_out(case.body)
    elif case.media_type != "application/json":
        keep_it_unsound(case.body)
        if case.media_type == FORM and case.operation.path.startswith(("/instances", "/credentials")):
            say_no_empty_object(case.body)


def spare_what_the_run_needs(case: schemathesis.Case) -> None:
    """The tag and the environment that sound bodies name must not be renamed or deleted on the way.

    Nor may the users be changed or shut out as whom the runs log in.
    """
    if case.method in {"PUT", "PATCH", "POST", "DELETE"}:
        for name, most in (("tag_id", 1), ("environment_id", 1), ("user_id", 5)):
            if str((case.path_parameters or {}).get(name)) in {str(number) for number in range(1, most + 1)}:
                case.path_parameters[name] = 2**40


def agree_with_what_is_there(case: schemathesis.Case) -> None:
    """A version that is no longer there is a 412, a key that another call had a 422; a number has its bounds."""
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"
        if case.operation.path.startswith("/instances/by-name/"):
            del case.headers["If-Match"]  # under a name that nobody has there is no version at all
    if case.method == "DELETE":
        (case.query or {}).pop("dry_run", None)  # after which the thing is there as before
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = secrets.token_hex(16)
    if case.operation.path.startswith("/instances/by-name/") and isinstance(case.body, dict):
        case.body.pop("name", None)  # which may only repeat the path
    if case.operation.path == "/instances/batch" and isinstance(case.body, dict):
        # Which of id, name and filter belongs to which operation, and what is there, no schema can say.
        many = len(case.body.get("operations", ()))
        case.body["operations"] = [{"op": "create", "data": new_instance()} for _ in range(many)]
    if case.operation.path == "/instances/import" and isinstance(case.body, dict):
        row = new_instance()
        case.query = {**(case.query or {}), "format": "csv"}
        case.body = {"file": ",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n"}
    (case.query or {}).pop("as_of", None)  # which may be no time to come
    if "cursor" in (case.query or {}):
        case.query.pop("page", None)  # a page has a number or a cursor
        case.query["cursor"] = ""  # which leads to the first one; any other is what an answer gave
    for name in NUMBERS & (case.query or {}).keys():
        case.query[name] = [INTEGERS.get(name, 1)]


def new_instance() -> dict[str, Any]:
    return {"name": f"fuzz-{secrets.token_hex(8)}", "db_type": "mysql", "host": "127.0.0.1", "port": 3306}


def name_what_exists(body: dict[str, Any]) -> None:
    """An unknown tag, credential, environment or cluster is a 400 by name; and a check dials this machine alone."""
    if body.get("host"):
        body["host"] = "127.0.0.1"
    for name in ("credential_id", "admin_credential_id", "cluster_id", *PEM):
        body.pop(name, None)
    if not (body.get("username") and body.get("password")):  # in a form, an empty one of the two is none
        body.pop("username", None)
        body.pop("password", None)
    if body.get("environment"):
        body["environment"] = "production"
    for name in ("tag_names", "add_tags", "remove_tags"):
        if body.get(name):
            body[name] = ["fuzzed"]
    if "tag_names" in body:  # which say the same thing in two ways
        body.pop("add_tags", None)
        body.pop("remove_tags", None)
    if body.get("lifecycle") == "retired":  # which an active instance cannot be: a rule across two fields
        body.pop("is_active", None)


def mend_values(part: Any) -> None:
    """Put right what no pattern can say.

    A number may come as digits, but not out of its bounds; 67.0 is an integer to JSON Schema and a float to us;
    the host bits of a network are zero.
    """
    if isinstance(part, list):
        for one in part:
            mend_values(one)
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if name == "networks" and value:
            part[name] = ["10.1.0.0/16"]
        elif name not in INTEGERS:
            mend_values(value)
        elif isinstance(value, str) and value:
            part[name] = str(INTEGERS[name])
        elif isinstance(value, float):
            part[name] = int(value)


def leave_objects_out(form: dict[str, Any]) -> None:
    """The document says `contentType: application/json`, which schemathesis heeds in multipart forms alone."""
    for name in OBJECTS:
        form.pop(name, None)


def keep_texts_too_long(case: schemathesis.Case) -> None:
    """In a query all is text, so a list of texts that holds null or a number is sound: only its length can be wrong."""
    for name in TEXTS & (case.query or {}).keys():
        case.query[name] = ["x" * 1000]


def refuse_all_for_one(case: schemathesis.Case) -> None:
    """A batch that is not atomic works, and tells of each operation what is wrong with it."""
    if case.operation.path == "/instances/batch" and isinstance(case.body, dict) and case.body.get("atomic") is False:
        case.body["atomic"] = True


def keep_it_unsound(form: dict[str, Any]) -> None:
    """Text knows no types: in forms 0 and 1 are booleans too."""
    for name in BOOLEANS & form.keys():
        if not isinstance(form[name], dict | list):
            form[name] = "neither"


def say_no_empty_object(form: dict[str, Any]) -> None:
    """schemathesis sends an object that is left out as an empty field: null to us, a fault to schemathesis."""
    for name in OBJECTS:
        if not (form.get(name) and isinstance(form[name], str | dict)):
            form[name] = "no object"
