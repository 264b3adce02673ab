"""Logins that a server refuses: counted, and after two in a row no longer tried by anybody but a person.

Servers lock accounts after so many wrong passwords. A credential that was changed on one side must cost two refusals
and not an account, however often and by how many processes it is checked.

MySQL and MariaDB count connections as well that end before the login is decided, and then shut out our whole host. So
those are counted like refusals; but other TLS options may mend them, and then they count anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, exists, literal, select, update

from app.core import clock
from app.core.crypto import KeyRing
from app.core.db import current_session, hold_lock, insert_if_absent, kept
from app.domain.checks.deadlines import GRACE
from app.domain.egress.endpoint import Endpoint
from app.engines import registry
from app.engines.base import Login, TlsOptions
from app.engines.errors import Cause, StepFailed
from app.engines.ladder import StepFact, StepName
from app.models import TRIED_AT_MOST, Check, Credential, LoginSuspension

REFUSALS: frozenset[Cause] = frozenset({"login.refused", "login.account_locked", "login.blocked_after_failures"})
_UNDECIDED: frozenset[StepName] = frozenset({"greeting", "tls", "login"})
_BROKEN: frozenset[Cause] = frozenset(
    {
        "greeting.silent",
        "guard.cleartext_refused",
        "guard.answer_too_large",
        "login.method_unsupported",
        "driver.missing",
        "check.deadline",
        "connect.closed",
    }
)
_NOT_BEGUN: Cause = "tls.not_offered"  # the server's greeting says so, and it is left as the protocol wants
_PURPOSE = "muster refused logins v1"
_PURPOSE_BROKEN = "muster broken connections v1"


@dataclass(frozen=True, slots=True)
class LoginThere:
    """The login of a credential on one server.

    `keys` stand for its name and password, `connection_keys` for them and the TLS options; the active key's first.
    """

    credential_id: int
    server: Endpoint
    keys: tuple[str, ...]
    connection_keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, credential_id: int, server: Endpoint, login: Login, tls: TlsOptions, *, ring: KeyRing) -> "LoginThere":
        """Return the login; nothing in it tells the password or the client's key."""
        text = f"{len(login.username)} {login.username} {login.password}"
        options = (tls.mode, tls.ca, tls.client_cert, tls.client_key, tls.legacy)
        keys = ring.fingerprints(text, purpose=_PURPOSE)
        connection_keys = ring.fingerprints(repr((text, options)), purpose=_PURPOSE_BROKEN)
        return cls(credential_id, server, tuple(keys), tuple(connection_keys))

    @property
    def every_key(self) -> tuple[str, ...]:
        """Return all keys under which it may be counted."""
        return (*self.keys, *self.connection_keys)


@dataclass(frozen=True, slots=True)
class LoginState:
    """Whether a login may be tried by itself: not while another check tries it, and not when it is suspended."""

    is_held: bool
    is_suspended: bool


def _of_server(table: type[Check] | type[LoginSuspension]) -> ColumnElement[bool]:
    return and_(*(getattr(table, name) == bindparam(name) for name in ("credential_id", "db_type", "host_key", "port")))


# Made once: every check asks.
_STATE = select(
    exists().where(
        Check.status == "running",
        Check.holds_login,
        Check.deadline_at >= bindparam("alive_since"),
        Check.id != bindparam("but"),
        _of_server(Check),
    ),
    exists().where(
        _of_server(LoginSuspension),
        LoginSuspension.login_key.in_(bindparam("keys", expanding=True)),
        LoginSuspension.refusals >= TRIED_AT_MOST,
    ),
)
_FORGET = delete(LoginSuspension).where(_of_server(LoginSuspension)).execution_options(synchronize_session=False)


def look(login: LoginThere, *, but: int = 0) -> LoginState:
    """Return the state for whoever tries the login unattended; nobody else looks until the transaction ends.

    `but` is the check that asks.
    """
    hold_lock(f"login {login.credential_id} {login.server}")
    since = clock.now() - GRACE
    wanted = {**_place(login), "alive_since": since, "but": but, "keys": login.every_key}
    row = current_session().execute(_STATE, wanted).one()
    return LoginState(bool(row[0]), bool(row[1]))


def note_steps(login: LoginThere, steps: Sequence[StepFact]) -> None:
    """Note what a check tells of the login by its steps, if anything."""
    if any(one.step == "login" and one.outcome == "ok" for one in steps):
        note_accepted(login)
    elif any(one.step == "login" and one.outcome == "failed" and one.cause in REFUSALS for one in steps):
        note_refused(login)
    elif any(_is_broken(one) for one in steps) and _counts_broken_connections(login.server.db_type):
        note_broken(login)


def _is_broken(step: StepFact) -> bool:
    """Tell whether a step ended a connection before its login was decided."""
    if step.step not in _UNDECIDED or step.outcome != "failed" or step.cause is None:
        return False
    return step.cause in _BROKEN or (step.cause.startswith("tls.") and step.cause != _NOT_BEGUN)


def _counts_broken_connections(db_type: str) -> bool:
    try:
        engine = registry.find_engine(db_type)
    except StepFailed:  # without its driver nobody was dialled
        return False
    return engine is not None and engine.counts_broken_connections


def note_refused(login: LoginThere) -> None:
    """Count one refusal; with another name or password than before the count begins anew."""
    _count(login, login.keys[0], literal(login.keys[0]))


def note_broken(login: LoginThere) -> None:
    """Count a connection that ended before the login was decided, beside the refusals of the same login.

    Where there were refusals the count stays theirs: other TLS options do not make it begin anew.
    """
    table, key = LoginSuspension, login.connection_keys[0]
    _count(login, key, case((table.login_key.in_(login.keys), table.login_key), else_=key))


def _count(login: LoginThere, key: str, key_after: ColumnElement[str]) -> None:
    """Count one more, or the first one under `key`.

    A credential that has gone meanwhile is tried by nobody any more, and nothing is counted.
    """
    there = kept(select(Credential.id).where(Credential.id == login.credential_id))
    if current_session().scalar(there) is None:
        return
    first = {"login_key": key, "refusals": 1, "since": clock.now()}
    if insert_if_absent(LoginSuspension, {**_place(login), **first}):
        return
    same = LoginSuspension.login_key.in_(login.every_key)
    again = update(LoginSuspension).where(
        *(getattr(LoginSuspension, name) == value for name, value in _place(login).items())
    )
    counted = again.values(
        refusals=case((same, LoginSuspension.refusals + 1), else_=1),
        since=case((same, LoginSuspension.since), else_=first["since"]),
        login_key=key_after,
    )
    current_session().execute(counted, execution_options={"synchronize_session": False})


def note_accepted(login: LoginThere) -> None:
    """Forget what was refused: the server has taken the login."""
    current_session().execute(_FORGET, _place(login))


def _place(login: LoginThere) -> dict[str, Any]:
    server = {"db_type": login.server.db_type, "host_key": login.server.host_key, "port": login.server.port}
    return {"credential_id": login.credential_id, **server}
