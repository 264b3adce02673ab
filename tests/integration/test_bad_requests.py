"""What is hardly HTTP: refused or cut off, never a 500, and the server lives on."""

import pytest

from tests.support.server import Server

HOST = b"Host: 127.0.0.1\r\n"
LOGIN = b"POST /api/v1/auth/login HTTP/1.1\r\n" + HOST
JSON = b"Content-Type: application/json\r\n"

BEFORE_ANY_CODE_OF_OURS = {
    "no request line": b"GARBAGE\r\n\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "bare bytes in the path": b"GET /api/v1/\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    "bare bytes in the query": b"GET /api/v1/instances?search=\xff HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X-Anything: a\x00b\r\n\r\n",
    "a path of 100 kB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "500 headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: a\r\n" % i for i in range(500)) + b"\r\n",
    "two lengths": LOGIN + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "a negative length": LOGIN + b"Content-Length: -1\r\n\r\n{}",
    "an encoding that is not chunked": LOGIN + b"Transfer-Encoding: gzip\r\n\r\n{}",
}
ANSWERED_BY_US = {
    "invalid UTF-8 in the path": (b"GET /api/v1/%ff%fe HTTP/1.1\r\n" + HOST, 404),
    "NUL in the path": (b"GET /api/v1/docs/%00 HTTP/1.1\r\n" + HOST, 404),
    "two hosts, ours first": (b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n", 400),
    "two hosts, ours last": (b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + HOST, 400),
    "no host": (b"GET / HTTP/1.1\r\n", 400),
    "half an IPv6 host": (b"GET / HTTP/1.1\r\nHost: [::1\r\n", 400),
    "an IPv6 host of the future": (b"GET / HTTP/1.1\r\nHost: [v1.x]\r\n", 400),
    "a port beyond all": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1:99999\r\n", 400),
    "bare bytes in the host": (b"GET / HTTP/1.1\r\nHost: \xff\r\n", 400),
    "a user in the host": (b"GET / HTTP/1.1\r\nHost: a@127.0.0.1\r\n", 400),
    "an unknown method": (b"FOO /api/v1/instances HTTP/1.1\r\n" + HOST, 405),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST, 404),
    "no path at all": (b"OPTIONS * HTTP/1.1\r\n" + HOST, 404),
    "another server's address": (b"GET http://evil.example/api/nowhere HTTP/1.1\r\n" + HOST, 404),
    "bare bytes in headers that we read": (
        b"GET /api/v1/instances HTTP/1.1\r\n"
        + HOST
        + b"Accept-Language: \xff\r\nOrigin: \xff\r\nCookie: muster_session=\xff\r\nX-Request-ID: \xff\r\n",
        401,
    ),
    "two kinds of content": (LOGIN + b"Content-Type: text/plain\r\n" + JSON + b"Content-Length: 2\r\n", 403),
    "a chunk without a size": (LOGIN + JSON + b"Transfer-Encoding: chunked\r\n", 403),
}
BODIES = {"two kinds of content": b"{}", "a chunk without a size": b"ZZ\r\n{}\r\n0\r\n\r\n"}


def exchange(server: Server, sent: bytes) -> bytes:
    """Return what comes back; a reset counts as silence."""
    received = b""
    with server.connect() as connection:
        try:
            connection.sendall(sent)
            while piece := connection.recv(65536):
                received += piece
        except ConnectionError:
            pass
    return received


def lives(server: Server) -> bool:
    with server.client() as client:
        return client.get("/api/v1/auth/csrf-token").status_code == 200


class TestARequestThatIsHardlyOne:
    @pytest.mark.parametrize("name", BEFORE_ANY_CODE_OF_OURS)
    def test_is_refused_by_the_server_itself(self, server: Server, name: str) -> None:
        answer = exchange(server, BEFORE_ANY_CODE_OF_OURS[name])

        assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:200]
        assert lives(server)

    @pytest.mark.parametrize("name", ANSWERED_BY_US)
    def test_is_answered_with_the_envelope(self, server: Server, name: str) -> None:
        head, status = ANSWERED_BY_US[name]

        answer = exchange(server, head + b"Connection: close\r\n\r\n" + BODIES.get(name, b""))

        assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
        assert b'"message_code":' in answer or head.startswith(b"OPTIONS")  # which has no body
        assert lives(server)

    def test_leaves_no_traceback_behind(self, server: Server) -> None:
        assert "Traceback" not in server.log


class TestAClientThatLies:
    def test_about_the_length_and_goes_away_harms_nobody(self, server: Server) -> None:
        for _ in range(20):
            with server.connect() as connection:
                connection.sendall(LOGIN + JSON + b"Content-Length: 200\r\n\r\n{")

        assert lives(server)
