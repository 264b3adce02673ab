"""What a PostgreSQL server needs: explicit BEGIN with its timeouts, a lock for starts, errors by SQLSTATE.

SQLAlchemy loads the driver by the name in the URL; nothing here imports it.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.db.options import NO_WAIT, READ_ONLY, UNHURRIED, StoreUnusable
from app.core.errors import MusterError, StorageFull, Unavailable

APPLICATION = "muster"
_WAIT_MS = 15_000
_LONGEST_MS = 60_000
_START_WAIT_MS = 300_000
_START_LOCK = 0x4D_55_53_54_45_52  # "MUSTER"; advisory locks count in one database only
_IN_FAILED_TRANSACTION = 3  # libpq's PQTRANS_INERROR

# Defaults of a connection; the query of the URL may set others.
_CONNECT = {
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}

_DISK_FULL = "53100"
_OUTCOME_UNKNOWN = "40003"
# Classes and codes of SQLSTATE that are nobody's mistake: the same call may work later.
_PASSING_CLASSES = ("08", "40", "53", "57", "58")
_PASSING = frozenset({"25006", "25P03", "55P03"})


def url_of(given: str) -> URL:
    """Return the address of the database with the driver that Muster uses."""
    return make_url(given).set(drivername="postgresql+psycopg")


def name_of(url: URL) -> str:
    """Return the database as a sentence may name it: `host:port/name`, no user, no password."""
    hosts = url.query.get("host", ())
    host = url.host or (hosts if isinstance(hosts, str) else ", ".join(hosts)) or "the local socket"
    return f"{host}{f':{url.port}' if url.port else ''}/{url.database}"


def create(url: URL, *, pool_size: int) -> Engine:
    """Return an engine on the database; connects at the first use."""
    _forget_environment()
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=_WAIT_MS / 1000,
        use_native_hstore=False,  # asks the server at the first connect for what we never use
        connect_args={
            **{name: value for name, value in _CONNECT.items() if name not in url.query},
            "application_name": APPLICATION,
            "client_encoding": "utf8",
            "autocommit": True,  # we say BEGIN ourselves
        },
    )
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "commit", _on_commit)
    event.listen(engine, "handle_error", _without_details)
    return engine


def _forget_environment() -> None:
    """Drop libpq's variables: PGHOSTADDR, for one, overrides a host that was given."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def _on_begin(connection: Connection) -> None:
    """Begin, on a new connection where the pooled one turns out to be dead.

    Nothing has happened yet, so that a restart of the server costs no caller an error; asking before each use
    would cost every call a round trip.
    """
    failure = _begin(connection)
    if failure is not None and connection.dialect.is_disconnect(failure, connection.connection.dbapi_connection, None):
        connection.invalidate(failure)
        connection.engine.dispose()  # the others are as old
        failure = _begin(connection)
    if failure is not None:
        dialect = connection.dialect
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance("BEGIN", None, failure, base, hide_parameters=True, dialect=dialect) from failure


def _begin(connection: Connection) -> Any:  # noqa: ANN401 - the driver's error
    """Begin; returns how that failed, None when it did not."""
    raw: Any = connection.connection.dbapi_connection
    try:
        # Several statements in one round trip cannot be prepared.
        raw.execute(_beginning(connection.get_execution_options()), prepare=False).close()
    except connection.dialect.loaded_dbapi.Error as exc:
        return exc
    return None


def _beginning(options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's mapping
    mode = "READ COMMITTED READ WRITE"
    wait_ms, longest_ms = _WAIT_MS, _LONGEST_MS
    if options.get(READ_ONLY):
        mode = "REPEATABLE READ READ ONLY"
    elif options.get(NO_WAIT):
        wait_ms = 1  # 0 would mean: without end
    if options.get(UNHURRIED):
        wait_ms, longest_ms = _START_WAIT_MS, 0
    return (
        f"BEGIN ISOLATION LEVEL {mode}; SET LOCAL lock_timeout={wait_ms}; SET LOCAL statement_timeout={longest_ms};"
        f" SET LOCAL idle_in_transaction_session_timeout={longest_ms}"
    )


def _on_commit(connection: Connection) -> None:
    """Refuse what PostgreSQL would answer with a silent ROLLBACK."""
    raw: Any = connection.connection.dbapi_connection
    if raw.info.transaction_status == _IN_FAILED_TRANSACTION:
        raw.rollback()
        raise RuntimeError("a statement of this transaction has failed; it cannot be committed")


def _without_details(context: ExceptionContext) -> None:
    """Cut the driver's text to its first line: the next ones repeat values of the row."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and getattr(context.original_exception, "sqlstate", None):
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


@contextmanager
def start_lock(engine: Engine) -> Iterator[Connection]:
    """Wait until no other process starts on this database, and keep others waiting."""
    with engine.connect().execution_options(**{UNHURRIED: True}) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _START_LOCK})
        yield connection


def has_other_users(connection: Connection) -> bool:
    """Tell whether another Muster is connected to this database; one of another role cannot be told apart."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
        " AND pid <> pg_backend_pid()"
    )
    return bool(connection.execute(others, {"name": APPLICATION}).scalar())


def try_claim(session: Session, claim: str) -> bool:
    """Claim work by name until the transaction ends; returns whether nobody else has it."""
    key = int.from_bytes(hashlib.sha256(claim.encode()).digest()[:8], "big", signed=True)
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}))


def check_fit(connection: Connection) -> None:
    """Do nothing for a database in which text sorts and folds as it does everywhere in Muster.

    :raises StoreUnusable: it has another encoding, sort order or character classes; says how to make one that fits.
    """
    fits = connection.execute(
        text("SELECT current_setting('server_encoding') = 'UTF8' AND ('B' < 'a') AND ('a' < 'é') AND lower('É') = 'é'")
    ).scalar()
    if not fits:
        raise StoreUnusable(
            f"The database {name_of(connection.engine.url)} sorts or folds text in another way than Muster. Make it"
            " with: CREATE DATABASE muster TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
            " (or another UTF-8 locale as LC_CTYPE)."
        )


def translate(error: BaseException | None) -> MusterError | None:
    """Name a failure of the store that is nobody's mistake; None for a mistake of ours."""
    code = getattr(error, "sqlstate", None)
    if code is None:
        kinds = {kind.__name__ for kind in type(error).__mro__}
        return Unavailable() if kinds & {"OperationalError", "InterfaceError"} else None
    if code == _DISK_FULL:
        return StorageFull()
    return Unavailable() if code.startswith(_PASSING_CLASSES) or code in _PASSING else None


def is_rolled_back(error: BaseException | None) -> bool:
    """Tell whether a COMMIT that failed like this has certainly left nothing behind."""
    code = getattr(error, "sqlstate", None) or ""
    return code == _DISK_FULL or (code.startswith("40") and code != _OUTCOME_UNKNOWN)
