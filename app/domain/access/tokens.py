"""Whose token a call brings, and whether it counts."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from sqlalchemy import bindparam, select, update

from app.core import clock, crypto
from app.core.db import snapshot
from app.core.logging import get_logger
from app.domain.access import seen
from app.domain.access.errors import (
    TokenExpired,
    TokenFromElsewhere,
    TokenMalformed,
    TokenRefused,
    TokenUnknown,
)
from app.domain.access.permissions import weaker
from app.domain.access.sessions import Caller, TokenInUse
from app.domain.access.token_text import is_well_formed
from app.models import ApiToken, User

_SCHEME = "bearer"
_CALLER = (
    select(
        ApiToken.id.label("token_id"),
        ApiToken.name,
        ApiToken.role.label("granted"),
        ApiToken.networks,
        ApiToken.expires_at,
        ApiToken.last_used_at,
        User.id,
        User.username,
        User.role,
    )
    .join(User, User.id == ApiToken.user_id)
    .where(ApiToken.secret_hash == bindparam("secret_hash"), User.is_active)
)


def find_caller(authorization: str, *, address: str) -> Caller:
    """Return who calls with this header, in one statement; opens its own snapshot.

    What cannot be a token is not looked for. The role is the weaker of the token's and of its owner's, as they are
    now. That the token was used is written at most once a minute; it never fails the call, nor delays it.

    :raises TokenMalformed: the header holds nothing that could be a token.
    :raises TokenUnknown: there is no such token, or its owner is disabled.
    :raises TokenExpired: it has expired.
    :raises TokenFromElsewhere: it may not be used from this address.
    """
    scheme, _, secret = authorization.partition(" ")
    found: Any = None
    may_be_one = scheme.lower() == _SCHEME and is_well_formed(secret.strip())
    if may_be_one:
        with snapshot() as session:
            values = {"secret_hash": crypto.token_hash(secret.strip())}
            found = session.execute(_CALLER, values).one_or_none()
    refusal = _refusal(found, address) if may_be_one else TokenMalformed
    if refusal is not None:
        which = {"id": found.token_id, "name": found.name} if found else {}
        get_logger().warning("token.refused", reason=refusal.code, token_id=which.get("id"), address=address)
        raise refusal(params=which)
    was_used = update(ApiToken).where(ApiToken.id == found.token_id).values(last_used_at=clock.now())
    seen.note(found.last_used_at, was_used, what="token")
    token = TokenInUse(found.token_id, found.name, tuple(found.networks), found.expires_at)
    return Caller(found.id, found.username, weaker(found.granted, found.role), token=token)


def _refusal(found: Any, address: str) -> type[TokenRefused] | None:  # noqa: ANN401 - a row of the statement above
    if found is None:
        return TokenUnknown
    if found.expires_at <= clock.now():
        return TokenExpired
    return TokenFromElsewhere if found.networks and not is_inside(address, found.networks) else None


def is_inside(address: str, networks: list[str] | tuple[str, ...]) -> bool:
    """Tell whether an address lies in one of the networks; an IPv4 address counts as such in IPv6 clothes too."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in ip_network(network) for network in networks)
