"""Which processes live, and which keys they hold: each reports itself, and counts as alive for a minute."""

import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.core import clock
from app.core.db import current_session
from app.domain.credentials.errors import KeyNotReported, KeySeals
from app.models import Process

LIVE_FOR = timedelta(seconds=60)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Identity:
    """How a process names itself to the others."""

    id: str = field(default_factory=lambda: secrets.token_hex(16))
    host: str = field(default_factory=lambda: socket.gethostname()[:255])
    pid: int = field(default_factory=os.getpid)
    started_at: datetime = field(default_factory=clock.now)


def report(who: Identity, key_ids: Sequence[str]) -> None:
    """Write into the open transaction that the process lives, and its key ring, the sealing key first."""
    session, now = current_session(), clock.now()
    values = {"seen_at": now, "key_ids": list(key_ids)}
    known = session.execute(update(Process).where(Process.process_id == who.id).values(values)).rowcount  # type: ignore[attr-defined]
    if not known:
        session.execute(delete(Process).where(Process.seen_at < now - _KEPT))
        session.add(Process(process_id=who.id, host=who.host, pid=who.pid, started_at=who.started_at, **values))
        session.flush()


def leave(who: Identity) -> None:
    """Take the process out, in the open transaction."""
    current_session().execute(delete(Process).where(Process.process_id == who.id))


def list_live() -> Sequence[Process]:
    """Return the processes that were seen within the last minute."""
    live = select(Process).where(Process.seen_at >= clock.now() - LIVE_FOR)
    return current_session().scalars(live.order_by(Process.host, Process.pid)).all()


def refuse_unreported(key_id: str) -> None:
    """Look whether every live process holds a key, so that what it seals opens everywhere.

    :raises KeyNotReported: naming those that do not.
    """
    without = [one for one in list_live() if key_id not in one.key_ids]
    if without:
        raise KeyNotReported(params={"id": key_id, "processes": _named(without)})


def refuse_sealing(key_id: str) -> None:
    """Look whether any live process still seals with a key.

    :raises KeySeals: naming those that do.
    """
    sealing = [one for one in list_live() if one.key_ids[0] == key_id]
    if sealing:
        raise KeySeals(params={"id": key_id, "processes": _named(sealing)})


def _named(processes: Sequence[Process]) -> str:
    return ", ".join(f"{one.pid}@{one.host}" for one in processes)
