"""How often a login may fail: rows of ours, counted before any password is hashed.

Per name and address, and per address. Failures of one name from many addresses only slow the answer, so that
nobody can lock an owner out from elsewhere. A name that nobody has is treated like any other, or the difference
would tell. An attempt counts from its start until it succeeds, so that many at once cannot pass together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, delete, func, select

from app.core import clock
from app.core.db import current_session, hold_lock
from app.core.errors import TooMany
from app.core.settings import Settings
from app.models import LoginFailure

_SLOW_FROM = 10  # failures of one name from anywhere within the window
_SLOW_STEP_S, _SLOW_MOST_S = 0.1, 2.0
_IPV6_SITE = 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login that is being tried; `delay_s` is how long its answer has to wait."""

    id: int
    name_keys: tuple[str, ...]
    address: str
    delay_s: float


class Throttle:
    """Count attempts against the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._window = timedelta(minutes=settings.login_window_minutes)
        self._per_user = settings.login_failures_per_user
        self._per_address = settings.login_failures_per_address

    def begin(self, *, name_keys: Sequence[str], address: str) -> Attempt:
        """Count one attempt in the open transaction.

        `name_keys` are the fingerprints of the name that was typed, one a key of the ring, the active key's first:
        what was counted under another key counts on.

        :raises TooMany: the address, or the name from this address, has failed too often.
        """
        session, since, place = current_session(), clock.now() - self._window, site(address)
        hold_lock(f"logins from {place}")
        old = select(LoginFailure.id).where(LoginFailure.at < since).with_for_update(skip_locked=True)
        session.execute(delete(LoginFailure).where(LoginFailure.id.in_(old)))
        mine, here = LoginFailure.name_key.in_(name_keys), LoginFailure.address == place
        self._refuse_over(self._per_address, here)
        self._refuse_over(self._per_user, mine, here)
        everywhere = session.scalar(select(func.count()).select_from(LoginFailure).where(mine)) or 0
        delay_s = min(max(0, everywhere - _SLOW_FROM) * _SLOW_STEP_S, _SLOW_MOST_S)
        row = LoginFailure(name_key=name_keys[0], address=place, at=clock.now())
        session.add(row)
        session.flush()
        return Attempt(row.id, tuple(name_keys), place, delay_s)

    def _refuse_over(self, limit: int, *which: ColumnElement[bool]) -> None:
        statement = select(func.count(), func.min(LoginFailure.at)).where(*which)
        count, oldest = current_session().execute(statement.select_from(LoginFailure)).one()
        if count >= limit:
            raise TooMany(retry_after_s=self._seconds_until(oldest))

    def _seconds_until(self, oldest: datetime) -> int:
        return max(1, int((oldest + self._window - clock.now()).total_seconds()) + 1)

    @staticmethod
    def forget(attempt: Attempt) -> None:
        """Take back an attempt that came to no answer."""
        current_session().execute(delete(LoginFailure).where(LoginFailure.id == attempt.id))

    @staticmethod
    def succeed(attempt: Attempt) -> None:
        """Forget the attempt and all failures of its name from its address."""
        mine = LoginFailure.name_key.in_(attempt.name_keys) & (LoginFailure.address == attempt.address)
        current_session().execute(delete(LoginFailure).where(mine))


def site(address: str) -> str:
    """Return what counts as one address: an IPv4 address, a /64 of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)
