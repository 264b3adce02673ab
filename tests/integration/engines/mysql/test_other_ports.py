"""A port on which something else listens: told apart, and MySQL itself never asked twice."""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact
from tests.engine_suite.suite import SECRET, Permissive, check
from tests.support import postgresql
from tests.support.databases import peers
from tests.support.databases.fake_mysql import Speaker, greeting
from tests.support.databases.mariadb_server import ended, step
from tests.support.databases.peers import Peer, peer


def checked(port: int, **changes: Any) -> CheckFact:
    values: dict[str, Any] = {
        "db_type": "mysql",
        "host": "127.0.0.1",
        "port": port,
        "guard": Permissive(),
        "login": Login(username="muster", password=SECRET),
        "tls": TlsOptions(mode="disable"),
        "deadline_ms": 1_200,
    }
    return check(ConnectionSpec(**{**values, **changes}))


class TestAPort:
    def test_of_postgresql_is_told(self) -> None:
        port = postgresql.admin_url().port
        assert port is not None

        done = checked(port)

        assert ended(done) == ("failed", "greeting.other_engine")
        assert step(done, "greeting").detail == {"speaks": "postgresql"}

    @pytest.mark.parametrize(
        ("behave", "speaks"), [(peers.http, "http"), (peers.ssh, "ssh")], ids=["a web server", "ssh"]
    )
    def test_of_no_database_is_told(self, behave: Callable[[Peer, socket.socket], None], speaks: str) -> None:
        with peer(behave) as here:
            done = checked(here.port)

        assert ended(done) == ("failed", "greeting.not_a_database")
        assert step(done, "greeting").detail["speaks"] == speaks

    def test_that_keeps_silent_to_everybody_is_told(self) -> None:
        with peer(peers.silent) as here:
            done = checked(here.port)
            assert not here.received.count(SECRET.encode())

        assert ended(done) == ("failed", "greeting.silent")

    def test_of_mysql_is_never_asked_in_another_language(self) -> None:
        with peer(Speaker()) as here:
            done = checked(here.port, deadline_ms=800)

            assert here.connections == 1
        assert ended(done) == ("failed", "check.deadline")

    def test_of_a_slow_mysql_is_listened_to_once_more(self) -> None:
        def slow(here: Peer, sock: socket.socket) -> None:
            if here.connections == 1:
                time.sleep(0.9)
            sock.sendall(greeting())
            here.drain(sock)

        with peer(slow) as here:
            done = checked(here.port)

            assert here.connections == 2
            assert bytes(here.received) == b""
        assert ended(done) == ("failed", "greeting.silent")
        assert step(done, "greeting").detail == {"speaks": "mysql"}
