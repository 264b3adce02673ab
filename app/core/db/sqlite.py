"""What the embedded database needs: durable settings, explicit BEGIN, one checkpointer, a local disk.

WAL with `synchronous=FULL`: a commit that was answered survives a power cut.
"""

import fcntl
import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from app.core.db.options import NO_WAIT, READ_ONLY, StoreUnusable
from app.core.errors import MusterError, StorageFull, Unavailable
from app.core.logging import get_logger

IN_USE = "in-use.lock"
_BUSY_MS = 15_000
_CHECKPOINT_BYTES = 4 * 1024 * 1024
_NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "fuse.ceph", "fuse.glusterfs", "fuse.sshfs", "gfs2", "glusterfs"}
    | {"gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs"}
)
_MOUNTS = Path("/proc/self/mountinfo")


def prepare_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner alone; one that is there already is narrowed to that.

    :raises StoreUnusable: it cannot be made or narrowed, or lies on a network file system.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreUnusable(f"Cannot make the data folder {folder}: {exc.strerror}. Set MUSTER_DATA_DIR.") from None
    kind = file_system(folder)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise StoreUnusable(
            f"The data folder {folder} is on a network file system ({kind}), where SQLite loses data."
            " Set MUSTER_DATA_DIR to a folder on a local disk."
        )
    _narrow(folder)


def _narrow(folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & stat.S_ISVTX:
        raise StoreUnusable(
            f"The data folder {folder} is shared by many (mode {mode:04o}). Set MUSTER_DATA_DIR to one of Muster's own."
        )
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        try:
            folder.chmod(stat.S_IRWXU)
        except OSError as exc:
            raise StoreUnusable(
                f"Others can look into the data folder {folder} (mode {mode:04o}), and that cannot be changed:"
                f" {exc.strerror}. Let its owner run `chmod 700` on it, or set MUSTER_DATA_DIR to another folder."
            ) from None


def file_system(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the type of the file system under `folder`, None where the system does not tell (no Linux)."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    best, kind = "", None
    for line in lines:
        left, _, right = line.partition(" - ")
        mount_point = left.split(" ")[4].replace("\\040", " ")
        if folder.resolve().is_relative_to(mount_point) and len(mount_point) >= len(best):
            best, kind = mount_point, right.split(" ")[0]
    return kind


def create(path: Path, *, pool_size: int) -> Engine:
    """Return an engine on the file, which is made with mode 0600 when it is missing."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # a path may hold what means something in the text of a URL
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=_BUSY_MS / 1000,
        connect_args={"timeout": _BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    # SQLite's own folds ASCII alone, so that a search for "été" would not find "ÉTÉ", as it does on PostgreSQL.
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=0",
        "journal_size_limit=0",  # a log that was checkpointed shrinks; else it would look due for ever
        "trusted_schema=ON",  # triggers keep the index of searches, which is a virtual table
    ):
        connection.execute(f"PRAGMA {pragma}")


def _lower(value: str | bytes | float | None) -> str | bytes | float | None:
    return value.lower() if isinstance(value, str) else value


def _on_begin(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    read_only = bool(connection.get_execution_options().get(READ_ONLY))
    if connection.info.get(READ_ONLY, False) != read_only:
        raw.execute(f"PRAGMA query_only={int(read_only)}")
        connection.info[READ_ONLY] = read_only
    waits = read_only or not connection.get_execution_options().get(NO_WAIT)
    if not waits:
        raw.execute("PRAGMA busy_timeout=0")
    try:
        raw.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
    finally:
        if not waits:
            raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")


def after_commit(path: Path) -> None:
    """Checkpoint when it is time; the change is committed, so that a failure is left to the next one."""
    try:
        checkpoint_if_due(path)
    except (OSError, sqlite3.Error) as exc:
        get_logger().warning("store.checkpoint_failed", kind=type(exc).__name__, reason=str(exc))


def checkpoint_if_due(path: Path) -> bool:
    """Move a long write-ahead log into the database, unless somebody else is doing it.

    Automatic checkpoints are off: only the holder of the lock file checkpoints, so never two connections at
    once. Returns whether this call did it.
    """
    try:
        if Path(f"{path}-wal").stat().st_size < _CHECKPOINT_BYTES:
            return False
    except FileNotFoundError:
        return False
    with try_lock(path.with_name("checkpoint.lock")) as mine:
        if mine:
            connection = sqlite3.connect(path, timeout=0)
            try:
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()
        return mine


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Take the lock file if it is free; yields whether it was."""
    with path.open("w", encoding="ascii") as file:
        path.chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def share(path: Path) -> int:
    """Hold the lock file together with others that share it, until the descriptor that is returned is closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def try_claim(store: Path, claim: str) -> Iterator[bool]:
    """Claim work by name, in all processes on the store; yields whether nobody else has it.

    A file that two hold for a moment, because one removes it while the other opens it, does no harm: a claim
    tells who is busy, what must not happen twice is for the transaction to see.
    """
    folder = store.with_name("claims")
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / hashlib.sha256(claim.encode()).hexdigest()
    with try_lock(path) as mine:
        try:
            yield mine
        finally:
            if mine:
                path.unlink(missing_ok=True)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Wait for the lock file and hold it."""
    with path.open("w", encoding="ascii") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def translate(error: BaseException | None) -> MusterError | None:
    """Name a failure of the store that is nobody's mistake; None for a mistake of ours."""
    if not isinstance(error, sqlite3.Error):
        return None
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull()
    if primary in {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }:
        return Unavailable()
    return None


def is_rolled_back(error: BaseException | None) -> bool:
    """Tell whether a COMMIT that failed like this has certainly left nothing behind."""
    return isinstance(translate(error), StorageFull)
