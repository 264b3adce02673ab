"""Sessions on the server: the cookie holds an opaque id, the table only its hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from app.core import clock, crypto
from app.core.db import current_session, snapshot
from app.core.settings import Settings
from app.domain.access import seen
from app.domain.access.permissions import actions_of
from app.domain.audit import trail
from app.models import User, UserSession

_CALLER = (
    select(User.id, User.username, User.role, UserSession.created_at, UserSession.last_seen_at)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.id_hash == bindparam("id_hash"), User.is_active)
)


@dataclass(frozen=True, slots=True)
class TokenInUse:
    """The token by which a call comes; without networks it may come from anywhere."""

    id: int
    name: str
    networks: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, read anew for every request, so that a changed role counts at once.

    A call comes by a session or by a `token`; `role` is then the weaker of the token's and its owner's.
    """

    id: int | None  # None: somebody at the machine itself, not a user
    username: str
    role: str
    session_hash: str | None = None
    token: TokenInUse | None = None

    @property
    def actions(self) -> list[str]:
        """Return what the role may do."""
        return actions_of(self.role)


class Sessions:
    """Start, find and end sessions."""

    def __init__(self, settings: Settings) -> None:
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._longest = timedelta(hours=settings.session_max_hours)

    def start(self, user: User, *, address: str) -> str:
        """Add a session to the open transaction and return its id, which nothing else ever shows."""
        moment = clock.now()
        dead = (UserSession.last_seen_at < moment - self._idle) | (UserSession.created_at < moment - self._longest)
        session = current_session()
        unlocked = select(UserSession.id_hash).where(dead).with_for_update(skip_locked=True)
        session.execute(delete(UserSession).where(UserSession.id_hash.in_(unlocked)))
        token = crypto.new_token()
        session.add(
            UserSession(
                id_hash=crypto.token_hash(token),
                user_id=user.id,
                address=address,
                created_at=moment,
                last_seen_at=moment,
            )
        )
        session.flush()
        return token

    def find_caller(self, token: str) -> Caller | None:
        """Return whose live session this is, in one statement; opens its own snapshot.

        That the session was seen is written at most once a minute; it never fails the call, nor delays it.
        """
        id_hash = crypto.token_hash(token)
        with snapshot() as session:
            row = session.connection().execute(_CALLER, {"id_hash": id_hash}).one_or_none()
        if row is None or not self._lives(row.created_at, row.last_seen_at):
            return None
        was_seen = update(UserSession).where(UserSession.id_hash == id_hash).values(last_seen_at=clock.now())
        seen.note(row.last_seen_at, was_seen, what="session")
        return Caller(row.id, row.username, row.role, id_hash)

    def _lives(self, created_at: datetime, last_seen_at: datetime) -> bool:
        moment = clock.now()
        return moment - last_seen_at <= self._idle and moment - created_at <= self._longest


def log_out(caller: Caller) -> bool:
    """End the session of a caller in the open transaction and record that; false for a caller who has none."""
    if caller.session_hash is None:
        return False
    end(caller.session_hash)
    event = trail.Event(action="logout", entity_type="session", entity_id=caller.id, entity_name=caller.username)
    trail.record(event, operator_id=caller.id)
    return True


def end(id_hash: str) -> None:
    """Remove a session in the open transaction; its cookie is dead from then on."""
    current_session().execute(delete(UserSession).where(UserSession.id_hash == id_hash))
