"""Change the table of users. Flushes, never commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import current_session
from app.core.fields import Command
from app.domain.access import repository
from app.domain.access.commands import CreateUser, SetPassword
from app.domain.access.errors import LastAdmin, UsernameTaken
from app.domain.access.passwords import Passwords
from app.domain.access.permissions import Role
from app.domain.audit import trail
from app.models import User, UserSession


class UserWriteService:
    """Create users, give them roles and passwords."""

    def __init__(self, *, passwords: Passwords) -> None:
        self._passwords = passwords

    def create(self, payload: CreateUser | Mapping[str, Any], *, operator_id: int | None = None) -> User:
        """Add a user.

        :raises Invalid: a field is missing or wrong.
        :raises UsernameTaken: another user has the name.
        """
        command = CreateUser.parse(payload)
        if repository.find_by_name(command.username) is not None:
            raise UsernameTaken(params={"name": command.username})
        user = User(
            username=command.username,
            password_hash=self._passwords.hash(command.password.get_secret_value()),
            role=command.role,
        )
        session = current_session()
        session.add(user)
        try:
            session.flush()
        except IntegrityError:
            raise UsernameTaken(params={"name": command.username}) from None
        after = {"username": user.username, "role": user.role, "is_active": True, "password": trail.SECRET}
        self._record("create", user, trail.difference({}, after), operator_id)
        return user

    def set_password(
        self, username: str, payload: Command | Mapping[str, Any], *, operator_id: int | None = None
    ) -> User:
        """Give a user another password and end all of the user's sessions.

        :raises UserNotFound: no user has the name.
        :raises Invalid: the password is too short or too long.
        """
        command = SetPassword.parse(payload)  # type: ignore[arg-type]
        user = repository.get_by_name(username)
        user.password_hash = self._passwords.hash(command.password.get_secret_value())
        _touch(user)
        current_session().execute(delete(UserSession).where(UserSession.user_id == user.id))
        self._record("set_password", user, [{"field": "password", "secret": True}], operator_id)
        return user

    def set_role(self, username: str, role: Role, *, operator_id: int | None = None) -> User:
        """Give a user another role; it counts from the user's next request on.

        :raises UserNotFound: no user has the name.
        :raises LastAdmin: nobody would be left who may manage users.
        """
        user = repository.get_by_name(username)
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
