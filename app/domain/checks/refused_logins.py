"""Logins that a server refuses: counted, and after two in a row no longer tried by anybody but a person.

Servers lock accounts after so many wrong passwords. A credential that was changed on one side must cost two refusals
and not an account, however often and by how many processes it is checked.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, exists, select, update

from app.core import clock
from app.core.crypto import KeyRing
from app.core.db import current_session, hold_lock, insert_if_absent, kept
from app.domain.checks.deadlines import GRACE
from app.domain.egress.endpoint import Endpoint
from app.engines.errors import Cause
from app.models import Check, Credential, LoginSuspension

REFUSALS: frozenset[Cause] = frozenset({"login.refused", "login.account_locked", "login.blocked_after_failures"})
TRIED_AT_MOST = 2
_PURPOSE = "muster refused logins v1"


@dataclass(frozen=True, slots=True)
class LoginThere:
    """The login of a credential on one server; `keys` stand for its name and password, the active key's first."""

    credential_id: int
    server: Endpoint
    keys: tuple[str, ...]

    @classmethod
    def of(cls, credential_id: int, server: Endpoint, username: str, password: str, *, ring: KeyRing) -> "LoginThere":
        """Return the login; nothing in it tells the password."""
        text = f"{len(username)} {username} {password}"
        return cls(credential_id, server, tuple(ring.fingerprints(text, purpose=_PURPOSE)))


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
    wanted = {**_place(login), "alive_since": since, "but": but, "keys": list(login.keys)}
    row = current_session().execute(_STATE, wanted).one()
    return LoginState(bool(row[0]), bool(row[1]))


def note_refused(login: LoginThere) -> None:
    """Count one refusal; with another name or password than before the count begins anew.

    A credential that has gone meanwhile is tried by nobody any more, and nothing is counted.
    """
    there = kept(select(Credential.id).where(Credential.id == login.credential_id))
    if current_session().scalar(there) is None:
        return
    first = {"login_key": login.keys[0], "refusals": 1, "since": clock.now()}
    if insert_if_absent(LoginSuspension, {**_place(login), **first}):
        return
    same = LoginSuspension.login_key.in_(login.keys)
    again = update(LoginSuspension).where(
        *(getattr(LoginSuspension, name) == value for name, value in _place(login).items())
    )
    counted = again.values(
        refusals=case((same, LoginSuspension.refusals + 1), else_=1),
        since=case((same, LoginSuspension.since), else_=first["since"]),
        login_key=login.keys[0],
    )
    current_session().execute(counted, execution_options={"synchronize_session": False})


def note_accepted(login: LoginThere) -> None:
    """Forget what was refused: the server has taken the login."""
    current_session().execute(_FORGET, _place(login))


def _place(login: LoginThere) -> dict[str, Any]:
    server = {"db_type": login.server.db_type, "host_key": login.server.host_key, "port": login.server.port}
    return {"credential_id": login.credential_id, **server}
