"""Answers kept under the keys of their calls, so that a call that is repeated is not carried out twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from app.core import clock
from app.core.db import current_session
from app.core.errors import Unprocessable
from app.models import KeptAnswer as Row

KEPT_FOR = timedelta(hours=24)


class KeyReused(Unprocessable):
    """The key belongs to an earlier call with another body, path or query."""

    code = "error.idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer to a call, as it went out."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def find(user_id: int, key: str, *, is_same: Callable[[str], bool | None]) -> KeptAnswer | None:
    """Return the first answer under this key; `is_same` is asked with the fingerprint of that call.

    Where it cannot tell, because the key that made the fingerprint was dropped, whoever repeats the call is believed:
    to carry it out again, or to speak of another body, would be worse.

    :raises KeyReused: it answered another call.
    """
    row = current_session().scalar(
        select(Row).where(Row.user_id == user_id, Row.key == key, Row.at > clock.now() - KEPT_FOR)
    )
    if row is None:
        return None
    if is_same(row.fingerprint) is False:
        raise KeyReused
    return KeptAnswer(row.status, row.headers, row.body)


def keep(user_id: int, key: str, answer: KeptAnswer, *, fingerprint: str) -> None:
    """Keep an answer in the transaction of its change: both are there afterwards, or neither."""
    session, moment = current_session(), clock.now()
    session.execute(delete(Row).where(Row.at <= moment - KEPT_FOR))
    session.add(
        Row(
            user_id=user_id,
            key=key,
            fingerprint=fingerprint,
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.body,
            at=moment,
        )
    )
    session.flush()
