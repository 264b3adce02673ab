"""TLS inside of TDS, and what happens where one side has none."""

import socket
import ssl
import struct
from typing import Any

import pytest

from app.engines.base import TlsOptions
from tests.engine_suite.suite import check
from tests.support.certificates import Authority, as_told
from tests.support.databases import peers
from tests.support.databases.peers import Peer
from tests.support.databases.sqlserver_checks import Start, saw_the_secret, spec_of, step
from tests.support.databases.tds_server import NOT_SUPPORTED, OFF, ON


def _greeting(encryption: int) -> bytes:
    body = b"\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff" + bytes([15, 0, 1, 0, 0, 0, encryption])
    return b"\x04\x01" + struct.pack(">H", 8 + len(body)) + b"\x00\x00\x01\x00" + body


class TestTls:
    @pytest.mark.parametrize(
        ("kind", "mode", "cause"),
        [
            ({"expired": True}, "verify-full", "tls.cert_expired"),
            ({"not_yet_valid": True}, "verify-ca", "tls.cert_not_yet_valid"),
            ({"key_bits": 1024}, "verify-ca", "tls.weak_certificate"),
        ],
    )
    def test_tells_a_bad_certificate(
        self, start: Start, authority: Authority, kind: dict[str, Any], mode: str, cause: str
    ) -> None:
        own = authority.issue(["127.0.0.1"], **kind)
        server = start(own=own, ciphers="DEFAULT:@SECLEVEL=0")

        done = check(spec_of(server, tls=TlsOptions(mode=mode, ca=authority.pem)))  # type: ignore[arg-type]

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert as_told(own[0]).items() <= step(done, "tls").detail.items()
        assert server.logins == []

    def test_ends_with_what_tds_7_can_carry(self, start: Start) -> None:
        server = start(tls_versions=(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3))

        done = check(spec_of(server))

        assert done.found.tls is not None
        assert done.found.tls.protocol == "TLSv1.2"

    def test_tells_another_authority(self, start: Start, tmp_path) -> None:
        server = start()

        done = check(spec_of(server, tls=TlsOptions(mode="verify-ca", ca=Authority(tmp_path).pem)))

        assert done.verdict.cause == "tls.unknown_ca"
        assert step(done, "tls").detail["issuer"] == "CN=Muster tests"
        assert server.logins == []

    def test_tells_another_host(self, start: Start, authority: Authority) -> None:
        server = start(own=authority.issue(["elsewhere.example"]))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert done.verdict.cause == "tls.host_mismatch"
        assert step(done, "tls").detail["names"] == ["elsewhere.example"]
        assert check(spec_of(server, tls=TlsOptions(mode="verify-ca", ca=authority.pem))).verdict.outcome == "ok"

    def test_tells_a_protocol_that_is_too_old(self, start: Start) -> None:
        server = start(tls_versions=(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1))

        done = check(spec_of(server))

        # Where the versions differ the ciphers do too, and which of them a server complains about is its own affair.
        assert done.verdict.cause in {"tls.protocol_too_old", "tls.no_common_cipher"}
        assert server.logins == []

    def test_accepts_an_old_protocol_where_that_is_allowed(self, start: Start) -> None:
        server = start(tls_versions=(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1))

        done = check(spec_of(server, tls=TlsOptions(mode="require", legacy=True)))

        assert done.found.tls is not None
        assert done.found.tls.protocol == "TLSv1"
        assert done.found.server is not None

    def test_tells_that_there_is_no_common_cipher(self, start: Start) -> None:
        server = start(ciphers="ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0")

        assert check(spec_of(server)).verdict.cause == "tls.no_common_cipher"

    def test_shows_a_client_certificate(self, start: Start, authority: Authority) -> None:
        server = start(client_ca=authority.pem)
        own, key = authority.issue(["muster.example"])

        without = check(spec_of(server))
        done = check(spec_of(server, tls=TlsOptions(mode="require", client_cert=own, client_key=key)))

        assert without.verdict.outcome == "failed"
        assert str(without.verdict.cause) in {"tls.client_cert_required", "tls.no_common_cipher"}
        assert done.verdict.outcome == "degraded"

    def test_tells_a_certificate_that_expires_soon(self, start: Start, authority: Authority) -> None:
        server = start(own=authority.issue(["127.0.0.1"], days=10))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "tls.cert_expires_soon")

    def test_tells_an_answer_that_is_no_tls(self) -> None:
        def behave(here: Peer, sock: socket.socket) -> None:
            here.read(sock)
            sock.sendall(_greeting(ON))
            here.read(sock)
            sock.sendall(b"\x12\x01\x00\x16\x00\x00\x01\x00not TLS at all")
            here.drain(sock)

        with peers.peer(behave) as here:
            assert check(spec_of(here)).verdict.cause == "tls.plain_answer"


class TestEncryptionThatOneSideLacks:
    @pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
    def test_ends_before_the_login_when_it_is_demanded(self, start: Start, mode: str) -> None:
        server = start(tls=False)

        done = check(spec_of(server, mode=mode))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.not_offered")
        assert server.logins == []
        assert not saw_the_secret(server)

    def test_ends_before_the_login_when_it_is_preferred(self, start: Start) -> None:
        server = start(tls=False)

        done = check(spec_of(server, mode="prefer"))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.cleartext_refused")
        assert (step(done, "tls").outcome, step(done, "tls").cause) == ("ok", "tls.plaintext")
        assert server.logins == []
        assert not saw_the_secret(server)

    @pytest.mark.parametrize("encryption", [NOT_SUPPORTED, OFF])
    def test_lets_the_login_pass_when_it_is_not_wanted(self, start: Start, encryption: int) -> None:
        server = start(tls=encryption == OFF, encryption=encryption)

        done = check(spec_of(server, mode="disable"))

        assert (done.verdict.outcome, done.verdict.cause) == ("ok", None)
        assert (step(done, "tls").outcome, step(done, "tls").cause) == ("skipped", "tls.plaintext")
        assert [one.encrypted for one in server.logins] == [False]

    def test_is_told_when_the_server_demands_it(self, start: Start) -> None:
        server = start(encryption=ON)

        done = check(spec_of(server, mode="disable"))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.required")
        assert not saw_the_secret(server)

    def test_is_told_when_the_server_takes_nothing_but_tds_8(self, start: Start) -> None:
        server = start(strict=True)

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "driver.server_unsupported")
        assert step(done, "greeting").detail["wants"] == "TDS 8.0 (strict encryption)"
        assert not saw_the_secret(server)
