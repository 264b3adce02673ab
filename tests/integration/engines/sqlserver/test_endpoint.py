"""Who is there: a good server, a named instance, another service on the port."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, TlsOptions
from app.engines.sqlserver import browser
from tests.engine_suite.suite import SECRET, check
from tests.support.certificates import Authority
from tests.support.databases import peers
from tests.support.databases.peers import Peer
from tests.support.databases.sqlserver_checks import Start, saw_the_secret, spec_of, step
from tests.support.databases.tds_documented import GROUPS, documented
from tests.support.databases.tds_server import OFF
from tests.support.ports import free_port


class TestAGoodServer:
    def test_is_ok_when_its_certificate_is_verified(self, start: Start, authority: Authority) -> None:
        server = start()

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("ok", None)
        assert step(done, "greeting").detail == {"version": "15.0.4335", "encryption": "on"}
        assert done.found.tls is not None
        assert (done.found.tls.protocol, done.found.tls.verified) == ("TLSv1.2", True)

    def test_gets_the_login_encrypted_without_a_verified_certificate(self, start: Start) -> None:
        server = start()

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "tls.unverified")
        assert [one.encrypted for one in server.logins] == [True]
        assert server.logins[0].password == SECRET
        assert not saw_the_secret(server)

    def test_sees_one_connection_and_one_login(self, start: Start) -> None:
        server = start()

        check(spec_of(server))

        assert (server.connections, len(server.logins)) == (1, 1)

    def test_is_told_who_asks_and_for_what(self, start: Start) -> None:
        server = start()

        check(spec_of(server, host="localhost", database_name="sales", application="muster check"))

        login = server.logins[0]
        assert (login.application, login.server, login.database) == ("muster check", "localhost", "sales")

    def test_is_asked_nothing_that_outlives_the_question(self, start: Start) -> None:
        server = start()

        check(spec_of(server))

        assert server.batches
        assert all(one.startswith("EXEC sys.sp_executesql N'SET LOCK_TIMEOUT 2000; SELECT ") for one in server.batches)

    def test_may_want_encryption_for_the_login_only_and_gets_it_for_all(self, start: Start) -> None:
        server = start(encryption=OFF)

        done = check(spec_of(server))

        assert done.verdict.outcome == "degraded"
        assert "SERVERPROPERTY".encode("utf-16-le") not in server.received

    def test_answers_with_more_than_a_packet(self, start: Start) -> None:
        many = [
            {"group_id": f"{number:036}", "group_name": "ag", "role": "PRIMARY", "cluster_name": "C" * 128}
            for number in range(200)
        ]
        server = start(rows={**documented(is_hadr_enabled=1), GROUPS: many})

        done = check(spec_of(server))

        assert done.found.server is not None
        assert done.found.server.role == "primary"


class TestANamedInstance:
    @pytest.fixture
    def browsing(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes | None], list[bytes]]]:
        """Be SQL Server Browser on 127.0.0.1, with this answer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(5)
            monkeypatch.setattr(browser, "PORT", sock.getsockname()[1])
            asked: list[bytes] = []

            def run(answer: bytes | None) -> list[bytes]:
                def serve() -> None:
                    question, client = sock.recvfrom(1024)
                    asked.append(question)
                    if answer is not None:
                        sock.sendto(answer, client)

                threading.Thread(target=serve, daemon=True).start()
                return asked

            yield run

    def closed(self, **changes: Any) -> ConnectionSpec:
        class Closed:
            port = free_port()

        return spec_of(Closed(), instance_name="PROD", **changes)  # type: ignore[arg-type]

    def test_that_moved_is_told_with_its_port(self, browsing: Callable[..., list[bytes]]) -> None:
        told = b"ServerName;SQL1;InstanceName;PROD;IsClustered;No;Version;15.0.2000.5;tcp;51433;;"
        asked = browsing(b"\x05" + struct.pack("<H", len(told)) + told)

        done = check(self.closed())

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.refused")
        assert step(done, "connect").detail["instance_port"] == 51433
        assert asked == [b"\x04PROD\x00"]

    @pytest.mark.parametrize("answer", [None, b"\x05\x00\x00", b"\x05\x10\x00np;x;tcp;99999;;", b"nonsense"])
    def test_that_nobody_lists_is_not_found(self, browsing: Callable[..., list[bytes]], answer: bytes | None) -> None:
        browsing(answer)

        done = check(self.closed())

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.named_instance")

    def test_is_compared_with_the_one_that_answers(self, start: Start, authority: Authority) -> None:
        server = start(instance="OTHER")
        verified = TlsOptions(mode="verify-full", ca=authority.pem)

        done = check(spec_of(server, instance_name="PROD", tls=verified))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "connect.named_instance")
        assert check(spec_of(server, instance_name="other", tls=verified)).verdict.outcome == "ok"


def postgresql(here: Peer, sock: socket.socket) -> None:
    """Take an SSLRequest, and hang up on all else: to PostgreSQL a PRELOGIN is a packet far too long."""
    if here.read(sock)[4:8] == b"\x04\xd2\x16\x2f":
        sock.sendall(b"S")


def postgresql_that_waits(here: Peer, sock: socket.socket) -> None:
    """The same behind something that keeps the connection open."""
    postgresql(here, sock)
    here.drain(sock)


class TestAnotherServiceOnThePort:
    @pytest.mark.parametrize(
        ("behave", "cause", "speaks"),
        [
            (peers.http, "greeting.not_a_database", "http"),
            (peers.ssh, "greeting.not_a_database", "ssh"),
            (peers.mysql_greeting, "greeting.other_engine", "mysql"),
            (postgresql, "greeting.other_engine", "postgresql"),
            (postgresql_that_waits, "greeting.other_engine", "postgresql"),
        ],
    )
    def test_is_told(self, behave: Any, cause: str, speaks: str) -> None:
        with peers.peer(behave) as here:
            done = check(spec_of(here))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert step(done, "greeting").detail["speaks"] == speaks
