"""Who answers on the port and is no PostgreSQL, or a broken one, or one of bad TLS."""

import pytest

from app.engines.base import TlsOptions
from tests.support.certificates import Authority
from tests.support.databases import fake_postgresql as fake
from tests.support.databases import peers

REQUIRE = TlsOptions(mode="require")


class TestAWrongProtocol:
    def test_is_a_web_server(self, against):
        checked = against(peers.http)

        assert checked.cause == "greeting.not_a_database"
        assert checked.steps["greeting"].detail["speaks"] == "http"

    def test_is_a_web_server_that_waits_for_a_whole_line(self, against):
        def patient(here, sock):
            if b"\n" in here.read(sock) or b"\n" in here.read(sock):
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        checked = against(patient, connect_timeout_ms=300, deadline_ms=6_000)

        assert checked.steps["greeting"].detail["speaks"] == "http"

    def test_is_ssh(self, against):
        assert against(peers.ssh).steps["greeting"].detail["speaks"] == "ssh"

    def test_is_mysql_which_is_not_asked_twice(self, against):
        connections = []

        def greet(here, sock):
            connections.append(1)
            peers.mysql_greeting(here, sock)

        checked = against(greet)

        assert checked.cause == "greeting.other_engine"
        assert checked.steps["greeting"].detail["speaks"] == "mysql"
        assert len(connections) == 1

    def test_is_something_that_answers_nonsense(self, against):
        checked = against(fake.speaks(offer=b"\x99nonsense"))

        assert checked.cause == "greeting.not_a_database"
        assert checked.steps["greeting"].detail["first_bytes"].startswith("99")

    def test_begins_after_the_greeting(self, against):
        assert against(fake.speaks(b"HTTP/1.1 200 OK\r\n\r\n")).cause == "greeting.not_a_database"

    @pytest.mark.parametrize("kind", [b"H", b"G", b"W"])
    def test_is_a_copy_that_nobody_asked_for(self, against, kind):
        checked = against(fake.speaks(fake.WELCOME, fake.message(kind, b"\0\0\0")))

        assert checked.steps["identify"].cause in {"query.other", "server.connection_lost"}

    def test_is_more_than_the_answer_about_tls(self, against):
        checked = against(fake.speaks(offer=b"S" + fake.WELCOME), tls=REQUIRE)

        assert (checked.outcome, checked.failed_step) == ("failed", "greeting")

    def test_is_an_error_instead_of_an_answer(self, against):
        fields = against(fake.speaks(offer=fake.error("53300", "sorry", routine="ProcessStartupPacket")))
        old = against(fake.speaks(offer=b"Ecould not fork new process for connection: no memory\n\0"))

        assert (fields.cause, fields.failed_step) == ("server.too_many_connections", "greeting")
        assert old.cause == "server.out_of_memory"


class TestBadTls:
    def verify(self, authority: Authority, **options) -> TlsOptions:
        return TlsOptions(mode="verify-full", ca=authority.pem, **options)

    def test_with_a_weak_key_is_refused_and_with_legacy_is_not(self, against, authority):
        context = fake.server_context(authority.issue_files("weak", ["127.0.0.1"], key_bits=1_024))
        weak = fake.speaks(fake.error("28P01", "no", routine="auth_failed"), offer=b"S", context=context)

        refused = against(weak, tls=self.verify(authority))
        accepted = against(weak, tls=self.verify(authority, legacy=True))

        assert (refused.cause, refused.failed_step) == ("tls.weak_certificate", "tls")
        assert (accepted.cause, accepted.failed_step) == ("login.refused", "login")

    def test_that_is_too_old_is_refused(self, against, authority):
        context = fake.server_context(authority.issue_files("old", ["127.0.0.1"]), oldest=True)

        checked = against(fake.speaks(offer=b"S", context=context), tls=REQUIRE)

        assert (checked.cause, checked.failed_step) == ("tls.protocol_too_old", "tls")

    def test_that_is_plain_text_is_told(self, against):
        def plain(here, sock):
            here.read(sock)
            sock.sendall(b"S")
            here.read(sock)
            sock.sendall(fake.WELCOME)

        assert against(plain, tls=REQUIRE).cause == "tls.plain_answer"


class TestHangingUp:
    def test_in_the_login_is_a_closed_connection(self, against):
        assert against(fake.speaks(offer=b"N", last=True)).cause == "connect.closed"

    def test_after_the_login_is_a_lost_one(self, against):
        checked = against(fake.speaks(fake.WELCOME, last=True))

        assert (checked.outcome, checked.cause) == ("degraded", "server.connection_lost")
