"""Logins that a server refuses: counted, and after two in a row no longer tried by anybody but a person.

Servers lock accounts after so many wrong passwords. A credential that was changed on one side must cost two refusals
and not an account, however often and by how many processes it is checked.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, delete, exists, select, update

from app.core import clock
from app.core.crypto import KeyRing
from app.core.db import current_session, hold_lock, insert_if_absent
from app.domain.checks.deadlines import is_alive
from app.domain.egress.endpoint import Endpoint
from app.engines.errors import Cause
from app.models import Check, LoginSuspension

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


def look(login: LoginThere, *, but: int = 0) -> LoginState:
    """Return the state for whoever tries the login unattended; nobody else looks until the transaction ends.

    `but` is the check that asks.
    """
    hold_lock(f"login {login.credential_id} {login.server}")
    held = exists().where(
        Check.status == "running",
        Check.holds_login,
        is_alive(clock.now()),
        Check.credential_id == login.credential_id,
        Check.db_type == login.server.db_type,
        Check.host_key == login.server.host_key,
        Check.port == login.server.port,
        Check.id != but,
    )
    suspended = exists().where(
        _row_of(login), LoginSuspension.login_key.in_(login.keys), LoginSuspension.refusals >= TRIED_AT_MOST
    )
    row = current_session().execute(select(held, suspended)).one()
    return LoginState(bool(row[0]), bool(row[1]))


def note_refused(login: LoginThere) -> None:
    """Count one refusal; with another name or password than before the count begins anew."""
    first = {"login_key": login.keys[0], "refusals": 1, "since": clock.now()}
    server = {"db_type": login.server.db_type, "host_key": login.server.host_key, "port": login.server.port}
    if insert_if_absent(LoginSuspension, {"credential_id": login.credential_id, **server, **first}):
        return
    same = LoginSuspension.login_key.in_(login.keys)
    current_session().execute(
        update(LoginSuspension)
        .where(_row_of(login))
        .values(
            refusals=case((same, LoginSuspension.refusals + 1), else_=1),
            since=case((same, LoginSuspension.since), else_=first["since"]),
            login_key=login.keys[0],
        )
        .execution_options(synchronize_session=False)
    )


def note_accepted(login: LoginThere) -> None:
    """Forget what was refused: the server has taken the login."""
    current_session().execute(
        delete(LoginSuspension).where(_row_of(login)).execution_options(synchronize_session=False)
    )


def _row_of(login: LoginThere) -> ColumnElement[bool]:
    return and_(
        LoginSuspension.credential_id == login.credential_id,
        LoginSuspension.db_type == login.server.db_type,
        LoginSuspension.host_key == login.server.host_key,
        LoginSuspension.port == login.server.port,
    )
