"""Every SELECT on users."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.db import current_session
from app.domain.access.errors import UserNotFound
from app.models import User


@dataclass(frozen=True, slots=True)
class UserPage:
    """Some users by name, and how many there are in all."""

    items: Sequence[User]
    total: int


def find_by_name(username: str) -> User | None:
    """Return the user of this name."""
    return current_session().scalar(select(User).where(User.username == username))


def find_for_update(username: str) -> User | None:
    """Return the user of this name as it is now; it stays so until the transaction ends."""
    locked = select(User).where(User.username == username).with_for_update()
    return current_session().scalar(locked.execution_options(populate_existing=True))


def get_for_update(username: str) -> User:
    """Return the user of this name as it is now; it stays so until the transaction ends.

    :raises UserNotFound: there is none.
    """
    return _present(find_for_update(username), username)


def get_by_name(username: str) -> User:
    """Return the user of this name.

    :raises UserNotFound: there is none.
    """
    return _present(find_by_name(username), username)


def _present(user: User | None, username: str) -> User:
    if user is None:
        raise UserNotFound(params={"name": username})
    return user


def get(user_id: int) -> User:
    """Return the user of this id.

    :raises UserNotFound: there is none.
    """
    return _found(current_session().get(User, user_id), user_id)


def get_kept(user_id: int) -> User:
    """Return the user of this id as it is now; nobody changes it until the transaction ends.

    :raises UserNotFound: there is none.
    """
    kept = {"read": True}
    return _found(current_session().get(User, user_id, with_for_update=kept, populate_existing=True), user_id)


def get_locked(user_id: int) -> User:
    """Return the user of this id as it is now; on PostgreSQL the row is locked until the transaction ends.

    :raises UserNotFound: there is none.
    """
    return _found(current_session().get(User, user_id, with_for_update=True, populate_existing=True), user_id)


def _found(user: User | None, user_id: int) -> User:
    if user is None:
        raise UserNotFound(params={"name": user_id})
    return user


def list_page(*, search: str | None, offset: int, limit: int) -> UserPage:
    """Return some users by name; `search` is a part of the name."""
    matches = [User.username.icontains(search, autoescape=True)] if search else []
    session = current_session()
    total = session.scalar(select(func.count()).select_from(User).where(*matches)) or 0
    rows = select(User).where(*matches).order_by(User.username).offset(offset).limit(limit)
    return UserPage(session.scalars(rows).all(), total)


def list_all() -> Sequence[User]:
    """Return all users by name."""
    return current_session().scalars(select(User).order_by(User.username)).all()


def count_all() -> int:
    """Return how many users there are."""
    return current_session().scalar(select(func.count()).select_from(User)) or 0


def list_active_admins() -> Sequence[User]:
    """Return the administrators who can log in; on PostgreSQL the rows are locked until the transaction ends.

    They are locked in one order, whoever asks, so that two callers never wait for each other.
    """
    admins = select(User).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
    return current_session().scalars(admins).all()
