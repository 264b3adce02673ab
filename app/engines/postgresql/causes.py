"""From a server's error to a cause: by SQLSTATE and routine, which are in no language.

Texts are read only where PostgreSQL tells states apart by nothing else (57P03), and where there is no SQLSTATE worth
the name (PgBouncer, which always speaks English).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.engines.errors import Cause, StepFailed
from app.engines.postgresql.wire import Method, ServerError


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginState:
    """How far a login had come when the server refused it."""

    username: str = ""
    encrypted: bool = False
    tls_offered: bool = False
    client_cert: bool = False  # we have shown one
    method: Method = "none"  # what the server asked for
    is_authenticated: bool = False


# 57P03 has one routine for all; unknown words: it does not accept connections yet, more is not said.
_NOT_YET: Sequence[tuple[str, Cause]] = (
    ("hot standby", "server.standby_closed"),
    ("热备", "server.standby_closed"),
    ("shutting down", "server.shutting_down"),
    ("停止", "server.shutting_down"),
    ("关闭", "server.shutting_down"),
    ("recovery", "server.recovering"),
    ("恢复", "server.recovering"),
    ("not yet accepting", "server.recovering"),
)
# Patterns, in small letters.
_BOUNCER: Sequence[tuple[str, Cause]] = (
    ("authentication failed", "login.refused"),
    ("auth failed", "login.refused"),
    ("no such user", "login.refused"),
    ("no such database", "database.unknown"),
    (r'^database ".*" does not exist', "database.unknown"),  # the server's own words, its code is lost
    ("no more connections allowed", "server.too_many_connections"),
    ("ssl required", "tls.required"),
    ("cannot connect to server", "server.instance_down"),
    ("server_login_retry", "server.instance_down"),
    ("query_wait_timeout", "server.instance_down"),
    ("shut down", "server.shutting_down"),
)
_LOGIN: Mapping[str, Cause] = {
    "28P01": "login.refused",
    "3D000": "database.unknown",
    "0A000": "driver.server_unsupported",
    "57P01": "server.shutting_down",
    "57P02": "server.shutting_down",
    "53100": "server.storage_full",
    "53200": "server.out_of_memory",
    "55000": "database.not_open",
}
_QUERY: Mapping[str, Cause] = {
    "42501": "privilege.missing",
    "55P03": "query.lock_timeout",
    "57P01": "server.connection_lost",
    "57P02": "server.connection_lost",
    "57P05": "server.connection_lost",
    "08006": "server.connection_lost",
    "08P01": "proxy.error",
    "53100": "server.storage_full",
    "53200": "server.out_of_memory",
    "53300": "server.too_many_connections",
}
_TIMED_OUT_FROM = 0.9  # of the limit: a statement that was cancelled later than this ran into it
_QUOTED_ADDRESS = re.compile(r'["“„«「]([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)["”“»」]')


def of_login(error: ServerError, state: LoginState) -> StepFailed:
    """Return why the server refused a login."""
    find = _BY_CLASS.get(error.code)
    cause = find(error, state) if find else _LOGIN.get(error.code, "login.other")
    if cause == "login.other" and state.is_authenticated and error.code.startswith("P0"):
        cause = "login.trigger_refused"  # raised by a function of the owner's, after the password was taken
    return StepFailed(cause, code=error.code or None, text=error.text, detail=_detail(error))


def of_query(error: ServerError, *, took_ms: int = 0, limit_ms: int | None = None) -> StepFailed:
    """Return why a statement failed; `took_ms` and `limit_ms` tell a timeout from a cancellation."""
    cause = _QUERY.get(error.code, "query.other")
    if error.code == "57014":
        late = limit_ms is not None and took_ms >= limit_ms * _TIMED_OUT_FROM
        cause = "query.timeout" if late else "query.cancelled"
    return StepFailed(cause, code=error.code or None, text=error.text)


def _detail(error: ServerError) -> dict[str, Any]:
    """Return our address as the server's words name it: the ticket for pg_hba.conf needs it."""
    found = _QUOTED_ADDRESS.search(error.message)
    return {"our_address": found.group(1)} if found else {}


def _unauthorised(error: ServerError, state: LoginState) -> Cause:
    """Tell 28000 apart: pg_hba.conf, a certificate, a role that may not log in, a method that is none of ours."""
    if error.routine == "ClientAuthentication":
        # The words about pg_hba.conf name the role, those about a missing certificate name nothing.
        if state.username and state.username not in error.message:
            return "tls.client_cert_required"
        return "tls.required" if state.tls_offered and not state.encrypted else "access.host_not_allowed"
    if error.routine == "InitializeSessionUserId":
        # Who proved a password has a role. Without one an unknown role is refused with the same code here.
        known = state.method != "none" or "not permitted" in error.message or "不允许" in error.message
        return "login.account_disabled" if known else "login.refused"
    if error.routine == "auth_failed":
        if state.method != "none":  # PAM, LDAP, RADIUS: they ask for a password and say 28000 when it is wrong
            return "login.refused"
        return "tls.client_cert_refused" if state.client_cert else "login.method_unsupported"
    return "login.refused" if error.routine is None and "failed" in error.message else "login.other"


def _too_many(error: ServerError, _state: LoginState) -> Cause:
    return "login.account_limit" if error.routine == "InitializeSessionUserId" else "server.too_many_connections"


def _denied(error: ServerError, _state: LoginState) -> Cause:
    """Tell the missing right CONNECT from a server that is in the hands of its administrators."""
    if error.routine == "CheckMyDatabase":
        return "database.access_denied"
    return "server.restricted" if error.routine == "InitPostgres" else "login.other"


def _not_yet(error: ServerError, _state: LoginState) -> Cause:
    words = error.text.lower()
    return next((cause for part, cause in _NOT_YET if part in words), "server.starting")


def _protocol(error: ServerError, _state: LoginState) -> Cause:
    """Read PgBouncer's words: it says nearly everything as 08P01, without a routine."""
    if error.routine is not None:
        return "login.other"
    words = error.message.lower()
    return next((cause for pattern, cause in _BOUNCER if re.search(pattern, words)), "proxy.error")


_BY_CLASS: Mapping[str, Callable[[ServerError, LoginState], Cause]] = {
    "28000": _unauthorised,
    "53300": _too_many,
    "42501": _denied,
    "57P03": _not_yet,
    "08P01": _protocol,
}
