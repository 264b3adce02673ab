"""Change the table of users. Flushes, never commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.core.db import current_session, is_open, moment
from app.domain.access import repository
from app.domain.access.commands import CreateUser, SetPassword, UpdateUser
from app.domain.access.errors import LastAdmin, UsernameTaken
from app.domain.access.passwords import Passwords
from app.domain.access.permissions import Role
from app.domain.access.token_service import revoke_all_of
from app.domain.audit import trail
from app.models import User, UserSession


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user who is ready to be added: everything is checked, the password is hashed."""

    username: str
    role: Role
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserChange:
    """What shall change of a user; None stays as it is."""

    username: str | None
    role: Role | None
    password_hash: str | None = field(repr=False)


class UserWriteService:
    """Create users, give them roles and passwords, shut them out.

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

    def prepared(self, payload: UpdateUser | Mapping[str, Any]) -> UserChange:
        """Check what shall change of a user and hash the password, where there is one.

        :raises Invalid: a field is wrong.
        :raises TooMany: too many hashes are waiting.
        """
        command = UpdateUser.parse(payload)
        password_hash = None if command.password is None else self._hash(command.password)
        return UserChange(command.username, command.role, password_hash)

    def update(self, user_id: int, change: UserChange, *, operator_id: int | None = None) -> User:
        """Change name, role or password of a user; another password ends all of the user's sessions.

        :raises UserNotFound: no user has the id.
        :raises UsernameTaken: another user has the name.
        :raises LastAdmin: nobody would be left who may manage users.
        """
        user = _locked(user_id)
        before = {"username": user.username, "role": user.role}
        after = {"username": change.username or user.username, "role": change.role or user.role}
        changes = trail.difference(before, after)
        if changes:
            if after["role"] != user.role:
                _keep_an_admin(user)
            self._rename(user, after["username"])
            user.role = after["role"]
            _touch(user)
            self._record("update", user, changes, operator_id)
        if change.password_hash is not None:
            self._replace_password(user, change.password_hash, operator_id)
        return user

    def disable(self, user_id: int, *, operator_id: int | None = None) -> User:
        """Shut a user out: all sessions and all tokens end, for good. One who is disabled stays as is.

        :raises UserNotFound: no user has the id.
        :raises LastAdmin: nobody would be left who may manage users.
        """
        user = _locked(user_id)
        if user.is_active:
            _keep_an_admin(user)
            end_sessions(user)
            revoke_all_of(user, operator_id=operator_id)
            self._set_active(user, is_active=False, operator_id=operator_id)
        return user

    def enable(self, user_id: int, *, operator_id: int | None = None) -> User:
        """Let a disabled user in again; what ended with the disabling stays at its end.

        :raises UserNotFound: no user has the id.
        """
        user = _locked(user_id)
        if not user.is_active:
            self._set_active(user, is_active=True, operator_id=operator_id)
        return user

    def _set_active(self, user: User, *, is_active: bool, operator_id: int | None) -> None:
        changes = trail.difference({"is_active": user.is_active}, {"is_active": is_active})
        user.is_active = is_active
        _touch(user)
        self._record("enable" if is_active else "disable", user, changes, operator_id)

    @staticmethod
    def _rename(user: User, username: str) -> None:
        if username == user.username:
            return
        if repository.find_by_name(username) is not None:
            raise UsernameTaken(params={"name": username})
        user.username = username
        try:
            current_session().flush()
        except IntegrityError:
            raise UsernameTaken(params={"name": username}) from None

    def set_password(self, username: str, password_hash: str, *, operator_id: int | None = None) -> User:
        """Give a user another password, which `hashed` has made, and end all of the user's sessions.

        :raises UserNotFound: no user has the name.
        """
        user = repository.get_for_update(username)
        self._replace_password(user, password_hash, operator_id)
        return user

    def _replace_password(self, user: User, password_hash: str, operator_id: int | None) -> None:
        user.password_hash = password_hash
        _touch(user)
        end_sessions(user)
        self._record("set_password", user, [{"field": "password", "secret": True}], operator_id)

    def set_role(self, username: str, role: Role, *, operator_id: int | None = None) -> User:
        """Give a user another role; it counts from the user's next request on.

        :raises UserNotFound: no user has the name.
        :raises LastAdmin: nobody would be left who may manage users.
        """
        user = _locked(repository.get_by_name(username).id)
        if user.role == role:
            return user
        _keep_an_admin(user)
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


def _locked(user_id: int) -> User:
    """Return a user whom nobody else changes now; the administrators are locked first, in one order for all callers."""
    repository.list_active_admins()
    return repository.get_locked(user_id)


def _keep_an_admin(user: User) -> None:
    if user.role == "admin" and [admin.id for admin in repository.list_active_admins()] == [user.id]:
        raise LastAdmin(params={"name": user.username})


def end_sessions(user: User) -> None:
    """End all sessions of a user in the open transaction."""
    current_session().execute(delete(UserSession).where(UserSession.user_id == user.id))


def _touch(user: User) -> None:
    user.version += 1
    user.updated_at = moment()
