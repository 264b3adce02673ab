"""The driver: logging in over a route, and asking; the only module here that imports oracledb."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import oracledb

from app.engines.base import ConnectionSpec, Login
from app.engines.oracle import causes
from app.engines.oracle.route import Route, Task

Row = Mapping[str, Any]

# Whatever TNS_ADMIN or ORACLE_HOME say: no file decides where a login goes.
oracledb.defaults.config_dir = ""

_ROWS_MOST = 200
_ENDS_S = 1.0
# What malformed answers were seen to raise, besides the driver's own errors.
_FAILURES = (
    oracledb.Error,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    TypeError,
    EOFError,
    AttributeError,
    ArithmeticError,
)


class Session:
    """A login on the loop; used from the thread of the check."""

    def __init__(self, route: Route, connection: oracledb.AsyncConnection) -> None:
        self._route = route
        self._connection = connection
        self._is_lost = False

    def ask(self, statement: str) -> list[Row]:
        """Return the rows of a query, at most 200, by lower-case column names.

        :raises StepFailed: the server refuses it, or the connection is gone.
        :raises DeadlinePassed: it was not done in time.
        """
        return self._route.wait(self._ask(statement))

    def end(self) -> None:
        """Roll back and log off, if there is a connection and time."""
        if not self._is_lost:
            self._route.wait(self._end())

    async def _ask(self, statement: str) -> list[Row]:
        try:
            with self._connection.cursor() as cursor:
                await cursor.execute(statement)
                if cursor.description is None:
                    return []
                names = [one[0].lower() for one in cursor.description]
                rows = await cursor.fetchmany(_ROWS_MOST)
        except _FAILURES as exc:
            failed = causes.of_statement(exc)
            self._is_lost = failed.cause == "server.connection_lost"
            raise failed from None
        return [dict(zip(names, row, strict=True)) for row in rows]

    async def _end(self) -> None:
        # Not even its timeout may be set now: on a connection that the driver has closed, that ends the process.
        try:
            async with asyncio.timeout(_ENDS_S):
                await self._connection.close()
        except _FAILURES as exc:
            raise causes.of_statement(exc) from None


def begin_login(spec: ConnectionSpec, login: Login, address: str, route: Route) -> Task[Session]:
    """Let the driver log in over the route; the first packets leave at once."""
    return route.start(_log_in(spec, login, address, route))


async def _log_in(spec: ConnectionSpec, login: Login, address: str, route: Route) -> Session:
    try:
        connection = await oracledb.connect_async(**_arguments(spec, login, address, encrypts=route.encrypts))
    except _FAILURES as exc:
        raise causes.of_login(exc) from None
    route.line.tap.trust()
    route.is_logged_in = True
    connection.call_timeout = spec.statement_timeout_ms
    return Session(route, connection)


def _arguments(spec: ConnectionSpec, login: Login, address: str, *, encrypts: bool) -> dict[str, Any]:
    """Return what the driver is told: never a text that it parses, nor a default that reads files."""
    return {
        "user": login.username,
        "password": login.password,
        "host": address,
        "port": spec.port,
        "protocol": "tcps" if encrypts else "tcp",
        "service_name": spec.service_name,
        "sid": None if spec.service_name else spec.sid,
        "retry_count": 0,
        "disable_oob": True,
        "use_sni": False,
        "use_eztls": False,
        "config_dir": "",
        # The route encrypts and verifies; the driver would switch off the check of the host name in a context of ours.
        "ssl_context": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if encrypts else None,
        "ssl_server_dn_match": False,
        "program": spec.application,
        "osuser": spec.application,
        "terminal": spec.application,
    }
