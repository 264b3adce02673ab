"""The life of the server: how it starts, ends when asked, and comes back after it was killed."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.support.api import an_instance
from tests.support.server import HttpCaller, Server, run, serving, wait_until


def begin_write(server: Server, admin: HttpCaller, body: bytes):
    """Send the head of a create and return the connection once the server has begun to work on it."""
    cookies = "; ".join(f"{name}={value}" for name, value in admin.client.cookies.items())
    head = (
        f"POST /api/v1/instances HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nX-CSRFToken: {admin.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    connection = server.connect()
    connection.sendall(head.encode())
    assert connection.recv(100).startswith(b"HTTP/1.1 100 "), "the server reads a body only when it wants it"
    return connection


def accepts_connections(server: Server) -> bool:
    try:
        server.connect().close()
    except OSError:
        return False
    return True


class TestSigterm:
    def test_lets_the_running_request_finish(self, tmp_path: Path) -> None:
        body = b'{"name": "last-one", "db_type": "mysql", "host": "a.example", "port": 3306}'
        with serving(tmp_path / "data") as server:
            admin = server.caller()
            with begin_write(server, admin, body) as connection:
                server.ask_to_end()
                admin.client.close()
                wait_until(lambda: not accepts_connections(server), what="the end of listening")
                connection.sendall(body)
                answer = connection.recv(65536)

            assert answer.startswith(b"HTTP/1.1 201 "), answer
            assert server.stop() == 0
            assert "Traceback" not in server.log
            assert "[ERROR]" not in server.log

        with serving(tmp_path / "data") as server:
            assert stored_names(server) == ["last-one"]


def stored_names(server: Server) -> list[str]:
    with server.caller() as caller:
        items = caller.get("/api/v1/instances").json()["data"]["items"]
    return [one["name"] for one in items]


class TestAnAnsweredWrite:
    def test_survives_a_kill_of_everything(self, tmp_path: Path) -> None:
        with serving(tmp_path / "data", workers=2) as server:
            admin = server.caller()
            answer = admin.post("/api/v1/instances", an_instance(name="answered"))
            server.kill()
            admin.client.close()

        assert answer.status_code == 201
        with serving(tmp_path / "data") as server:
            assert stored_names(server) == ["answered"]

    def test_survives_a_kill_of_its_worker_which_is_replaced(self, tmp_path: Path) -> None:
        with serving(tmp_path / "data") as server:
            [worker] = server.workers()
            admin = server.caller()
            answer = admin.post("/api/v1/instances", an_instance(name="answered"))
            os.kill(worker, signal.SIGKILL)
            admin.client.close()
            wait_until(lambda: server.workers() not in ([], [worker]), seconds=30, what="a new worker")
            server.wait()

            assert answer.status_code == 201
            assert stored_names(server) == ["answered"]


class TestTheDataFolder:
    @pytest.mark.sqlite
    def test_is_readable_by_its_owner_alone_whatever_the_umask(self, server: Server, admin: HttpCaller) -> None:
        admin.post("/api/v1/instances", an_instance(name="written"))

        files = {path.name: path.stat().st_mode & 0o777 for path in server.folder.iterdir()}

        assert server.folder.stat().st_mode & 0o777 == 0o700
        assert {"muster.db", "muster.db-wal", "keys"} <= set(files)
        assert set(files.values()) == {0o600}, files


class TestTheRoot:
    def test_is_a_page_for_people_with_a_nonce_of_its_own(self, server: Server) -> None:
        with server.client() as client:
            answers = [client.get("/") for _ in range(4)]

        assert {(one.status_code, one.headers["Content-Type"]) for one in answers} == {
            (200, "text/html; charset=utf-8")
        }
        assert len({one.headers["Content-Security-Policy"] for one in answers}) == 4

    def test_is_there_where_the_documents_are_switched_off(self, tmp_path: Path) -> None:
        with serving(tmp_path / "data", docs="false") as server, server.client() as client:
            answer, page, document = client.get("/"), client.get("/api/v1/docs"), client.get("/api/v1/openapi.json")

        assert answer.status_code == 200
        assert "/api/v1/docs" not in answer.text
        assert (page.status_code, page.json()["message_code"]) == (404, "RESOURCE_NOT_FOUND")
        assert document.json()["openapi"].startswith("3.1")


class TestAnAddressThatOthersReach:
    def test_is_refused_without_tls_or_a_proxy(self, tmp_path: Path) -> None:
        done = run("serve", "--host", "0.0.0.0", folder=tmp_path / "data")  # refused is the point

        assert done.returncode == 1
        [sentence] = done.stderr.splitlines()
        assert "0.0.0.0" in sentence
        assert all(name in sentence for name in ("TLS_CERTIFICATE", "TRUSTED_PROXIES", "INSECURE_HTTP"))
        assert not (tmp_path / "data").exists()


class TestABadSetting:
    def test_stops_the_start_with_a_sentence(self, tmp_path: Path) -> None:
        done = run("serve", folder=tmp_path / "data", max_body_bytes="many")

        assert done.returncode == 1
        assert "MUSTER_MAX_BODY_BYTES" in done.stderr
        assert "Traceback" not in done.stderr


class TestAPortThatIsTaken:
    def test_stops_the_start_without_a_traceback(self, server: Server, tmp_path: Path) -> None:
        done = run("serve", "--port", str(server.port), folder=tmp_path / "data")

        assert done.returncode == 1
        assert str(server.port) in done.stderr
        assert "Traceback" not in done.stderr
        assert httpx.get(f"{server.url}/api/v1/auth/csrf-token", trust_env=False).status_code == 200
