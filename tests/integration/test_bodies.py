"""Bodies that are too large, come in pieces, or end too early: over real connections, chunked and with a length."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.api import an_instance
from tests.support.server import HttpCaller, Server

MIB = 1024 * 1024
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
HEADS = {
    JSON: b'{"name": "long", "db_type": "mysql", "host": "a.example", "port": 1, "description": "',
    FORM: b"name=long&db_type=mysql&host=a.example&port=1&description=",
    MULTIPART: b'--x\r\nContent-Disposition: form-data; name="description"\r\n\r\n',
}


def long_body(content_type: str, mebibytes: int) -> Iterator[bytes]:
    yield HEADS[content_type]
    for _ in range(mebibytes):
        yield b"a" * MIB


def total(admin: HttpCaller) -> int:
    return admin.get("/api/v1/instances?include_deleted=true").json()["data"]["total"]


def peak_memory(server: Server) -> int:
    """Return the most that any worker has ever used, in bytes."""
    lines = [line for pid in server.workers() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return max(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def refused_as_too_large(answer: httpx.Response) -> bool:
    body = answer.json()
    return answer.status_code == 413 and body["message_code"] == "PAYLOAD_TOO_LARGE" and body["success"] is False


class TestABodyOverTheLimit:
    @pytest.mark.parametrize("content_type", HEADS)
    @pytest.mark.parametrize("announced", [True, False], ids=["with a length", "chunked"])
    def test_is_413_and_writes_nothing(
        self, server: Server, admin: HttpCaller, content_type: str, announced: bool
    ) -> None:
        before = total(admin)
        headers = {"Content-Type": content_type}
        if announced:
            headers["Content-Length"] = str(len(HEADS[content_type]) + 11 * MIB)

        with server.client(cookies=admin.client.cookies) as client:
            answer = HttpCaller(client, admin.token).post(
                "/api/v1/instances", content=long_body(content_type, 11), headers=headers
            )

        assert refused_as_too_large(answer), answer.text
        assert total(admin) == before

    def test_is_413_also_where_the_csrf_token_would_have_to_be_looked_for_in_it(
        self, server: Server, admin: HttpCaller
    ) -> None:
        with server.client(cookies=admin.client.cookies) as client:
            answer = client.post("/api/v1/instances", content=long_body(JSON, 11), headers={"Content-Type": JSON})

        assert refused_as_too_large(answer), answer.text

    @pytest.mark.parametrize("content_type", HEADS)
    def test_is_neither_kept_in_memory_nor_cut_when_it_is_an_endless_stream(
        self, server: Server, admin: HttpCaller, content_type: str
    ) -> None:
        before = total(admin)

        with server.client(cookies=admin.client.cookies) as client:
            answer = HttpCaller(client, admin.token).post(
                "/api/v1/instances", content=long_body(content_type, 200), headers={"Content-Type": content_type}
            )

        assert refused_as_too_large(answer), answer.text
        assert total(admin) == before
        assert peak_memory(server) < 256 * MIB

    def test_of_a_stranger_is_401(self, server: Server) -> None:
        with server.client() as client:
            answer = client.post("/api/v1/instances", content=long_body(JSON, 11), headers={"Content-Type": JSON})

        assert answer.status_code == 401


class TestAChunkedBody:
    def test_of_json_is_read_whole(self, admin: HttpCaller) -> None:
        pieces = [b'{"name": "chunked-json", "db_type": ', b'"mysql", "host": "a.example",', b' "port": 3306}']

        answer = admin.post("/api/v1/instances", content=iter(pieces), headers={"Content-Type": JSON})

        assert answer.status_code == 201, answer.text
        assert answer.json()["data"]["instance"]["port"] == 3306

    def test_of_a_form_is_read_whole_and_may_hold_the_token(self, admin: HttpCaller) -> None:
        pieces = [b"name=chunked-form&db_ty", b"pe=mysql&host=a.example&port=3306&csrf_token=", admin.token.encode()]

        answer = admin.client.post("/api/v1/instances", content=iter(pieces), headers={"Content-Type": FORM})

        assert answer.status_code == 201, answer.text
        assert answer.json()["data"]["instance"]["name"] == "chunked-form"

    def test_of_several_mebibytes_within_the_limit_is_read_whole(self, admin: HttpCaller) -> None:
        answer = admin.post("/api/v1/instances", content=long_body(FORM, 9), headers={"Content-Type": FORM})

        assert answer.status_code == 400
        assert [(fault["field"], fault["code"]) for fault in answer.json()["extra"]["fields"]] == [
            ("description", "too_long")
        ]


class TestABodyThatEndsTooEarly:
    @pytest.mark.parametrize("sent", [b"", b"{}", b'{"reason": "tes'], ids=["nothing", "all of an object", "half"])
    def test_is_refused_and_deletes_nothing(self, server: Server, admin: HttpCaller, sent: bytes) -> None:
        made = admin.post("/api/v1/instances", an_instance(name=f"kept-{len(sent)}")).json()["data"]["instance"]
        head = request_head(admin, f"/api/v1/instances/{made['id']}/delete", JSON, b"Content-Length: 200")

        answer = exchange(server, head + sent)

        assert answer.startswith(b"HTTP/1.1 400 "), answer
        assert admin.get(f"/api/v1/instances/{made['id']}").status_code == 200

    @pytest.mark.parametrize(
        ("content_type", "framing", "sent"),
        [
            (FORM, b"Content-Length: 200", b"reason=tes"),
            (MULTIPART, b"Transfer-Encoding: chunked", b"5\r\n--x\r\n\r\n"),
            (JSON, b"Transfer-Encoding: chunked", b'3\r\n{"r\r\nZZ\r\n'),
        ],
    )
    def test_is_never_taken_for_an_empty_or_a_shorter_one(
        self, server: Server, admin: HttpCaller, content_type: str, framing: bytes, sent: bytes
    ) -> None:
        name = f"kept-{content_type[12:16]}"
        made = admin.post("/api/v1/instances", an_instance(name=name)).json()["data"]["instance"]
        head = request_head(admin, f"/api/v1/instances/{made['id']}/delete", content_type, framing)

        answer = exchange(server, head + sent)

        assert answer.startswith(b"HTTP/1.1 400 "), answer
        assert admin.get(f"/api/v1/instances/{made['id']}").status_code == 200

    @pytest.mark.parametrize("content_type", [MULTIPART, "multipart/form-data"])
    def test_is_not_what_a_multipart_form_without_parts_is_taken_for(
        self, admin: HttpCaller, content_type: str
    ) -> None:
        made = admin.post("/api/v1/instances", an_instance(name=f"whole-{len(content_type)}")).json()["data"]
        path = f"/api/v1/instances/{made['instance']['id']}"

        answer = admin.post(f"{path}/delete", content=b"garbage", headers={"Content-Type": content_type})

        assert (answer.status_code, answer.json()["message_code"]) == (400, "INVALID_REQUEST")
        assert admin.get(path).status_code == 200


def request_head(admin: HttpCaller, path: str, content_type: str, framing: bytes) -> bytes:
    cookies = "; ".join(f"{name}={value}" for name, value in admin.client.cookies.items())
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {cookies}",
        f"X-CSRFToken: {admin.token}",
        f"Content-Type: {content_type}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n" + framing + b"\r\n\r\n"


def exchange(server: Server, sent: bytes) -> bytes:
    """Send these bytes and no more, and return all that comes back."""
    with server.connect() as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received
