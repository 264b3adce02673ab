"""TLS with a real MariaDB server: good certificates and each kind of bad one, on one connection with the login."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.engines.base import TlsMode, TlsOptions
from app.engines.check import CheckFact
from tests.engine_suite.suite import SECRET, check
from tests.support.certificates import Authority, as_told
from tests.support.databases.mariadb_server import MariaDb, ended, mariadb, step

GOOD = ["127.0.0.1", "localhost"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secured(authority: Authority) -> Iterator[MariaDb]:
    with mariadb(tls=(*authority.issue(GOOD), authority.pem)) as running:
        running.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'", "GRANT ALL ON *.* TO muster@'%'")
        yield running


@pytest.fixture
def under(secured: MariaDb, authority: Authority) -> Iterator[Callable[..., CheckFact]]:
    """Check the server under another certificate; afterwards it has a good one again."""

    def run(names: list[str], mode: TlsMode = "verify-full", *, host: str = "127.0.0.1", **kind: Any) -> CheckFact:
        secured.show_certificate(*authority.issue(names, **kind))
        return check(secured.spec("muster", SECRET, host=host, tls=TlsOptions(mode=mode, ca=authority.pem)))

    yield run
    secured.show_certificate(*authority.issue(GOOD))


def with_client(authority: Authority, secured: MariaDb, **kind: Any) -> CheckFact:
    certificate, key = authority.issue(["muster"], **kind)
    tls = TlsOptions(mode="require", client_cert=certificate, client_key=key)
    return check(secured.spec("muster", SECRET, tls=tls))


class TestAGoodCertificate:
    @pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
    def test_is_verified(self, under: Callable[..., CheckFact], mode: TlsMode) -> None:
        done = under(GOOD, mode)

        assert ended(done) == ("ok", None)
        assert done.found.tls is not None
        assert (done.found.tls.protocol, done.found.tls.verified) == ("TLSv1.3", True)
        assert step(done, "tls").detail["subject"] == "CN=127.0.0.1"

    @pytest.mark.parametrize("mode", ["prefer", "require"])
    def test_is_not_verified_without_being_asked_for(self, under: Callable[..., CheckFact], mode: TlsMode) -> None:
        done = under(GOOD, mode)

        assert ended(done) == ("degraded", "tls.unverified")
        assert step(done, "login").outcome == "ok"

    def test_that_ends_soon_degrades_the_check(self, under: Callable[..., CheckFact]) -> None:
        assert ended(under(GOOD, days=10)) == ("degraded", "tls.cert_expires_soon")

    def test_stands_for_a_name(self, under: Callable[..., CheckFact]) -> None:
        assert ended(under(["localhost"], host="localhost")) == ("ok", None)

    def test_serves_a_check_without_a_login(self, secured: MariaDb, authority: Authority) -> None:
        done = check(secured.spec(None, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert ended(done) == ("reachable", "login.no_credential")
        assert step(done, "tls").outcome == "ok"


class TestABadCertificate:
    @pytest.mark.parametrize(
        ("kind", "cause", "number"),
        [
            ({"names": GOOD, "expired": True}, "tls.cert_expired", 10),
            ({"names": GOOD, "not_yet_valid": True}, "tls.cert_not_yet_valid", 9),
            ({"names": ["db.example.com"]}, "tls.host_mismatch", 64),
            ({"names": ["db.example.com"], "host": "localhost"}, "tls.host_mismatch", 62),
            ({"names": GOOD, "key_bits": 1024}, "tls.weak_certificate", 66),
        ],
    )
    def test_is_refused(
        self, secured: MariaDb, under: Callable[..., CheckFact], kind: dict[str, Any], cause: str, number: int
    ) -> None:
        done = under(**kind)

        assert ended(done) == ("failed", cause)
        told = step(done, "tls").detail
        assert told["server_code"] == number
        assert as_told((secured.folder / "server.pem").read_text()).items() <= told.items()
        assert step(done, "login").outcome == "skipped"

    def test_of_an_unknown_authority_is_refused(self, secured: MariaDb, tmp_path_factory: Any) -> None:
        other = Authority(tmp_path_factory.mktemp("other"), name="Somebody else")

        done = check(secured.spec("muster", SECRET, tls=TlsOptions(mode="verify-ca", ca=other.pem)))

        assert ended(done) == ("failed", "tls.unknown_ca")
        assert step(done, "tls").detail["issuer"] == "CN=Muster tests"

    def test_of_another_host_is_enough_for_verify_ca(self, under: Callable[..., CheckFact]) -> None:
        done = under(["db.example.com"], "verify-ca")

        assert ended(done) == ("ok", None)
        assert step(done, "tls").detail["host_matches"] is False

    def test_does_not_matter_to_require(self, under: Callable[..., CheckFact]) -> None:
        assert ended(under(["db.example.com"], "require", expired=True)) == ("degraded", "tls.cert_expires_soon")

    def test_that_is_weak_is_taken_where_old_servers_are(
        self, secured: MariaDb, authority: Authority, under: Callable[..., CheckFact]
    ) -> None:
        under(GOOD, key_bits=1024)

        done = check(secured.spec("muster", SECRET, tls=TlsOptions(mode="verify-full", ca=authority.pem, legacy=True)))

        assert ended(done) == ("ok", None)


class TestAClientCertificate:
    @pytest.fixture(autouse=True)
    def required(self, secured: MariaDb) -> Iterator[None]:
        secured.run("ALTER USER muster@'%' REQUIRE X509")
        yield
        secured.run("ALTER USER muster@'%' REQUIRE NONE")

    def test_lets_in(self, secured: MariaDb, authority: Authority) -> None:
        assert step(with_client(authority, secured), "login").outcome == "ok"

    def test_that_is_missing_is_a_refused_login(self, secured: MariaDb) -> None:
        assert ended(check(secured.spec("muster", SECRET, tls="require"))) == ("failed", "login.refused")

    def test_that_has_expired_is_told(self, secured: MariaDb, authority: Authority) -> None:
        assert ended(with_client(authority, secured, expired=True)) == ("failed", "tls.client_cert_refused")

    def test_of_an_unknown_authority_is_told(self, secured: MariaDb, tmp_path_factory: Any) -> None:
        other = Authority(tmp_path_factory.mktemp("stranger"), name="Somebody else")

        assert ended(with_client(other, secured)) == ("failed", "tls.client_cert_refused")

    def test_that_cannot_be_read_is_told_before_anything_is_dialled(self, secured: MariaDb) -> None:
        broken = TlsOptions(mode="require", client_cert="no certificate", client_key="no key")

        done = check(secured.spec("muster", SECRET, tls=broken))

        assert ended(done) == ("failed", "driver.option_unsupported")
        assert step(done, "greeting").outcome == "skipped"


class TestAServerWithoutTls:
    def test_is_told(self, server: MariaDb) -> None:
        assert ended(check(server.spec("muster", SECRET, tls="require"))) == ("failed", "tls.not_offered")

    def test_is_taken_by_prefer(self, server: MariaDb) -> None:
        done = check(server.spec("muster", SECRET, tls="prefer"))

        assert ended(done) == ("degraded", "tls.plaintext")
        assert step(done, "login").outcome == "ok"


class TestAnAccountThatRequiresTls:
    def test_is_let_in_under_tls(self, secured: MariaDb, authority: Authority) -> None:
        secured.run("ALTER USER muster@'%' REQUIRE SSL")

        try:
            assert step(check(secured.spec("muster", SECRET, tls="require")), "login").outcome == "ok"
        finally:
            secured.run("ALTER USER muster@'%' REQUIRE NONE")

    def test_of_the_whole_server_is_a_refused_login_on_mariadb(self, secured: MariaDb) -> None:
        secured.run("SET GLOBAL require_secure_transport = ON")

        try:
            done = check(secured.spec("muster", SECRET))
        finally:
            secured.run("SET GLOBAL require_secure_transport = OFF")

        assert ended(done) == ("failed", "login.refused")
