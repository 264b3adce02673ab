"""Every SELECT on tokens, but the one that finds a caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.core import clock
from app.core.db import current_session, kept
from app.domain.access.errors import TokenNotFound, TokenUnknown
from app.domain.access.permissions import weaker
from app.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class OwnedToken:
    """A token and its owner."""

    token: ApiToken
    owner: User


@dataclass(frozen=True, slots=True)
class TokenPage:
    """Some tokens, the newest first, and how many there are in all."""

    items: Sequence[OwnedToken]
    total: int


def described(owned: OwnedToken) -> dict[str, Any]:
    """Return what may be told of a token: its fields but for the hash, its owner, and what it counts for now."""
    token, owner = owned.token, owned.owner
    status = "active" if owner.is_active else "owner_disabled"
    plain = ("id", "name", "role", "networks", "created_at", "expires_at", "last_used_at", "parent_id")
    return {
        **{name: getattr(token, name) for name in plain},
        "owner": {"id": owner.id, "username": owner.username},
        "effective_role": weaker(token.role, owner.role),
        "status": "expired" if token.expires_at <= clock.now() else status,
    }


def get(token_id: int, *, owner_id: int | None) -> OwnedToken:
    """Return a token; with `owner_id` only one of this owner.

    :raises TokenNotFound: there is none.
    """
    which = [ApiToken.id == token_id, *_of(owner_id)]
    found = current_session().execute(select(ApiToken, User).join(User, User.id == ApiToken.user_id).where(*which))
    row = found.one_or_none()
    if row is None:
        raise TokenNotFound(params={"id": token_id})
    return OwnedToken(*row)


def list_page(*, owner_id: int | None, search: str | None, offset: int, limit: int) -> TokenPage:
    """Return some tokens; `search` is a part of the name of the token or of its owner."""
    which = _of(owner_id)
    if search:
        names = (ApiToken.name, User.username)
        which.append(or_(*(name.icontains(search, autoescape=True) for name in names)))
    session = current_session()
    owned = select(ApiToken, User).join(User, User.id == ApiToken.user_id).where(*which)
    counted = select(func.count()).select_from(ApiToken).join(User, User.id == ApiToken.user_id).where(*which)
    rows = session.execute(owned.order_by(ApiToken.id.desc()).offset(offset).limit(limit))
    return TokenPage([OwnedToken(*row) for row in rows], session.scalar(counted) or 0)


def has_name(owner_id: int, name: str) -> bool:
    """Tell whether the owner has a token of this name."""
    which = (ApiToken.user_id == owner_id, ApiToken.name == name)
    return current_session().scalar(select(ApiToken.id).where(*which)) is not None


def keep(token_id: int) -> None:
    """Keep a token from being revoked until the open transaction ends.

    :raises TokenUnknown: it was revoked already.
    """
    if current_session().scalar(kept(select(ApiToken.id).where(ApiToken.id == token_id))) is None:
        raise TokenUnknown


def list_descendants(token_id: int) -> Sequence[ApiToken]:
    """Return the tokens that were made by this one, and by those."""
    made = select(ApiToken.id).where(ApiToken.parent_id == token_id).cte("made", recursive=True)
    made = made.union_all(select(ApiToken.id).where(ApiToken.parent_id == made.c.id))
    which = ApiToken.id.in_(select(made.c.id))
    return current_session().scalars(select(ApiToken).where(which).order_by(ApiToken.id)).all()


def list_of(owner_id: int) -> Sequence[ApiToken]:
    """Return all tokens of a user."""
    return current_session().scalars(select(ApiToken).where(*_of(owner_id)).order_by(ApiToken.id)).all()


def _of(owner_id: int | None) -> list[ColumnElement[bool]]:
    return [] if owner_id is None else [ApiToken.user_id == owner_id]
