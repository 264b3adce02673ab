"""Every SELECT on users."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core.db import current_session
from app.domain.access.errors import UserNotFound
from app.models import User


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


def list_all() -> Sequence[User]:
    """Return all users by name."""
    return current_session().scalars(select(User).order_by(User.username)).all()


def count_all() -> int:
    """Return how many users there are."""
    return current_session().scalar(select(func.count()).select_from(User)) or 0


def list_active_admins() -> Sequence[User]:
    """Return the administrators who can log in; on PostgreSQL the rows are locked until the transaction ends."""
    admins = select(User).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
    return current_session().scalars(admins).all()
