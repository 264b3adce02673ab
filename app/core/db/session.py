"""The write transaction, the read snapshot, and the ambient session of whichever is open."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from app.core import clock
from app.core.db import postgresql, sqlite
from app.core.db.options import NO_WAIT, READ_ONLY
from app.core.db.turns import NoTurns, Turns
from app.core.errors import Conflict, Unavailable


class NoTransaction(RuntimeError):
    """The ambient session was asked for outside of `transaction()` and `snapshot()`."""


class CommitOutcomeUnknown(Unavailable):
    """The store failed while it committed: the change may be there or not."""

    code = "error.outcome_unknown"

    def __init__(self) -> None:
        super().__init__(extra={"outcome": "unknown"})


class StillRunning(Conflict):
    """The same call is being carried out right now; ask again when it has ended."""

    code = "error.still_running"


_MOMENT = "muster_moment"
_ambient: ContextVar[Session | None] = ContextVar("muster_session", default=None)


class Database:
    """One store, a file or a database of a server: opens write transactions and read snapshots.

    At most one of them is open in a thread.
    """

    def __init__(self, place: Path | URL, *, pool_size: int = 8) -> None:
        self.place = place
        self._in_use: int | None = None
        if isinstance(place, Path):
            self.engine: Engine = sqlite.create(place, pool_size=pool_size)
            self._turns = Turns()
            self._translate, self._is_rolled_back = sqlite.translate, sqlite.is_rolled_back
        else:
            self.engine = postgresql.create(place, pool_size=pool_size)
            self._turns = NoTurns()
            self._translate, self._is_rolled_back = postgresql.translate, postgresql.is_rolled_back
        reading = self.engine.execution_options(**{READ_ONLY: True})
        at_once = self.engine.execution_options(**{NO_WAIT: True})
        self._writes = sessionmaker(self.engine, expire_on_commit=False)
        self._writes_at_once = sessionmaker(at_once, expire_on_commit=False)
        self._reads = sessionmaker(reading, autoflush=False)

    @property
    def path(self) -> Path:
        """Return the file of an embedded store."""
        if not isinstance(self.place, Path):
            raise TypeError("the store is no file")
        return self.place

    def mark_in_use(self) -> None:
        """Keep an embedded store from being replaced until it is closed; who uses a server, the server knows."""
        if self._in_use is None and isinstance(self.place, Path):
            self._in_use = sqlite.share(self.path.with_name(sqlite.IN_USE))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self._in_use is not None:
            os.close(self._in_use)
            self._in_use = None

    @contextmanager
    def transaction(self, *, wait: bool = True, commit: bool = True, claim: str | None = None) -> Iterator[Session]:
        """Open the one write transaction of this thread; commits at the end, rolls everything back on any error.

        `wait=False` is for what may as well be left undone: it does not queue behind another writer.
        `commit=False` writes everything, so that the store has its say, and then takes it back.
        `claim` names work that only one may be doing at a time, in all processes; it ends with the transaction.

        :raises StillRunning: somebody else holds the claim.
        :raises StorageFull: the disk is full; nothing was written.
        :raises Unavailable: the store is locked for too long or does not answer.
        :raises CommitOutcomeUnknown: it failed during COMMIT.
        """
        _check_nothing_is_open()
        sessions = self._writes if wait else self._writes_at_once
        with self._claimed(claim), self._turns.taken(wait=wait), self._scope(sessions) as session:
            if claim is not None and not isinstance(self.place, Path) and not postgresql.try_claim(session, claim):
                raise StillRunning
            yield session
            session.flush()
            if not commit:
                session.rollback()
                return
            self._commit(session)
        if isinstance(self.place, Path):
            sqlite.after_commit(self.place)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Open a read-only view of one moment; ends without COMMIT. A write in it is refused by the store.

        :raises Unavailable: the store does not answer.
        """
        _check_nothing_is_open()
        with self._scope(self._reads) as session:
            yield session

    @contextmanager
    def _claimed(self, claim: str | None) -> Iterator[None]:
        """Hold the claim on an embedded store, whose writers would otherwise queue before they can look."""
        if claim is None or not isinstance(self.place, Path):
            yield
            return
        with sqlite.try_claim(self.place, claim) as mine:
            if not mine:
                raise StillRunning
            yield

    @contextmanager
    def _scope(self, sessions: sessionmaker[Session]) -> Iterator[Session]:
        session = sessions()
        token = _ambient.set(session)
        try:
            yield session
        except (DBAPIError, sqlite3.Error) as exc:
            session.rollback()
            raise self._translate(_original(exc)) or exc from exc
        except PoolTimeout as exc:
            raise Unavailable from exc
        finally:
            _ambient.reset(token)
            session.close()

    def _commit(self, session: Session) -> None:
        try:
            session.commit()
        except (DBAPIError, sqlite3.Error) as exc:
            session.invalidate()  # closes the connection, which may still hold the write lock
            known = self._translate(_original(exc))
            if known is not None and self._is_rolled_back(_original(exc)):
                raise known from exc
            raise CommitOutcomeUnknown from exc


def _check_nothing_is_open() -> None:
    if _ambient.get() is not None:
        raise RuntimeError("a transaction or snapshot is open already; end it first")


def _original(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


_installed: Database | None = None


def install(database: Database) -> None:
    """Make `database` the one that `transaction()` and `snapshot()` of this process use."""
    global _installed  # noqa: PLW0603 - one store a process, set by the composition root
    _installed = database


def _database() -> Database:
    if _installed is None:
        raise NoTransaction("no store is installed; app.bootstrap does it")
    return _installed


def transaction(*, wait: bool = True, commit: bool = True, claim: str | None = None) -> AbstractContextManager[Session]:
    """Open a write transaction on the installed store; see `Database.transaction`."""
    return _database().transaction(wait=wait, commit=commit, claim=claim)


def snapshot() -> AbstractContextManager[Session]:
    """Open a read-only view of the installed store; see `Database.snapshot`."""
    return _database().snapshot()


@contextmanager
def outside() -> Iterator[Session]:
    """Look from outside of the open transaction, at what is committed; it goes on as it was."""
    token = _ambient.set(None)
    try:
        with snapshot() as session:
            yield session
    finally:
        _ambient.reset(token)


def is_open() -> bool:
    """Tell whether a transaction or a snapshot is open in this thread."""
    return _ambient.get() is not None


def current_session() -> Session:
    """Return the session of the open transaction or snapshot.

    :raises NoTransaction: none is open.
    """
    session = _ambient.get()
    if session is None:
        raise NoTransaction("open core.db.transaction() or core.db.snapshot() first")
    return session


def moment() -> datetime:
    """Return the one time of the open transaction, that of its first write: what is written together happened together.

    :raises NoTransaction: none is open.
    """
    known = current_session().info
    if _MOMENT not in known:
        known[_MOMENT] = clock.now()
    found: datetime = known[_MOMENT]
    return found
