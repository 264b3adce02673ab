"""One login of libpq over a connection that is ours.

libpq talks to a socket of this process; every byte between it and the server passes through `wire.Gate`. So the
connection that was guarded, greeted and encrypted is the one that is logged in to, whatever waits is ended by our
deadline, and nothing is answered that must not be.
"""

import os
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from app.engines import tls
from app.engines.base import ConnectionSpec, Login
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.postgresql import causes, local_link
from app.engines.postgresql.answer import Answer, Row, rows_of
from app.engines.postgresql.causes import LoginState
from app.engines.postgresql.wire import Gate, Method

_CHUNK = 16 * 1024
_REQUIRE_AUTH_FROM = 160_000  # libpq's own version
_GRACE_MS = 1_000  # a statement's own limit ends it on the server; we wait a little longer
_ROLLBACK_MS = 500


class Session:
    """A login, and one read-only transaction at a time. Used inside `deadline.closing` by one thread."""

    def __init__(self, server: socket.socket, deadline: Deadline, *, clear_password: bool) -> None:
        self._server, self._deadline = server, deadline
        self._gate = Gate(budget_bytes=deadline.budget_bytes, clear_password=clear_password)
        self._clear_password = clear_password
        self._passed = bytearray()  # through the gate, and not yet read by libpq
        self._local: socket.socket | None = None
        self._conn: pq.abc.PGconn | None = None

    @property
    def method(self) -> Method:
        """How the server asked who we are."""
        return self._gate.method

    @property
    def backend_pid(self) -> int:
        """The process that serves us, as the login was answered."""
        return self._pg.backend_pid

    def log_in(self, spec: ConnectionSpec, login: Login, state: LoginState) -> None:
        """Log in.

        :raises StepFailed: the server refuses, or asks for what it must not get.
        """
        self._open(spec, login)
        while (status := self._poll()) != pq.PollingStatus.OK:
            self._push()
            if status == pq.PollingStatus.FAILED:
                raise self._refusal(state)
            if status == pq.PollingStatus.READING:
                self._pull(None)
        self._push()
        self._pg.nonblocking = 1

    def ask(self, sql: str, *, limit_ms: int) -> Answer:
        """Run statements, and return the rows of the last one.

        :raises StepFailed: one of them failed; the transaction waits for a ROLLBACK, to a savepoint or as a whole.
        """
        self._gate.error = None
        began, sent_at = time.perf_counter(), time.time()
        wait_ms = limit_ms + _GRACE_MS
        rows: Sequence[Row] = ()
        try:
            self._pg.send_query(sql.encode())
            self._flush()
            while (result := self._next_result(wait_ms)) is not None:
                rows = rows_of(result)
                result.clear()
        except (psycopg.Error, MemoryError):
            raise StepFailed("server.connection_lost") from None
        if self._gate.error is not None:
            took_ms = round((time.perf_counter() - began) * 1000)
            raise causes.of_query(self._gate.error, took_ms=took_ms, limit_ms=limit_ms) from None
        return Answer(rows, sent_at, time.time())

    @property
    def is_failed(self) -> bool:
        """Tell whether a statement has failed in the transaction that is open."""
        return self._pg.transaction_status == pq.TransactionStatus.INERROR

    def close(self) -> None:
        """End transaction and login."""
        if self._conn is None:
            return
        with suppress(StepFailed, DeadlinePassed, psycopg.Error):
            if self._conn.transaction_status in {pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR}:
                self.ask("ROLLBACK", limit_ms=_ROLLBACK_MS)
        with suppress(psycopg.Error):
            self._conn.finish()
        with suppress(StepFailed, DeadlinePassed):
            self._push()  # libpq's goodbye
        if self._local is not None:
            self._local.close()
        self._conn = None

    @property
    def _pg(self) -> pq.abc.PGconn:
        if self._conn is None:
            raise StepFailed("server.connection_lost")
        return self._conn

    def _open(self, spec: ConnectionSpec, login: Login) -> None:
        options = _options(spec, login, clear_password=self._clear_password)
        if any("\0" in value for value in options.values()):  # would end libpq's list of options there
            raise StepFailed("driver.option_unsupported", detail={"kind": "NUL"})
        try:
            with local_link.listen() as (listener, folder):
                self._conn = pq.PGconn.connect_start(
                    make_conninfo(host=folder, port=local_link.PORT, **options).encode()
                )
                self._local = local_link.accept(listener)
        except (psycopg.Error, OSError, ValueError) as exc:
            raise StepFailed("driver.option_unsupported", detail={"kind": type(exc).__name__}) from None

    def _poll(self) -> pq.PollingStatus:
        self._deadline.left_s()
        try:
            return pq.PollingStatus(self._pg.connect_poll())
        except psycopg.Error:
            return pq.PollingStatus.FAILED

    def _refusal(self, state: LoginState) -> StepFailed:
        """Return why the login ended: the server's error, or what libpq did not accept in an answer."""
        now = LoginState(
            username=state.username,
            encrypted=state.encrypted,
            tls_offered=state.tls_offered,
            client_cert=state.client_cert,
            method=self._gate.method,
            is_authenticated=self._gate.is_authenticated,
        )
        if self._gate.error is not None:
            return causes.of_login(self._gate.error, now)
        # Such as a wrong signature of the server, which does not know the password itself. libpq's own words may
        # repeat what it was given.
        return StepFailed("login.other", detail={"method": self._gate.method})

    def _next_result(self, wait_ms: int) -> "pq.abc.PGresult | None":
        self._deadline.left_s()
        while self._pg.is_busy():
            self._pull(wait_ms)
            self._pg.consume_input()
            self._flush()
        return self._pg.get_result()

    def _flush(self) -> None:
        while self._pg.flush():
            self._push()
        self._push()

    def _push(self) -> None:
        """Carry what libpq has to say to the server."""
        while self._local is not None:
            try:
                data = self._local.recv(_CHUNK, socket.MSG_DONTWAIT)
            except OSError:
                return
            if not data:
                return
            try:
                self._server.settimeout(self._deadline.left_s())
                self._server.sendall(data)
            except OSError as exc:
                raise self._lost(exc) from None

    def _pull(self, wait_ms: int | None) -> None:
        """Carry what the server says to libpq: at least a part of one whole message, and no more than it takes."""
        while not self._passed:
            self._passed += self._gate.admit(self._read(wait_ms))
        assert self._local is not None  # noqa: S101 - opened together with libpq's end
        with suppress(BlockingIOError):  # libpq has enough to read
            sent = self._local.send(self._passed[:_CHUNK], socket.MSG_DONTWAIT)
            del self._passed[:sent]

    def _read(self, wait_ms: int | None) -> bytes:
        try:
            self._server.settimeout(self._deadline.left_s(wait_ms))
            data = self._server.recv(_CHUNK)
        except TimeoutError:
            self._deadline.left_s()
            raise StepFailed("check.deadline" if wait_ms is None else "query.timeout") from None
        except OSError as exc:
            raise self._lost(exc) from None
        if not data:
            raise self._lost(ConnectionResetError())
        return data

    def _lost(self, exc: OSError) -> StepFailed:
        """Return why the line broke; with TLS 1.3 a refused client certificate shows at the first read only."""
        if isinstance(exc, ssl.SSLError) and not isinstance(exc, ssl.SSLEOFError):
            return tls.failure(exc)
        return StepFailed("server.connection_lost" if self._gate.is_logged_in else "connect.closed")


def _options(spec: ConnectionSpec, login: Login, *, clear_password: bool) -> dict[str, str]:
    """Return libpq's options: everything that it would look for elsewhere is named here.

    `none` is a server that asks for no password: by its own rules (trust) or because our certificate is enough.
    """
    # Said twice: the gate refuses the rest before libpq sees it.
    methods = "scram-sha-256,md5,none" + (",password" if clear_password else "")
    return {
        "dbname": spec.database_name or "postgres",
        "user": login.username,
        "password": login.password,
        "passfile": f"{os.devnull}/none",  # is there nowhere
        "options": "",
        "client_encoding": "UTF8",
        "application_name": spec.application,
        "sslmode": "disable",  # ours is around it
        "gssencmode": "disable",
        "channel_binding": "disable",
        "target_session_attrs": "any",
        **({"require_auth": methods} if pq.version() >= _REQUIRE_AUTH_FROM else {}),
    }
