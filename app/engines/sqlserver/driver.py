"""The driver, python-tds: logs in and asks over a `Channel`. Only this module knows it."""

import logging
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import pytds

from app.engines.base import ConnectionSpec, Login
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.sqlserver.channel import Channel

Row = Mapping[str, Any]

# It warns of a login that fails, with a traceback at times; the step tells it already.
logging.getLogger("pytds").setLevel(logging.CRITICAL)
_NAME_MOST = 128  # characters, of [MS-TDS] 2.2.6.4
_BASIC_PLANE_END = "\uffff"

# What the driver raises when an answer does not fit what it expects; what happened is in `channel.failed`.
_DRIVER = (
    pytds.Error,
    OSError,
    struct.error,
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RuntimeError,
    AssertionError,
    StepFailed,
    DeadlinePassed,
)


class Session:
    """A login; not pooled, and closed with the check."""

    def __init__(
        self, channel: Channel, connection: pytds.Connection, *, username: str, statement_timeout_ms: int
    ) -> None:
        self.username = username
        self.is_usable = True  # the next statement may be sent
        self._channel = channel
        self._connection = connection
        self._statement_timeout_ms = statement_timeout_ms

    def ask(self, statement: str) -> Sequence[Row]:
        """Return the rows of one statement.

        :raises StepFailed: the server refuses it, or the connection ends.
        :raises DeadlinePassed: the time is over.
        """
        self._channel.begin_statement(self._statement_timeout_ms)
        rows: Sequence[Row] = []
        try:
            cursor = self._connection.cursor()
            cursor.execute(statement)
            if self._channel.failed is None:
                rows = cursor.fetchall()
                while cursor.nextset():
                    pass
        except _DRIVER as exc:
            self.is_usable = False  # nobody knows what the server is about to send
            raise _what_happened(self._channel, exc, "query") from None
        if self._channel.failed is not None:
            raise self._channel.failed from None
        return rows


def log_in(channel: Channel, login: Login, spec: ConnectionSpec) -> Session:
    """Log in, once.

    :raises StepFailed: the server refuses, or wants the login elsewhere: `channel.route`.
    :raises DeadlinePassed: the time is over.
    """
    _refuse_what_would_be_sent_wrong(login, spec)
    try:
        connection = pytds.connect(
            dsn=spec.host,
            port=spec.port,
            user=login.username,
            password=login.password,
            database=spec.database_name,
            appname=spec.application,
            sock=channel,
            autocommit=True,
            row_strategy=pytds.dict_row_strategy,
            # No time for a second try: a refused login is never repeated.
            login_timeout=0,
            disable_connect_retry=True,
        )
    except _DRIVER as exc:
        raise _what_happened(channel, exc, "login") from None
    return Session(channel, connection, username=login.username, statement_timeout_ms=spec.statement_timeout_ms)


def _refuse_what_would_be_sent_wrong(login: Login, spec: ConnectionSpec) -> None:
    """Keep a login back that the driver cannot write.

    It counts a character beyond the basic plane as one unit of UTF-16, so that server and driver see different
    passwords; the server would count a failed login.
    """
    told = {
        "username": login.username,
        "password": login.password,
        "database_name": spec.database_name or "",
        "host": spec.host,
    }
    for option, value in told.items():
        if len(value) > _NAME_MOST or any(one > _BASIC_PLANE_END for one in value):
            raise StepFailed("driver.option_unsupported", detail={"option": option})


def _what_happened(channel: Channel, exc: BaseException, phase: str) -> StepFailed | DeadlinePassed:
    """Return the channel's own reason; of a driver's exception only the kind is told: its words may hold a secret."""
    if channel.failed is not None:
        return channel.failed
    return StepFailed("login.other" if phase == "login" else "query.other", detail={"driver": type(exc).__name__})
