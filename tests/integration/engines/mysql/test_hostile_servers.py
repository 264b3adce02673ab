"""Servers that ask for what they must not get, or never end: in time, and without a byte of the secret."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, Login, TlsMode, TlsOptions
from app.engines.check import CheckFact
from app.engines.mysql.wire import Wire
from tests.engine_suite.suite import GRACE_S, SECRET, TRIES, Permissive, check, hides
from tests.support.certificates import Authority
from tests.support.databases import fake_mysql
from tests.support.databases.fake_mysql import FAST_LOGIN_OK, FULL_LOGIN, OK, Speaker, error, greeting, switch
from tests.support.databases.mariadb_server import ended, step
from tests.support.databases.peers import Peer

DEADLINE_MS = 700
CLEAR = ["mysql_clear_password", "dialog", "sha256_password"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def context(authority: Authority) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(*authority.issue_files("server", ["127.0.0.1"]))
    return found


@pytest.fixture
def against() -> Iterator[Callable[..., tuple[CheckFact, Peer]]]:
    running: list[Peer] = []

    def run(behave: Callable[[Peer, socket.socket], None], **changes: Any) -> tuple[CheckFact, Peer]:
        here = Peer(behave)
        running.append(here)
        values: dict[str, Any] = {
            "db_type": "mysql",
            "host": "127.0.0.1",
            "port": here.port,
            "guard": Permissive(),
            "login": Login(username="muster", password=SECRET),
            "tls": TlsOptions(mode="disable"),
            "deadline_ms": DEADLINE_MS,
        }
        return check(ConnectionSpec(**{**values, **changes})), here

    yield run
    for here in running:
        here.close()


def got_the_secret(here: Peer) -> bool:
    here.wait()
    return any(shape in here.received for shape in hides(SECRET))


def in_time(run: Callable[[], Any]) -> Any:
    took = []
    for _ in range(TRIES):
        began = time.monotonic()
        found = run()
        took.append(time.monotonic() - began)
        if took[-1] <= DEADLINE_MS / 1000 + GRACE_S:
            return found
    raise AssertionError(f"the deadline was passed: {took}")


class TestAServerThatAsksForThePassword:
    @pytest.mark.parametrize("plugin", CLEAR)
    def test_does_not_get_it(self, against: Callable[..., Any], plugin: str) -> None:
        done, here = against(Speaker((switch(plugin, b"\x04Password: "),)))

        assert ended(done) == ("failed", "guard.cleartext_refused")
        assert step(done, "login").detail == {"plugin": plugin}
        assert not got_the_secret(here)

    @pytest.mark.parametrize("plugin", [*CLEAR, "caching_sha2_password", "no_such_plugin"])
    @pytest.mark.parametrize("encrypted", [False, True])
    def test_does_not_get_it_when_it_greets_with_such_a_method(
        self, against: Callable[..., Any], context: ssl.SSLContext, plugin: str, *, encrypted: bool
    ) -> None:
        speaker = Speaker((FULL_LOGIN,), greeting(plugin=plugin, tls=encrypted), context if encrypted else None)

        done, here = against(speaker, tls=TlsOptions(mode="require" if encrypted else "disable"))

        assert ended(done)[0] == "failed"
        assert step(done, "login").cause in {"guard.cleartext_refused", "login.other"}
        assert not got_the_secret(here)

    @pytest.mark.parametrize("plugin", CLEAR)
    @pytest.mark.parametrize("mode", ["prefer", "require"])
    def test_does_not_get_it_under_tls_that_nobody_verified(
        self, against: Callable[..., Any], context: ssl.SSLContext, plugin: str, mode: TlsMode
    ) -> None:
        speaker = Speaker((switch(plugin, b"\x04Password: "),), greeting(tls=True), context)

        done, here = against(speaker, tls=TlsOptions(mode=mode))

        assert ended(done) == ("failed", "guard.cleartext_refused")
        assert not got_the_secret(here)

    @pytest.mark.parametrize("encrypted", [False, True])
    def test_does_not_get_it_by_claiming_not_to_know_the_scramble(
        self, against: Callable[..., Any], context: ssl.SSLContext, *, encrypted: bool
    ) -> None:
        greets = greeting(plugin="caching_sha2_password", tls=encrypted)

        for answers in ((FULL_LOGIN,), (switch("caching_sha2_password"), FULL_LOGIN)):
            speaker = Speaker(answers, greets, context if encrypted else None)
            done, here = against(speaker, tls=TlsOptions(mode="require" if encrypted else "disable"))

            assert ended(done) == ("failed", "guard.cleartext_refused")
            assert not got_the_secret(here)

    def test_gets_nothing_of_the_login_where_tls_was_wanted(self, against: Callable[..., Any]) -> None:
        done, here = against(Speaker((switch("mysql_clear_password"), OK)), tls=TlsOptions(mode="require"))

        assert ended(done) == ("failed", "tls.not_offered")
        assert not got_the_secret(here)
        assert b"muster\x00" not in here.received

    def test_gets_no_hash_of_the_time_before_4_1(self, against: Callable[..., Any]) -> None:
        done, here = against(Speaker((switch("mysql_old_password"),)))

        assert ended(done) == ("failed", "login.method_unsupported")
        assert not got_the_secret(here)

    def test_gets_it_when_it_is_verified(
        self, against: Callable[..., Any], authority: Authority, context: ssl.SSLContext
    ) -> None:
        """The other tests would pass as well if no password was ever sent."""
        speaker = Speaker(
            (FULL_LOGIN, OK, error(1064, "no")), greeting(plugin="caching_sha2_password", tls=True), context
        )

        _, here = against(speaker, tls=TlsOptions(mode="verify-full", ca=authority.pem))

        assert got_the_secret(here)

    def test_is_not_repeated_after(self, against: Callable[..., Any]) -> None:
        refused, _ = against(Speaker((error(1045, f"no, {SECRET} is not it"),)))
        later, _ = against(Speaker((OK, OK, error(1064, f"not with {SECRET}"))))

        assert step(refused, "login").detail["server_text"] == "no, … is not it"
        assert step(later, "identify").detail["server_text"] == "not with …"

    def test_that_knows_the_scramble_lets_in(self, against: Callable[..., Any]) -> None:
        def knows(sock: socket.socket) -> None:
            sock.sendall(fake_mysql.packet(2, FAST_LOGIN_OK) + fake_mysql.packet(3, OK))

        done, here = against(Speaker((knows, error(1820, "change it")), greeting(plugin="caching_sha2_password")))

        assert ended(done) == ("failed", "login.password_expired")
        assert (step(done, "tls").outcome, step(done, "tls").cause) == ("skipped", "tls.plaintext")
        assert not got_the_secret(here)

    def test_gets_none_of_our_files(self, against: Callable[..., Any]) -> None:
        words = Path(__file__).read_bytes()[:30]

        done, here = against(Speaker((OK, OK, b"\xfb" + __file__.encode(), OK)))

        assert step(done, "identify").cause == "query.other"
        assert words not in here.received


class TestWhoeverStandsBetween:
    def test_cannot_answer_in_plain_text_for_what_is_said_under_tls(
        self, against: Callable[..., Any], context: ssl.SSLContext
    ) -> None:
        put_in = fake_mysql.packet(3, OK)  # the answer to the login, before TLS has begun
        speaker = Speaker((error(1045, "no"),), greeting(tls=True) + put_in, context)

        done, _ = against(speaker, tls=TlsOptions(mode="require"))

        assert ended(done) == ("failed", "login.refused")


class TestAServerThatNeverEnds:
    @pytest.mark.parametrize(
        ("answer", "cause"),
        [
            (fake_mysql.endless_rows, "guard.answer_too_large"),
            (fake_mysql.announces_a_gigabyte, "guard.answer_too_large"),
            (fake_mysql.dribbling_rows, "check.deadline"),
            (lambda sock: sock.recv(1), "check.deadline"),
        ],
        ids=["rows", "gigabyte", "dribble", "silence"],
    )
    def test_is_left_in_time(self, against: Callable[..., Any], answer: Any, cause: str) -> None:
        done, here = in_time(lambda: against(Speaker((OK, OK, answer))))

        assert step(done, "identify").cause == cause
        assert not got_the_secret(here)

    def test_ends_a_login_that_is_never_answered(self, against: Callable[..., Any]) -> None:
        done, _ = in_time(lambda: against(Speaker()))

        assert ended(done) == ("failed", "check.deadline")

    def test_ends_a_handshake_that_is_never_answered(self, against: Callable[..., Any]) -> None:
        speaker = Speaker(greets=greeting(tls=True))

        done, _ = in_time(lambda: against(speaker, tls=TlsOptions(mode="require")))

        assert ended(done) == ("failed", "check.deadline")

    def test_is_quoted_in_part(self, against: Callable[..., Any]) -> None:
        done, _ = in_time(lambda: against(Speaker((error(1045, "\u202e<img src=x>" + "x" * 1_000_000),))))

        assert ended(done) == ("failed", "login.refused")
        text = step(done, "login").detail["server_text"]
        assert len(text) <= 500
        assert "\u202e" not in text


class TestAServerThatBreaksTheProtocol:
    @pytest.mark.parametrize(
        "first", [b"\x00", b"\xff", b"SSH-2.0-x\r\n", b"220 mail\r\n", b"\x05\x00\x00\x00\x0b\x08\x05"]
    )
    def test_is_told_apart(self, against: Callable[..., Any], first: bytes) -> None:
        def speaks(here: Peer, sock: socket.socket) -> None:
            sock.sendall(first)
            sock.shutdown(socket.SHUT_WR)
            here.drain(sock)

        done, _ = against(speaks)

        assert ended(done)[1] in {"greeting.not_a_database", "connect.closed"}

    def test_of_before_the_greeting_we_know_is_told(self, against: Callable[..., Any]) -> None:
        done, _ = against(Speaker(greets=fake_mysql.packet(0, b"\x093.20.1\x00" + bytes(30))))

        assert ended(done) == ("failed", "driver.server_unsupported")

    def test_breaks_nothing_of_ours(self, against: Callable[..., Any]) -> None:
        """`check` asserts that no cause is an internal one."""
        for seed in range(100):
            done, here = against(fake_mysql.broken(seed), deadline_ms=400)

            assert done.verdict.outcome in {"failed", "degraded"}, seed
            assert not any(shape in here.received for shape in hides(SECRET)), seed


class TestASecret:
    def test_of_letters_that_cannot_be_sent_is_in_no_error(self, against: Callable[..., Any]) -> None:
        done, _ = against(Speaker((error(1045, "no"),)), login=Login(username="m\ud800", password="p\ud800" + SECRET))

        assert ended(done) == ("failed", "login.refused")

    def test_is_not_kept_after_the_login(self, against: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
        seen = []
        monkeypatch.setattr(Wire, "drop", lambda wire: seen.append(wire.password))

        against(Speaker((OK, OK, b"\xfb/etc/passwd")))

        assert set(seen) == {b""}
