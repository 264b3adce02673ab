"""Why a step failed: stable cause codes, and the one exception that carries them out of an engine.

The table of native errors behind each code stands in docs/reference/causes.md; the sentences are in
`app.core.messages` under `cause.<code>`.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

Cause = Literal[
    # ours, before anything is dialled
    "guard.network_forbidden",
    "guard.credential_not_bound",
    "guard.secret_unreadable",
    "guard.redirect_refused",
    "guard.cleartext_refused",
    "guard.answer_too_large",
    "driver.missing",
    "driver.server_unsupported",
    "driver.option_unsupported",
    # the way to the server
    "resolve.not_found",
    "resolve.try_again",
    "connect.refused",
    "connect.timeout",
    "connect.unreachable",
    "connect.closed",
    "connect.named_instance",
    "greeting.silent",
    "greeting.other_engine",
    "greeting.not_a_database",
    # who may come
    "access.host_blocked",
    "access.host_not_allowed",
    # TLS
    "tls.not_offered",
    "tls.required",
    "tls.protocol_too_old",
    "tls.no_common_cipher",
    "tls.plain_answer",
    "tls.cert_expired",
    "tls.cert_not_yet_valid",
    "tls.unknown_ca",
    "tls.host_mismatch",
    "tls.weak_certificate",
    "tls.cert_revoked",
    "tls.client_cert_required",
    "tls.client_cert_refused",
    "tls.other",
    # TLS worked, or was not wanted, and leaves something to say: the check is degraded
    "tls.unverified",
    "tls.plaintext",
    "tls.cert_expires_soon",
    # the login
    "login.refused",
    "login.method_unsupported",
    "login.account_locked",
    "login.blocked_after_failures",
    "login.account_disabled",
    "login.password_expired",
    "login.no_session_right",
    "login.account_limit",
    "login.trigger_refused",
    "login.suspended",
    "login.no_credential",
    "login.other",
    # what was asked for
    "database.unknown",
    "database.access_denied",
    "database.not_open",
    "service.unknown",
    "service.blocked",
    # the server
    "server.too_many_connections",
    "server.starting",
    "server.recovering",
    "server.shutting_down",
    "server.standby_closed",
    "server.instance_down",
    "server.cluster_not_ready",
    "server.restricted",
    "server.paused",
    "server.storage_full",
    "server.out_of_memory",
    "server.connection_lost",
    # statements
    "query.timeout",
    "query.lock_timeout",
    "query.cancelled",
    "query.other",
    "privilege.missing",
    "privilege.filtered",
    "proxy.error",
    # the check itself
    "identity.changed",
    "check.interrupted",
    "check.deadline",
    "check.internal",
    "not_implemented",
]
CAUSES: tuple[Cause, ...] = get_args(Cause)


class StepFailed(Exception):
    """A step of a check failed.

    Raised `from None` always: a driver's exception may hold the connection, and that the password. `code` is the
    server's own number or SQLSTATE, `text` what it said; neither decides anything later, both are shown as detail.
    """

    def __init__(
        self,
        cause: Cause,
        *,
        code: str | int | None = None,
        text: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        told = {"server_code": code, "server_text": None if text is None else clean(text)}
        self.detail = {**(detail or {}), **{name: value for name, value in told.items() if value is not None}}


class DeadlinePassed(Exception):
    """The time of the whole check is over; whoever waited was cut off."""


TEXT_MOST = 500  # characters of a server's own words
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return a server's words as they may be shown: no control or bidirectional character, cut, on one line."""
    shown = text[: TEXT_MOST * 4]
    if not (shown.isascii() and shown.isprintable()):  # looking at each character is slow, and seldom needed
        plain = "".join(" " if one.isspace() else one for one in shown)
        shown = "".join(one for one in plain if one.isprintable() and one not in _BIDI)
    shown = " ".join(shown.split())
    return shown if len(shown) <= TEXT_MOST else shown[: TEXT_MOST - 1] + "…"
