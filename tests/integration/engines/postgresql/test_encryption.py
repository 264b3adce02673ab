"""TLS with a real server: its certificate, ours, and passwords in clear inside of it."""

import pytest

from app.engines.base import TlsOptions
from tests.support.certificates import as_told

REQUIRE = TlsOptions(mode="require")
PLAIN = TlsOptions(mode="disable")


class TestTls:
    def verify(self, certificates, mode="verify-full", **options) -> TlsOptions:
        return TlsOptions(mode=mode, ca=certificates.authority.pem, **options)

    @pytest.fixture
    def showing(self, server, certificates):
        """Let the server show another certificate for one test."""
        yield lambda kind: server.reload(**certificates.options(kind))
        server.reload(**certificates.options("good"))

    def test_is_ok_when_it_is_verified(self, server, certificates, try_as):
        checked = try_as(server, "monitor", tls=self.verify(certificates), host="localhost")

        assert (checked.outcome, checked.cause) == ("ok", None)
        tls = checked.fact.found.tls
        assert (tls.protocol, tls.verified, tls.host_matches, tls.subject) == ("TLSv1.3", True, True, "CN=localhost")
        assert server.value("SHOW ssl") == "on"

    def test_degrades_the_check_when_it_is_not(self, server, try_as):
        checked = try_as(server, "monitor", tls=REQUIRE)

        assert (checked.outcome, checked.cause) == ("degraded", "tls.unverified")

    def test_degrades_the_check_when_the_certificate_ends_soon(self, server, certificates, try_as, showing):
        showing("soon")

        checked = try_as(server, "monitor", tls=self.verify(certificates))

        assert (checked.outcome, checked.cause) == ("degraded", "tls.cert_expires_soon")

    @pytest.mark.parametrize(
        ("kind", "cause"),
        [
            ("expired", "tls.cert_expired"),
            ("not_yet_valid", "tls.cert_not_yet_valid"),
            ("other_host", "tls.host_mismatch"),
            ("unknown", "tls.unknown_ca"),
        ],
    )
    def test_ends_at_a_bad_certificate(self, server, certificates, try_as, showing, kind, cause):
        showing(kind)
        before = server.log.read_text()

        checked = try_as(server, "monitor", tls=self.verify(certificates))

        assert (checked.outcome, checked.cause, checked.failed_step) == ("failed", cause, "tls")
        assert as_told(certificates.files[kind][0].read_text()).items() <= checked.steps["tls"].detail.items()
        assert "connection authorized" not in server.log.read_text()[len(before) :]

    def test_takes_the_certificate_of_another_host_when_only_the_authority_counts(
        self, server, certificates, try_as, showing
    ):
        showing("other_host")

        checked = try_as(server, "monitor", tls=self.verify(certificates, mode="verify-ca"))

        assert checked.outcome == "ok"
        assert checked.fact.found.tls.host_matches is False

    def test_trusts_the_authorities_of_the_system_without_one_of_ours(self, server, certificates, try_as):
        checked = try_as(server, "monitor", tls=TlsOptions(mode="verify-full"))

        assert checked.cause == "tls.unknown_ca"

    def test_shows_a_certificate_of_ours(self, server, certificates, try_as):
        cert, key = certificates.authority.issue(["by_cert"])
        mine = self.verify(certificates, client_cert=cert, client_key=key)

        with_password = try_as(server, "certified", tls=mine)
        alone = try_as(server, "by_cert", "", tls=mine)

        assert [one.steps["login"].outcome for one in (with_password, alone)] == ["ok", "ok"]
        assert alone.steps["login"].detail["method"] == "none"

    def test_tells_when_our_certificate_is_refused(self, server, certificates, try_as):
        cert, key = certificates.stranger.issue(["by_cert"])

        checked = try_as(server, "certified", tls=self.verify(certificates, client_cert=cert, client_key=key))

        assert checked.cause == "tls.client_cert_refused"

    def test_tells_when_our_certificate_is_somebody_elses(self, server, certificates, try_as):
        cert, key = certificates.authority.issue(["monitor"])

        checked = try_as(server, "by_cert", "", tls=self.verify(certificates, client_cert=cert, client_key=key))

        assert checked.cause == "tls.client_cert_refused"

    def test_gives_a_password_in_clear_to_a_verified_server_alone(self, server, certificates, try_as):
        verified = try_as(server, "clear", tls=self.verify(certificates))
        unverified = try_as(server, "clear", tls=REQUIRE)
        plain = try_as(server, "clear")

        assert verified.steps["login"].detail["method"] == "password"
        assert (unverified.cause, plain.cause) == ("guard.cleartext_refused", "guard.cleartext_refused")

    def test_takes_a_wrong_ldap_password_for_a_refused_login(self, server, certificates, try_as):
        checked = try_as(server, "by_ldap", tls=self.verify(certificates))

        assert checked.cause == "login.refused"

    def test_is_not_offered(self, server, try_as):
        server.reload(ssl="off")
        required = try_as(server, "monitor", tls=REQUIRE)
        preferred = try_as(server, "monitor", tls=TlsOptions(mode="prefer"))
        disabled = try_as(server, "monitor", tls=PLAIN)
        server.reload(ssl="on")

        assert (required.outcome, required.cause, required.failed_step) == ("failed", "tls.not_offered", "tls")
        assert (preferred.outcome, preferred.cause) == ("degraded", "tls.plaintext")
        assert (disabled.outcome, disabled.cause) == ("ok", None)
        assert (disabled.steps["tls"].outcome, disabled.steps["tls"].cause) == ("skipped", "tls.plaintext")
