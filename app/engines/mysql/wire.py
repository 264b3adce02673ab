"""The driver's connection, taken apart so that greeting, TLS and login are steps of their own.

PyMySQL's `connect()` calls three methods one after the other: it reads the greeting, does TLS and login, and names the
character set. They are private, and yet the only seam there is: the public way ends in one error for all three, asks
for TLS that nobody verifies, and answers a peer that asks for the password in clear.
"""

import secrets
import socket
import struct
from contextlib import suppress
from io import BufferedReader
from typing import Any

from pymysql import MySQLError
from pymysql.connections import Connection
from pymysql.constants import CLIENT

from app.engines import tls
from app.engines.base import Address, ConnectionSpec
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.mysql import authentication, causes, greeting
from app.engines.mysql.authentication import Packet
from app.engines.mysql.causes import translating

GREETING_MS = 5_000  # a server that looks up our name before it greets needs seconds
_UTF8MB4 = 45  # utf8mb4_general_ci, which every server since 5.5.3 has
_MOST_PACKET = 2**24 - 1
_PROTOCOL = 10
_LAST_WORD_S = 0.2


class Wire(Connection):
    """One connection, which tells the ladder its steps `greeting`, `tls` and `login`.

    After `connect()` with a login a read-only transaction is open. Without one the handshake ends with the login of
    somebody who does not exist, because the server counts handshakes that are broken off.
    """

    # Set by the driver, and not in its stubs.
    protocol_version: int
    server_version: str
    server_capabilities: int
    server_thread_id: tuple[int]
    salt: bytes
    _sock: socket.socket
    _read_timeout: float | None
    _current_timeout: float | None
    _write_timeout: float | None
    _rfile: BufferedReader
    _auth_plugin_name: str

    def __init__(self, spec: ConnectionSpec, address: Address, ladder: Ladder) -> None:
        login = spec.login
        super().__init__(
            host=spec.host,
            port=spec.port,
            user=nobody(),
            database=spec.database_name if login else None,
            charset="utf8mb4",
            autocommit=None,
            local_infile=False,
            ssl_disabled=True,  # ours is done below
            defer_connect=True,
            program_name=spec.application,
        )
        self.is_nobody = login is None
        if login:
            # Given to the driver it would become latin-1, or an error that holds it; and an empty name ours.
            self.user = login.username.encode("utf-8", "surrogatepass")
            self.password = login.password.encode("utf-8", "surrogatepass")
        self.spec = spec
        self.is_verified = False
        self.in_transaction = False
        self._address, self._ladder = address, ladder
        self._taken = 0

    def limit(self, deadline: Deadline, *, most_ms: int | None) -> None:
        """Let each wait for the server end after so long; None: with the deadline alone.

        The deadline is kept by another one, and gets a moment to do it, so that what ended a wait has one name.

        :raises DeadlinePassed: the time is over.
        """
        left_s = deadline.left_s() + _LAST_WORD_S
        self._read_timeout = None if most_ms is None else min(most_ms / 1000, left_s)

    def drop(self) -> None:
        """Close the connection at once: what comes next on it cannot be told from the answer before."""
        self._force_close()  # type: ignore[attr-defined]  # private, so not in the stubs

    def read_packet(self) -> Packet:
        """Read one packet.

        :raises MySQLError: it is an error, or there is none.
        """
        packet: Packet = self._read_packet()  # type: ignore[no-untyped-call]  # the stubs leave its types out
        return packet

    def _read_bytes(self, num_bytes: int) -> bytes:
        """Read so many bytes; the driver makes room for whatever a peer announces, and keeps every row."""
        budget = self._ladder.deadline.budget_bytes
        self._taken += num_bytes
        if self._taken > budget:
            raise StepFailed("guard.answer_too_large", detail={"limit_bytes": budget})
        data: bytes = super()._read_bytes(num_bytes)  # type: ignore[misc]  # private, so not in the stubs
        return data

    def _write_bytes(self, data: bytes) -> None:
        """Send, and when the peer has hung up raise what it said last.

        A TLS 1.3 server refuses our certificate only after the handshake, when we are writing already.
        """
        self._sock.settimeout(self._write_timeout)
        self._current_timeout = self._write_timeout
        try:
            self._sock.sendall(data)
        except OSError:
            self._sock.settimeout(_LAST_WORD_S)
            self._sock.recv(1)
            raise

    def _get_server_information(self) -> None:
        with self._ladder.step("greeting") as step:
            first = self._first_bytes()
            try:
                super()._get_server_information()  # type: ignore[misc]  # private, so not in the stubs
            except causes.BROKEN:
                raise greeting.not_ours(first) from None
            except MySQLError as exc:
                raise (
                    greeting.not_ours(first) if causes.is_out_of_step(exc) else causes.failure(exc, "greeting")
                ) from None
            if self.protocol_version != _PROTOCOL:
                raise greeting.not_ours(first)
            plugin, (connection_id,) = self._auth_plugin_name, self.server_thread_id
            step.detail.update(greeting.shown(self.server_version, connection_id=connection_id, plugin=plugin))
            self.limit(self._ladder.deadline, most_ms=None)

    def _first_bytes(self) -> bytes:
        """Return how the peer begins, without taking it out of the stream."""
        deadline = self._ladder.deadline
        wait_s = min(GREETING_MS / 1000, deadline.left_s() / 2)
        self._read_timeout = self._current_timeout = wait_s
        self._sock.settimeout(wait_s)
        try:
            first = bytes(self._rfile.peek(1)[:256])
        except TimeoutError:
            self.drop()
            raise greeting.of_silent(self._address, self.spec.port, deadline) from None
        except OSError:
            raise StepFailed("connect.closed") from None
        if not first:
            raise StepFailed("connect.closed")
        return first

    def _request_authentication(self) -> None:
        self._encrypt()
        if self.spec.login is None:
            self._knock()
            return
        with self._ladder.step("login"), translating("login"):
            try:
                self._log_in()
            finally:
                self.password = b""  # whatever fails from here on drags none along
            # The first statement belongs to the login: with an expired password MariaDB lets in, and refuses this.
            self.query("START TRANSACTION READ ONLY")
            self.in_transaction = True

    def _encrypt(self) -> None:
        options = self.spec.tls
        if options.mode == "disable":
            self._ladder.skip("tls", "tls.plaintext")
            return
        with self._ladder.step("tls") as step:
            if not self.server_capabilities & CLIENT.SSL:
                if options.mode != "prefer":
                    self._leave()
                    raise StepFailed("tls.not_offered")
                step.warning = "tls.plaintext"
                return
            self.client_flag |= CLIENT.SSL
            with translating("login"):
                self.write_packet(struct.pack("<IIB23x", self.client_flag, _MOST_PACKET, _UTF8MB4))
            encrypted = tls.handshake(self._sock, options, self.spec.host)
            # A new reader: what came in plain text behind the greeting must not count as said under TLS.
            self._sock, self._rfile = encrypted, encrypted.makefile("rb")
            self._secure = True
            self.is_verified = tls.is_peer_known(options)
            self._ladder.found.tls = fact = tls.fact_of(encrypted, options, self.spec.host)
            tls.note(step, fact)

    def _log_in(self) -> None:
        if self._auth_plugin_name not in authentication.SCRAMBLES:
            # The driver would begin with the password itself where `sha256_password` is the default.
            # With another name the server asks for what the account needs, and `authentication` decides.
            self._auth_plugin_name = "caching_sha2_password"
        super()._request_authentication()  # type: ignore[misc]  # private, so not in the stubs

    def _get_auth_plugin_handler(self, plugin_name: bytes | str) -> object | None:
        return authentication.handler_of(self, plugin_name)

    def _leave(self) -> None:
        """Go before the login in a way that the server does not count: as somebody who does not exist."""
        self.is_nobody, self.user, self.password, self.db = True, nobody(), b"", None
        self.client_flag &= ~CLIENT.CONNECT_WITH_DB
        with suppress(StepFailed), translating("login"):
            self._log_in()

    def _knock(self) -> None:
        """End the handshake with a login that nobody has; to be refused is what we want."""
        detail: dict[str, Any] = {}
        try:
            with translating("login"):
                self._log_in()
            detail["anonymous"] = True  # whoever comes is let in
        except StepFailed as exc:
            if not exc.cause.startswith("login."):
                with self._ladder.step("login"):
                    raise exc from None
            detail = {name: value for name, value in exc.detail.items() if name == "our_address"}
        self._ladder.skip("login", "login.no_credential", detail)

    def set_character_set(self, charset: str, collation: str | None = None) -> None:
        """Do nothing: the handshake has named it already, and behind a pool a `SET NAMES` stays for the next one."""

    def close(self) -> None:
        """End the session in the way that the server does not count."""
        with suppress(DeadlinePassed, MySQLError):
            super().close()


def nobody() -> str:
    """Return the name of an account that surely does not exist; 15 characters, 16 is the most before 5.7.8."""
    return f"muster_{secrets.token_hex(4)}"
