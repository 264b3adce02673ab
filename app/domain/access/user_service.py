"""Change the table of users. Flushes, never commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import current_session, hold_lock, is_open
from app.domain.access import repository
from app.domain.access.commands import CreateUser, SetPassword
from app.domain.access.errors import LastAdmin, UsernameTaken
from app.domain.access.passwords import Passwords
from app.domain.access.permissions import Role
from app.domain.audit import trail
from app.models import User, UserSession


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user who is ready to be added: everything is checked, the password is hashed."""

    username: str
    role: Role
    password_hash: str = field(repr=False)


class UserWriteService:
    """Create users, give them roles and passwords.

    Hashing takes long, so it comes first and by itself: `ready` and `hashed` before a transaction is open,
    what takes their results within one.
    """

    def __init__(self, *, passwords: Passwords) -> None:
        self._passwords = passwords

    def ready(self, payload: CreateUser | Mapping[str, Any]) -> NewUser:
        """Check what came in about a new user and hash the password.

        :raises Invalid: a field is missing or wrong.
        :raises TooMany: too many hashes are waiting.
        """
        command = CreateUser.parse(payload)
        return NewUser(command.username, command.role, self._hash(command.password))

    def hashed(self, payload: SetPassword | Mapping[str, Any]) -> str:
        """Check another password and hash it.

        :raises Invalid: the password is too short or too long.
        :raises TooMany: too many hashes are waiting.
        """
        return self._hash(SetPassword.parse(payload).password)

    def _hash(self, password: SecretStr) -> str:
        if is_open():
            raise RuntimeError("hash before the transaction is open: it would keep all other writers waiting")
        return self._passwords.hash(password.get_secret_value())

    def create(self, new: NewUser, *, operator_id: int | None = None) -> User:
        """Add a user.

        :raises UsernameTaken: another user has the name.
        """
        if repository.find_by_name(new.username) is not None:
            raise UsernameTaken(params={"name": new.username})
        user = User(username=new.username, password_hash=new.password_hash, role=new.role)
        session = current_session()
        session.add(user)
        try:
            session.flush()
        except IntegrityError:
            raise UsernameTaken(params={"name": new.username}) from None
        after = {"username": user.username, "role": user.role, "is_active": True, "password": trail.SECRET}
        self._record("create", user, trail.difference({}, after), operator_id)
        return user

    def set_password(self, username: str, password_hash: str, *, operator_id: int | None = None) -> User:
        """Give a user another password, which `hashed` has made, and end all of the user's sessions.

        :raises UserNotFound: no user has the name.
        """
        user = repository.get_for_update(username)
        user.password_hash = password_hash
        _touch(user)
        current_session().execute(delete(UserSession).where(UserSession.user_id == user.id))
        self._record("set_password", user, [{"field": "password", "secret": True}], operator_id)
        return user

    def set_role(self, username: str, role: Role, *, operator_id: int | None = None) -> User:
        """Give a user another role; it counts from the user's next request on.

        :raises UserNotFound: no user has the name.
        :raises LastAdmin: nobody would be left who may manage users.
        """
        hold_lock("administrators")  # or two who demote each other would wait for each other
        user = repository.get_for_update(username)
        if user.role == role:
            return user
        if user.role == "admin" and [admin.id for admin in repository.list_active_admins()] == [user.id]:
            raise LastAdmin(params={"name": username})
        changes = trail.difference({"role": user.role}, {"role": role})
        user.role = role
        _touch(user)
        self._record("set_role", user, changes, operator_id)
        return user

    @staticmethod
    def _record(action: str, user: User, changes: list[dict[str, Any]], operator_id: int | None) -> None:
        event = trail.Event(
            action=action, entity_type="user", entity_id=user.id, entity_name=user.username, changes=changes
        )
        current_session().flush()
        trail.record(event, operator_id=operator_id)


def _touch(user: User) -> None:
    user.version += 1
    user.updated_at = clock.now()
