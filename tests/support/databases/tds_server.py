"""A SQL Server of ours: speaks TDS 7.4 as [MS-TDS] has it, with TLS inside of it, and answers what a check asks.

It shares no code with the engine, and clients that we did not write can log in to it. Each test changes what it needs
of `Behaviour`; `Server` keeps what it was sent.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

OFF, ON, NOT_SUPPORTED, REQUIRED = range(4)
_BATCH, _ANSWER, _LOGIN, _ATTENTION, _PRELOGIN = 0x01, 0x04, 0x10, 0x06, 0x12
_HEADER = struct.Struct(">BBHHBB")
_ALIAS = re.compile(r"AS (\[[A-Z ]+\]|[a-z_]+)(?=,\n|\nFROM|$)")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Login7:
    """What a login packet says; `application` and the rest in clear, the password unscrambled."""

    username: str
    password: str
    application: str
    server: str
    database: str
    encrypted: bool


@dataclass(frozen=True)
class Error:
    """An error that the server answers with."""

    number: int
    state: int = 1
    severity: int = 14
    text: str = "the server's own words"


@dataclass
class Behaviour:
    """How the server is."""

    encryption: int = ON  # OFF: it can, and wants it for the login only; ON: it demands it
    version: tuple[int, int, int, int] = (15, 0, 4335, 0)
    tls_versions: tuple[ssl.TLSVersion, ssl.TLSVersion] = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2)
    ciphers: str | None = None
    client_ca: str | None = None  # clients must have a certificate of this authority
    instance: str = "MSSQLSERVER"
    accounts: dict[str, str] = field(default_factory=lambda: {"muster": "S3cret-of-the-suite!"})
    login_errors: Sequence[Error] = ()  # whoever logs in
    route: tuple[str, int] | None = None
    strict: bool = False  # TDS 8 only
    rows: dict[str, list[Row] | Error] = field(default_factory=dict)  # by what a statement holds; see `documented`
    on_prelogin: Callable[["Talk"], None] | None = None
    on_login: Callable[["Talk"], None] | None = None
    on_batch: Callable[["Talk", str], None] | None = None


class Server:
    """A listener on 127.0.0.1; `close` ends it and all its connections."""

    def __init__(self, behaviour: Behaviour, certificate: tuple[str, str] | None = None) -> None:
        self.behaviour = behaviour
        self.context = None if certificate is None else _context(behaviour, *certificate)
        self.logins: list[Login7] = []
        self.batches: list[str] = []
        self.received = bytearray()  # as it came over the wire
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError, ssl.SSLError), sock:
            if self.behaviour.strict:
                _refuse_all_but_strict(self, sock)
            else:
                Talk(self, sock).run()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@contextmanager
def tds_server(behaviour: Behaviour | None = None, certificate: tuple[str, str] | None = None) -> Iterator[Server]:
    """Run a server, and end it; without a certificate (and key) it has no TLS to offer."""
    server = Server(behaviour or Behaviour(), certificate)
    if certificate is None and not server.behaviour.strict:
        server.behaviour.encryption = NOT_SUPPORTED
    try:
        yield server
    finally:
        server.close()


def _context(behaviour: Behaviour, certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_text(certificate + key)
        if behaviour.tls_versions[0] < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        if behaviour.ciphers is not None:
            context.set_ciphers(behaviour.ciphers)
        context.load_cert_chain(path)
    context.minimum_version, context.maximum_version = behaviour.tls_versions
    if behaviour.client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=behaviour.client_ca)
    if behaviour.strict:
        context.set_alpn_protocols(["tds/8.0"])
    return context


def _refuse_all_but_strict(server: Server, sock: socket.socket) -> None:
    """Do what a server with strict encryption does: hang up on whoever does not begin with TLS."""
    if sock.recv(1, socket.MSG_PEEK) != b"\x16":
        return
    assert server.context is not None
    with server.context.wrap_socket(sock, server_side=True) as session:
        session.recv(1)


class Talk:
    """One connection."""

    def __init__(self, server: Server, sock: socket.socket) -> None:
        self.server, self.sock = server, sock
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._plain = b""

    def run(self) -> None:
        how = self.server.behaviour
        asked = _prelogin_options(self.message(_PRELOGIN))
        if how.on_prelogin is not None:
            how.on_prelogin(self)
            return
        agreed = self._agree(asked)
        self.send(_ANSWER, _prelogin(how, agreed, asked))
        if agreed == REQUIRED:  # the client cannot encrypt: the server ends it
            return
        if agreed != NOT_SUPPORTED:
            self._handshake()
        if self._log_in(revert=agreed == OFF):
            self._serve()

    def _agree(self, asked: dict[int, bytes]) -> int:
        """Apply the table of [MS-TDS] 2.2.6.5."""
        client, mine = (asked.get(1) or bytes([NOT_SUPPORTED]))[0], self.server.behaviour.encryption
        if mine == NOT_SUPPORTED:
            return NOT_SUPPORTED
        if client == NOT_SUPPORTED:
            return NOT_SUPPORTED if mine == OFF else REQUIRED
        return OFF if client == OFF and mine == OFF else ON

    def _handshake(self) -> None:
        assert self.server.context is not None
        session = self.server.context.wrap_bio(self._in, self._out, server_side=True)
        while True:
            try:
                session.do_handshake()
            except ssl.SSLWantReadError:
                self._flush_handshake()
                self._in.write(self.message(_PRELOGIN))
            except ssl.SSLError:
                self._flush_handshake()
                raise
            else:
                self._flush_handshake()
                self._tls = session
                return

    def _flush_handshake(self) -> None:
        said = self._out.read()
        if said:
            self.send(_PRELOGIN, said)

    def _log_in(self, *, revert: bool) -> bool:
        how = self.server.behaviour
        login = _login7(self.message(_LOGIN), encrypted=self._tls is not None)
        self.server.logins.append(login)
        if revert:
            self._tls = None
        if how.on_login is not None:
            how.on_login(self)
            return False
        if how.route is not None:
            self.send(_ANSWER, acknowledgement(how.version) + routing(*how.route) + done())
            self.read_all()
            return False
        errors = how.login_errors or self._refusal(login)
        if errors:
            self.send(_ANSWER, b"".join(error(one) for one in errors) + done(status=0x02))
            self.read_all()
            return False
        welcome = environment(1, login.database or "master", "master") + environment(2, "us_english", "")
        welcome += info(5701, "Changed database context.") + environment(4, "4096", "4096")
        collation = b"\x05\x09\x04\xd0\x00\x34\x00"
        welcome += b"\xe3" + struct.pack("<H", len(collation) + 1) + b"\x07" + collation
        self.send(_ANSWER, welcome + acknowledgement(how.version) + done())
        return True

    def _refusal(self, login: Login7) -> Sequence[Error]:
        if self.server.behaviour.accounts.get(login.username) == login.password:
            return ()
        return (Error(18456, text=f"Login failed for user '{login.username}'."),)

    def _serve(self) -> None:
        how = self.server.behaviour
        while True:
            batch = self.message(_BATCH)
            headers = struct.unpack_from("<I", batch)[0]
            statement = batch[headers:].decode("utf-16-le")
            self.server.batches.append(statement)
            if how.on_batch is not None:
                how.on_batch(self, statement)
                continue
            self.send(_ANSWER, self._answer(statement))

    def _answer(self, statement: str) -> bytes:
        inner = re.fullmatch(r"EXEC sys\.sp_executesql N'SET LOCK_TIMEOUT \d+; (.*)'", statement, re.DOTALL)
        sql = inner[1].replace("''", "'") if inner else statement
        rows = next((rows for part, rows in self.server.behaviour.rows.items() if part in sql), None)
        if isinstance(rows, Error):
            return error(rows) + return_status(rows.number) + done(0xFE, status=0x02)
        if rows is None:
            return done()
        return result(_ALIAS.findall(sql), rows) + return_status(0) + done(0xFE)

    # -- packets

    def message(self, kind: int) -> bytes:
        """Return what the next message of this kind holds; others end the connection."""
        payload = b""
        while True:
            found, status, length, *_ = _HEADER.unpack(self._exactly(_HEADER.size))
            payload += self._exactly(length - _HEADER.size)
            if found != kind:
                raise EOFError
            if status & 1:
                return payload

    def send(self, kind: int, payload: bytes, *, packet_bytes: int = 4096) -> None:
        """Send a message, in packets of the size that was agreed."""
        most = packet_bytes - _HEADER.size
        parts = [payload[begin : begin + most] for begin in range(0, len(payload), most)] or [b""]
        for number, part in enumerate(parts, start=1):
            self.write(
                _HEADER.pack(kind, int(number == len(parts)), _HEADER.size + len(part), 0, number % 256, 0) + part
            )

    def write(self, data: bytes) -> None:
        """Send bytes, encrypted where the connection is."""
        if self._tls is not None:
            self._tls.write(data)
            data = self._out.read()
        self.sock.sendall(data)

    def _exactly(self, size: int) -> bytes:
        while len(self._plain) < size:
            self._plain += self._more()
        taken, self._plain = self._plain[:size], self._plain[size:]
        return taken

    def _more(self) -> bytes:
        while True:
            if self._tls is not None:
                with contextlib.suppress(ssl.SSLWantReadError):
                    read = self._tls.read(65_536)
                    if not read:
                        raise EOFError
                    return read
            received = self.sock.recv(65_536)
            if not received:
                raise EOFError
            self.server.received += received
            if self._tls is None:
                return received
            self._in.write(received)

    def read_all(self) -> None:
        """Wait until the client ends."""
        while True:
            self._more()


# -- tokens


def _prelogin_options(payload: bytes) -> dict[int, bytes]:
    found, position = {}, 0
    while payload[position] != 0xFF:
        token, offset, length = struct.unpack_from(">BHH", payload, position)
        found[token] = payload[offset : offset + length]
        position += 5
    return found


def _prelogin(how: Behaviour, encryption: int, asked: dict[int, bytes]) -> bytes:
    wanted = asked.get(2, b"\x00").rstrip(b"\x00").decode("ascii")
    other = bool(wanted) and wanted.upper() not in {how.instance.upper(), "MSSQLSERVER"}
    values = {0: struct.pack(">BBHH", *how.version), 1: bytes([encryption]), 2: bytes([other]), 3: b"", 4: b"\x00"}
    index, data, offset = b"", b"", 5 * len(values) + 1
    for token, value in values.items():
        index += struct.pack(">BHH", token, offset + len(data), len(value))
        data += value
    return index + b"\xff" + data


def _login7(payload: bytes, *, encrypted: bool) -> Login7:
    def text(at: int) -> str:
        offset, length = struct.unpack_from("<HH", payload, at)
        return payload[offset : offset + 2 * length].decode("utf-16-le")

    offset, length = struct.unpack_from("<HH", payload, 44)
    scrambled = payload[offset : offset + 2 * length]
    plain = bytes(((one ^ 0xA5) >> 4 | ((one ^ 0xA5) << 4)) & 0xFF for one in scrambled)
    return Login7(text(40), plain.decode("utf-16-le"), text(48), text(52), text(68), encrypted)


def _us(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def _b(text: str) -> bytes:
    return struct.pack("<B", len(text)) + text.encode("utf-16-le")


def _token(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + struct.pack("<H", len(body)) + body


def error(one: Error) -> bytes:
    body = struct.pack("<iBB", one.number, one.state, one.severity) + _us(one.text) + _b("FAKE") + _b("")
    return _token(0xAA, body + struct.pack("<I", 1))


def info(number: int, text: str) -> bytes:
    return _token(0xAB, struct.pack("<iBB", number, 1, 0) + _us(text) + _b("FAKE") + _b("") + struct.pack("<I", 1))


def environment(kind: int, new: str, old: str) -> bytes:
    return _token(0xE3, bytes([kind]) + _b(new) + _b(old))


def routing(host: str, port: int) -> bytes:
    value = struct.pack("<BH", 0, port) + _us(host)
    return _token(0xE3, b"\x14" + struct.pack("<H", len(value)) + value + b"\x00\x00")


def acknowledgement(version: tuple[int, int, int, int], *, tds: int = 0x74000004) -> bytes:
    program = struct.pack(">BBH", version[0], version[1], version[2])
    return _token(0xAD, b"\x01" + struct.pack(">I", tds) + _b("Microsoft SQL Server") + program)


def done(kind: int = 0xFD, *, status: int = 0, rows: int = 0) -> bytes:
    return bytes([kind]) + struct.pack("<HHQ", status | (0x10 if rows else 0), 0xC1, rows)


def return_status(value: int) -> bytes:
    return b"\x79" + struct.pack("<i", value)


def metadata(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    told = b"\x81" + struct.pack("<H", len(names))
    for name in names:
        told += struct.pack("<IH", 0, 0x0009) + _type(name, rows) + _b(name.strip("[]"))
    return told


def _is_number(name: str, rows: Sequence[Row]) -> bool:
    return any(isinstance(row[name.strip("[]")], int) for row in rows)


def _type(name: str, rows: Sequence[Row]) -> bytes:
    if _is_number(name, rows):
        return b"\x26\x08" if name.endswith("_ms") else b"\x26\x04"
    return b"\xe7" + struct.pack("<H", 8000) + b"\x09\x04\xd0\x00\x34"


def result(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a result set as a statement in a procedure gives it."""
    told = metadata(names, rows)
    for row in rows:
        told += b"\xd1"
        for name in names:
            value = row[name.strip("[]")]
            if _is_number(name, rows):
                size = 8 if name.endswith("_ms") else 4
                told += b"\x00" if value is None else bytes([size]) + int(value).to_bytes(size, "little", signed=True)
            elif value is None:
                told += b"\xff\xff"
            else:
                encoded = str(value).encode("utf-16-le")
                told += struct.pack("<H", len(encoded)) + encoded
    return told + done(0xFF, status=0x01, rows=len(rows))


IDENTIFY, UPTIME, TEMPDB, GROUPS, RIGHTS = "'ProductVersion'", "dm_os_sys_info", "N'tempdb'", "dm_hadr", "HAS_PERMS"


def documented(**changes: Any) -> dict[str, list[Row] | Error]:
    """Return what SQL Server 2019 answers to the statements of a check, as its documentation has it.

    `changes` replace single values, by the name of their column.
    """
    identify = {
        "product_version": "15.0.4335.1",
        "product_level": "RTM",
        "update_level": "CU24",
        "edition": "Standard Edition (64-bit)",
        "engine_edition": 2,
        "is_clustered": 0,
        "is_hadr_enabled": 0,
        "machine_name": "SQL1",
        "instance_name": None,
        "server_name": "SQL1",
        "version_text": "Microsoft SQL Server 2019 (RTM-CU24) - 15.0.4335.1 (X64) \n\tSep 21 2023 17:28:44 \n",
        "utc_now": None,
        "utc_offset_min": 60,
        "server_address": "10.0.0.5",
        "server_port": 1433,
        "our_address": "10.0.9.9",
        "session_user_name": "muster",
        "database_name": "master",
        "updateability": "READ_WRITE",
    }
    uptime = {"uptime_ms": 3_600_250, "started_local": None}
    rights = {
        "VIEW SERVER STATE": 1,
        "VIEW SERVER PERFORMANCE STATE": None,
        "VIEW ANY DEFINITION": 1,
        "VIEW ANY SECURITY DEFINITION": None,
        "CONNECT ANY DATABASE": 1,
        "VIEW DATABASE STATE": 1,
        "VIEW DEFINITION": 1,
        "closed_databases": 0,
    }
    tables = (identify, uptime, rights)
    for name, value in changes.items():
        table = next(one for one in tables if name in one)
        table[name] = value
    return {
        IDENTIFY: [_Clocked(identify, "utc_now")],
        UPTIME: [_Clocked(uptime, "started_local", ago_ms=uptime["uptime_ms"], offset_min=60)],
        TEMPDB: [_Clocked(uptime, "started_local", ago_ms=uptime["uptime_ms"], offset_min=60)],
        GROUPS: [],
        RIGHTS: [rights],
    }


class _Clocked(dict[str, Any]):
    """A row whose column `clock`, when it has no value, is the time of the server, or when it started."""

    def __init__(self, row: Row, clock: str, *, ago_ms: int | None = None, offset_min: int = 0) -> None:
        super().__init__(row)
        self._clock = clock
        self._fixed = None
        if ago_ms is not None:
            started = datetime.now(UTC) - timedelta(milliseconds=ago_ms) + timedelta(minutes=offset_min)
            self._fixed = _iso(started)[:-4]
            self._born = datetime.now(UTC) - timedelta(milliseconds=ago_ms)

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if name == "uptime_ms" and self._fixed is not None:
            return round((datetime.now(UTC) - self._born) / timedelta(milliseconds=1))
        if name != self._clock or value is not None:
            return value
        return self._fixed or _iso(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None):%Y-%m-%dT%H:%M:%S.%f}0"
