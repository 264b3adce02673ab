"""Servers under a good certificate that take the password and repeat it in their refusal, in many encodings.

Each speaks so much of its protocol as a client with a verified connection needs to give its password away.
"""

import base64
import socket
import ssl
from urllib.parse import quote

from tests.support.databases import fake_mysql, fake_postgresql, oracle_server
from tests.support.databases.fake_postgresql import authentication
from tests.support.databases.oracle_server import OraError
from tests.support.databases.peers import Peer
from tests.support.databases.tds_server import Behaviour, Talk
from tests.support.databases.tds_tokens import Error, done, error
from tests.support.databases.tns_listener import Behave, within_tls

_ANSWER = 0x04


def repeated(password: str) -> str:
    """Return a refusal that has the password as it is, in base64 of each alignment, as hex, in UTF-16 and for URLs."""
    data, wide = password.encode(), password.encode("utf-16-le")
    coded = [base64.b64encode(b"#" * shift + data).decode() for shift in range(3)]
    words = [password, *coded, data.hex().upper(), wide.hex(), wide.decode("latin-1"), quote(password, safe="")]
    return "refused: " + " ".join(words)


def postgresql(context: ssl.SSLContext) -> Behave:
    """Return a server that asks for the password in clear."""

    def behave(here: Peer, sock: socket.socket) -> None:
        here.read(sock)
        sock.sendall(b"S")
        with context.wrap_socket(sock, server_side=True) as secure:
            here.read(secure)
            secure.sendall(authentication(3))
            said = here.read(secure)[5:-1].decode()
            secure.sendall(fake_postgresql.error("28P01", repeated(said)))
            here.drain(secure)

    return behave


def mysql(context: ssl.SSLContext) -> Behave:
    """Return a server that asks for the whole of `caching_sha2_password`."""

    def behave(here: Peer, sock: socket.socket) -> None:
        sock.sendall(fake_mysql.greeting(plugin="caching_sha2_password", tls=True))
        fake_mysql.read_packet(here, sock)  # the wish for TLS
        with context.wrap_socket(sock, server_side=True) as secure:
            fake_mysql.read_packet(here, secure)
            secure.sendall(fake_mysql.packet(3, fake_mysql.FULL_LOGIN))
            said = fake_mysql.read_packet(here, secure).removesuffix(b"\0").decode()
            secure.sendall(fake_mysql.packet(5, fake_mysql.error(1045, repeated(said))))
            here.drain(secure)

    return behave


def sqlserver() -> Behaviour:
    """Return how a server is that repeats the password of a login."""

    def refuse(talk: Talk) -> None:
        text = repeated(talk.server.logins[-1].password)
        talk.send(_ANSWER, error(Error(18456, text=text)) + done(status=0x02))
        talk.read_all()

    return Behaviour(on_login=refuse)


def oracle(context: ssl.SSLContext, username: str, password: str) -> Behave:
    """Return a server that knows the password, which no client of Oracle ever sends in clear."""
    refusal = OraError(1017, f"ORA-01017: {repeated(password)}\n")
    return within_tls(context, oracle_server.standard(username, password, at_login=refusal).behave)
