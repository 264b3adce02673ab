"""An Oracle server of ours, as far as a login and a few queries go, for the driver that Muster uses.

Written from what that driver reads and writes; no real server has been asked. It shows that the driver is used well,
not how Oracle behaves.
"""

import hashlib
import re
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from tests.support.databases import tns_listener
from tests.support.databases.peers import Peer
from tests.support.databases.tns_listener import DATA, Behave, packet, read_packet

MARKER = 12
_PROTOCOL, _TYPES, _FUNCTION, _ERROR, _ROW_HEADER, _ROW, _PARAMETERS, _STATUS, _DESCRIBE = 1, 2, 3, 4, 6, 7, 8, 9, 16
_AUTH_ONE, _AUTH_TWO, _ROLLBACK, _LOGOFF = 0x76, 0x73, 15, 9
_VERIFIER_12C = 0x4815
_VARCHAR, _NUMBER, _TIMESTAMP = 1, 2, 180
_VERSION_12_1 = 7  # of the fields: the newest are the fewest

Row = Mapping[str, Any]


@dataclass(frozen=True)
class OraError:
    """An answer that is an error."""

    number: int
    text: str


@dataclass(frozen=True)
class Slow:
    """An answer that does not come before the client breaks it off."""


@dataclass(frozen=True)
class Gone:
    """An answer that never comes: the server hangs up."""


GONE = Gone()
NOW = object()  # a timestamp that is taken when it is asked for
Answer = Sequence[Row] | OraError | Slow | Gone


@dataclass
class Database:
    """Who may log in, and what is answered to a statement that holds a text."""

    username: str
    password: str
    answers: Mapping[str, Answer]
    at_login: OraError | None = None
    rounds: int = 4096
    asked: list[str] = field(default_factory=list)
    logins: int = 0

    def answer(self, statement: str) -> Answer:
        self.asked.append(statement)
        return next((rows for text, rows in self.answers.items() if text in statement), [])

    @property
    def behave(self) -> Behave:
        """Be its listener and its server in one."""
        return tns_listener.answers_pings(self.serve)

    def serve(self, here: Peer, sock: socket.socket) -> None:
        """Serve one login, behind the CONNECT packet."""
        sock.sendall(tns_listener.accept())
        _Conversation(self, here, sock).run()


class _Conversation:
    def __init__(self, database: Database, here: Peer, sock: socket.socket) -> None:
        self._database = database
        self._here = here
        self._sock = sock

    def _read(self) -> bytes:
        kind, body = read_packet(self._here, self._sock, wide=True)
        return body[2:] if kind == DATA else b"\x00marker" + body

    def _send(self, body: bytes) -> None:
        self._sock.sendall(packet(DATA, b"\0\0" + body, wide=True))

    def run(self) -> None:
        assert self._read()[0] == _PROTOCOL
        self._send(_protocol())
        assert self._read()[0] == _TYPES
        self._send(bytes([_TYPES, 0, 0]))
        if not self._log_in():
            return
        self._database.logins += 1
        while (message := self._read()) and message[0] == _FUNCTION:
            self._serve(message)

    def _log_in(self) -> bool:
        """Speak O5LOGON with a verifier of 12c."""
        first = self._read()
        assert first[:2] == bytes([_FUNCTION, _AUTH_ONE])
        salt, own, derive = secrets.token_bytes(16), secrets.token_bytes(32), secrets.token_bytes(16)
        key = _derive(self._database.password.encode(), salt + b"AUTH_PBKDF2_SPEEDY_KEY", 64, 4096)
        hashed = hashlib.sha512(key + salt).digest()[:32]
        told = {
            "AUTH_SESSKEY": _encrypt(hashed, own).hex().upper(),
            "AUTH_VFR_DATA": salt.hex().upper(),
            "AUTH_PBKDF2_CSK_SALT": derive.hex().upper(),
            "AUTH_PBKDF2_VGEN_COUNT": str(self._database.rounds),
            "AUTH_PBKDF2_SDER_COUNT": "3",
        }
        self._send(_parameters(told) + _status())
        second = self._read()
        assert second[:2] == bytes([_FUNCTION, _AUTH_TWO])
        if self._database.at_login is not None:
            self._send(_error(self._database.at_login.number, self._database.at_login.text))
            return False
        theirs = _decrypt(hashed, bytes.fromhex(_value(second, "AUTH_SESSKEY")))
        combined = _derive((theirs[:32] + own).hex().upper().encode(), derive, 32, 3)
        sent = _decrypt(combined, bytes.fromhex(_value(second, "AUTH_PASSWORD")))[16:]
        if self._database.username.encode() not in first or sent[: -sent[-1]] != self._database.password.encode():
            self._send(_error(1017, "ORA-01017: invalid username/password; logon denied\n"))
            return False
        proof = _encrypt(combined, secrets.token_bytes(16) + b"SERVER_TO_CLIENT").hex().upper()
        self._send(_parameters({**_SESSION, "AUTH_SVR_RESPONSE": proof}) + _status())
        return True

    def _serve(self, message: bytes) -> None:
        if message[1] in {_ROLLBACK, _LOGOFF}:
            self._send(_status())
            return
        found = re.search(rb"(SELECT|SET TRANSACTION)[ -~\n]*", message)
        assert found is not None, message
        answer = self._database.answer(found.group().decode())
        if isinstance(answer, Gone):
            self._sock.shutdown(socket.SHUT_RDWR)
        elif isinstance(answer, Slow):
            self._break_off()
        elif isinstance(answer, OraError):
            self._send(_error(answer.number, answer.text))
        else:
            self._send(_rows(answer) if answer else _error(0, "") if b"SELECT" not in found.group() else _rows([]))

    def _break_off(self) -> None:
        """Wait for the client to interrupt, and answer as a server does: two markers, and an error."""
        while not self._read().startswith(b"\x00marker"):
            pass
        self._sock.sendall(packet(MARKER, b"\x01\x00\x01", wide=True))
        self._read()
        self._sock.sendall(packet(MARKER, b"\x01\x00\x02", wide=True))
        self._send(_error(1013, "ORA-01013: user requested cancel of current operation\n"))


_SESSION = {
    "AUTH_VERSION_NO": str(0x0C102000),
    "AUTH_SESSION_ID": "77",
    "AUTH_SERIAL_NUM": "12",
    "AUTH_MAX_OPEN_CURSORS": "300",
    "AUTH_SC_SERVICE_NAME": "orders",
    "AUTH_INSTANCENAME": "ORDERS1",
    "AUTH_SC_DBUNIQUE_NAME": "ORDERS",
}


def _protocol() -> bytes:
    field_of_numbers = bytes(9) + (2000).to_bytes(2, "big")
    capabilities = bytearray(45)
    capabilities[7] = _VERSION_12_1
    return (
        bytes([_PROTOCOL, 6, 0])
        + b"x86_64/Linux 2.4.xx\0"
        + (873).to_bytes(2, "little")
        + b"\x01"
        + b"\0\0"
        + len(field_of_numbers).to_bytes(2, "big")
        + field_of_numbers
        + _bytes(bytes(capabilities))
        + _bytes(bytes(11))
    )


def _value(message: bytes, key: str) -> str:
    """Return the text behind a key of a login message."""
    at = message.index(key.encode()) + len(key)
    size = int.from_bytes(message[at + 1 : at + 1 + message[at]], "big")
    begin = at + 1 + message[at] + 1
    return message[begin : begin + size].decode()


def _parameters(values: Mapping[str, str]) -> bytes:
    body = bytes([_PARAMETERS]) + _int(len(values))
    for key, value in values.items():
        flags = _VERIFIER_12C if key == "AUTH_VFR_DATA" else 0
        body += _sized(key.encode()) + _sized(value.encode()) + _int(flags)
    return body


def _status() -> bytes:
    return bytes([_STATUS]) + _int(0) + _int(0)


def _error(number: int, text: str, *, rows: int = 0) -> bytes:
    """Return an error message; 0: all is well, 1403: there are no more rows."""
    body = bytes([_ERROR]) + _int(0) + _int(0) + _int(rows) + _int(number & 0xFFFF) + _int(0) * 2 + _int(0) + _int(0)
    body += bytes(6)
    body += _int(0) + _int(0) + b"\0" + _int(0) + _int(0)  # the row's address
    body += _int(0) + b"\0\0" + _int(0) + _int(0) + _int(0)
    body += _int(0) + _int(0) + _int(0)
    body += _int(number) + _int(rows)
    return body + (_bytes(text.encode()) if number else b"")


def _rows(rows: Sequence[Row]) -> bytes:
    names = list(rows[0]) if rows else ["EMPTY"]
    kinds = [_kind([one[name] for one in rows]) for name in names]
    body = bytes([_DESCRIBE, 0]) + _int(4000) + _int(len(names)) + b"\0"
    for at, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        body += bytes([kind, 0, 0, 0]) + _int(4000) + _int(0) + _int(0) + _int(0) + _int(0) + _int(873)
        body += bytes([1 if kind == _VARCHAR else 0]) + _int(4000) + b"\x01\0"
        body += _sized(name.upper().encode()) + _int(0) + _int(0) + _int(at + 1) + _int(0)
    body += _int(0) * 6
    if rows:
        body += bytes([_ROW_HEADER, 0]) + _int(len(names)) + _int(0) * 5
        for row in rows:
            body += bytes([_ROW]) + b"".join(_bytes(_encode(row[name])) for name in names)
    return body + _error(1403, "ORA-01403: no data found\n", rows=len(rows))


def _kind(values: Sequence[Any]) -> int:
    if any(one is NOW or isinstance(one, datetime) for one in values):
        return _TIMESTAMP
    return _NUMBER if any(isinstance(one, int) for one in values) else _VARCHAR


def _encode(value: Any) -> bytes:
    if value is None:
        return b""
    if value is NOW:
        value = datetime.now(UTC)
    if isinstance(value, datetime):
        parts = (value.year // 100 + 100, value.year % 100 + 100, value.month, value.day)
        return bytes((*parts, value.hour + 1, value.minute + 1, value.second + 1)) + (
            value.microsecond * 1000
        ).to_bytes(4, "big")
    if isinstance(value, int):
        return _number(value)
    return str(value).encode()


def _number(value: int) -> bytes:
    """Return a whole number as Oracle keeps it: an exponent, and digits to the base of 100."""
    if value == 0:
        return b"\x80"
    digits = []
    while value:
        value, rest = divmod(value, 100)
        digits.insert(0, rest + 1)
    return bytes([192 + len(digits), *digits])


def _int(value: int) -> bytes:
    if value == 0:
        return b"\0"
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "big")


def _bytes(value: bytes) -> bytes:
    return bytes([len(value)]) + value if len(value) < 253 else b"\xfe" + _int(len(value)) + value + _int(0)


def _sized(value: bytes) -> bytes:
    return _int(len(value)) + (_bytes(value) if value else b"")


def _derive(password: bytes, salt: bytes, length: int, rounds: int) -> bytes:
    return PBKDF2HMAC(algorithm=SHA512(), length=length, salt=salt, iterations=rounds).derive(password)


def _encrypt(key: bytes, text: bytes) -> bytes:
    return _cipher(key).encryptor().update(text)


def _decrypt(key: bytes, text: bytes) -> bytes:
    return _cipher(key).decryptor().update(text)


def _cipher(key: bytes) -> "Cipher[modes.CBC]":
    return Cipher(algorithms.AES(key), modes.CBC(bytes(16)))


Serve = Callable[[Peer, socket.socket], None]


# A pluggable database of 19c whose account has every right: a part of each statement, and the rows that answer it.
_STANDARD: dict[str, Answer] = {
    "WHERE 1 = 0": [],
    "SYS_CONTEXT('USERENV', 'DB_UNIQUE_NAME')": [
        {
            "db_unique_name": "ORDERS",
            "db_name": "ORDERS",
            "instance_name": "ORDERS1",
            "instance_number": "1",
            "server_host": "db1",
            "service_name": "orders",
            "database_role": "PRIMARY",
            "ip_address": "127.0.0.1",
            "session_user": "MUSTER",
            "con_name": "SALES",
            "con_id": "3",
            "cdb_name": "ORDERS",
        }
    ],
    "product_component_version": [
        {
            "product": "Oracle Database 19c Enterprise Edition ",
            "version": "19.0.0.0.0",
            "version_full": "19.21.0.0.0",
            "status": "Production",
        }
    ],
    "all_users": [],
    "FROM v$instance": [
        {
            "instance_number": 1,
            "instance_name": "ORDERS1",
            "host_name": "db1",
            "parallel": "NO",
            "logins": "ALLOWED",
            "status": "OPEN",
            "uptime_s": 86400,
            "started_utc": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        }
    ],
    "FROM v$database": [
        {
            "dbid": 2654190473,
            "name": "ORDERS",
            "db_unique_name": "ORDERS",
            "database_role": "PRIMARY",
            "open_mode": "READ WRITE",
            "cdb": "YES",
        }
    ],
    "RAWTOHEX": [{"con_id": 3, "name": "SALES", "guid": "0A" * 16, "open_mode": "READ WRITE"}],
    "COUNT(*) AS containers": [{"containers": 5}],
    "SYS_EXTRACT_UTC(SYSTIMESTAMP) AS utc FROM dual": [{"utc": NOW}],
}


def standard(username: str, password: str, **changes: Any) -> Database:
    """Return a pluggable database of 19c whose account has every right."""
    own = changes.pop("answers", {})
    others = {text: answer for text, answer in _STANDARD.items() if text not in own}
    return Database(username, password, {**own, **others}, **changes)
