"""A SQL Server of ours: speaks TDS 7.4 as [MS-TDS] has it, with TLS inside of it, and answers what a check asks.

It shares no code with the engine, and clients that we did not write can log in to it. Each test changes what it needs
of `Behaviour`; `Server` keeps what it was sent.
"""

import contextlib
import re
import socket
import ssl
import struct
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.databases import tds_tokens as tokens
from tests.support.databases.peers import Peer
from tests.support.databases.tds_tokens import Error, Login7, Row

OFF, ON, NOT_SUPPORTED, REQUIRED = range(4)
_BATCH, _ANSWER, _TRANSACTION, _LOGIN, _PRELOGIN = 0x01, 0x04, 0x0E, 0x10, 0x12
_HEADER = struct.Struct(">BBHHBB")
_ALIAS = re.compile(r"AS (\[[A-Z ]+\]|[a-z_]+)(?=,\n|\nFROM|$)")


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
    rows: dict[str, list[Row] | Error] = field(default_factory=dict)  # by what a statement holds; see `tds_documented`
    on_prelogin: Callable[["Talk"], None] | None = None
    on_login: Callable[["Talk"], None] | None = None
    on_batch: Callable[["Talk", str], None] | None = None


class Server(Peer):
    """A listener on 127.0.0.1; `close` ends it and all its connections."""

    def __init__(self, behaviour: Behaviour, certificate: tuple[str, str] | None = None) -> None:
        self.behaviour = behaviour
        self.context = None if certificate is None else _context(behaviour, *certificate)
        self.logins: list[Login7] = []
        self.batches: list[str] = []
        super().__init__(lambda _, sock: self._talk(sock))

    def _talk(self, sock: socket.socket) -> None:
        if self.behaviour.strict:
            _refuse_all_but_strict(self, sock)
        else:
            Talk(self, sock).run()


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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions of TLS are meant
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
        asked = tokens.prelogin_options(self.message(_PRELOGIN))
        if how.on_prelogin is not None:
            how.on_prelogin(self)
            return
        agreed = self._agree(asked)
        self.send(_ANSWER, tokens.prelogin(how.version, how.instance, agreed, asked))
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
        login = tokens.login7(self.message(_LOGIN), encrypted=self._tls is not None)
        self.server.logins.append(login)
        if revert:
            self._tls = None
        if how.on_login is not None:
            how.on_login(self)
            return False
        if how.route is not None:
            self.send(_ANSWER, tokens.acknowledgement(how.version) + tokens.routing(*how.route) + tokens.done())
            self.read_all()
            return False
        errors = how.login_errors or self._refusal(login)
        if errors:
            self.send(_ANSWER, b"".join(tokens.error(one) for one in errors) + tokens.done(status=0x02))
            self.read_all()
            return False
        welcome = tokens.environment(1, login.database or "master", "master") + tokens.environment(2, "us_english", "")
        welcome += tokens.info(5701, "Changed database context.") + tokens.environment(4, "4096", "4096")
        self.send(_ANSWER, welcome + tokens.collation() + tokens.acknowledgement(how.version) + tokens.done())
        return True

    def _refusal(self, login: Login7) -> Sequence[Error]:
        if self.server.behaviour.accounts.get(login.username) == login.password:
            return ()
        return (Error(18456, text=f"Login failed for user '{login.username}'."),)

    def _serve(self) -> None:
        how = self.server.behaviour
        while True:
            kind, batch = self.next_message()
            headers = struct.unpack_from("<I", batch)[0]
            if kind == _TRANSACTION:
                self.send(_ANSWER, tokens.transaction(struct.unpack_from("<H", batch, headers)[0]))
                continue
            if kind != _BATCH:
                return
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
            return tokens.error(rows) + tokens.return_status(rows.number) + tokens.done(0xFE, status=0x02)
        if rows is None:
            return tokens.done()
        return tokens.result(_ALIAS.findall(sql), rows) + tokens.return_status(0) + tokens.done(0xFE)

    # -- packets

    def message(self, kind: int) -> bytes:
        """Return what the next message of this kind holds; others end the connection."""
        found, payload = self.next_message()
        if found != kind:
            raise EOFError
        return payload

    def next_message(self) -> tuple[int, bytes]:
        """Return the kind of the next message, and what it holds."""
        payload = b""
        while True:
            kind, status, length, *_ = _HEADER.unpack(self._exactly(_HEADER.size))
            payload += self._exactly(length - _HEADER.size)
            if status & 1:
                return kind, payload

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
            received = self.server.read(self.sock)  # as it came over the wire
            if not received:
                raise EOFError
            if self._tls is None:
                return received
            self._in.write(received)

    def read_all(self) -> None:
        """Wait until the client ends."""
        while True:
            self._more()
