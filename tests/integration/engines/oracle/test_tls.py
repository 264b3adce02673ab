"""TCPS, plain TNS, and a client that expects the other one."""

import ssl

import pytest

from app.engines import dialing, tls
from app.engines.base import TlsOptions
from app.engines.errors import StepFailed
from tests.engine_suite.suite import SECRET, check
from tests.integration.engines.oracle.conftest import spec_of, step_of
from tests.support.certificates import Authority, as_told
from tests.support.databases import oracle_server, peers, tns_listener
from tests.support.databases.tns_listener import within_tls


def server_context(authority: Authority, names: list[str], *, asks: bool = False, **kind: bool | int) -> ssl.SSLContext:
    """Return what a TCPS listener uses; `asks`: it wants a client certificate of the same authority."""
    certificate, key = authority.issue_files(f"listener-{len(list(authority.folder.iterdir()))}", names, **kind)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if kind.get("key_bits"):
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(certificate, key)
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.path)
    return context


@pytest.fixture
def listener(run, authority):
    """Start a TCPS listener with a certificate of this kind; behind TLS it knows no service."""

    def start(names=("127.0.0.1",), **kind):
        context = server_context(authority, list(names), **kind)
        return run(within_tls(context, tns_listener.refuses(12514)))

    return start


class TestATcpsListener:
    @pytest.mark.parametrize("mode", ["prefer", "require", "verify-ca", "verify-full"])
    def test_is_spoken_to_in_tls(self, listener, authority, mode):
        done = check(spec_of(listener().port, tls=TlsOptions(mode=mode, ca=authority.pem)))

        assert done.verdict.cause == "service.unknown"
        assert step_of(done, "tls").outcome == "ok"
        assert done.found.tls.protocol == "TLSv1.3"
        assert done.found.tls.verified is mode.startswith("verify")
        assert done.found.tls.host_matches is True

    def test_is_reached_without_a_login(self, listener, authority):
        tls_options = TlsOptions(mode="verify-full", ca=authority.pem)

        done = check(spec_of(listener().port, tls=tls_options, login=None))

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "login.no_credential")

    def test_that_speaks_no_tns_within_is_no_listener(self, run, authority):
        here = run(within_tls(server_context(authority, ["127.0.0.1"]), peers.http))

        done = check(spec_of(here.port, tls=TlsOptions(), login=None))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "greeting.not_a_database")
        assert step_of(done, "login").outcome == "failed"

    @pytest.mark.parametrize(
        ("kind", "cause"),
        [
            ({"expired": True}, "tls.cert_expired"),
            ({"not_yet_valid": True}, "tls.cert_not_yet_valid"),
            ({"names": ["other.example.com"]}, "tls.host_mismatch"),
            ({"key_bits": 1024}, "tls.weak_certificate"),
        ],
    )
    def test_with_a_bad_certificate_is_refused(self, listener, authority, kind, cause):
        here = listener(**kind)

        done = check(spec_of(here.port, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert step_of(done, "greeting").outcome == "ok"
        assert step_of(done, "tls").outcome == "failed"
        shown = max(authority.folder.glob("listener-*.pem"), key=lambda path: path.stat().st_mtime_ns)
        assert as_told(shown.read_text()).items() <= step_of(done, "tls").detail.items()

    def test_of_an_unknown_authority_is_refused(self, listener, tmp_path):
        stranger = Authority(tmp_path, name="Somebody else")

        done = check(spec_of(listener().port, tls=TlsOptions(mode="verify-ca", ca=stranger.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.unknown_ca")
        assert step_of(done, "tls").detail["issuer"] == "CN=Muster tests"

    @pytest.mark.usefixtures("in_process")
    def test_keeps_the_check_of_the_host_for_all_who_share_the_context(self, run, authority):
        """The driver switches it off in whatever context it is given."""
        options = TlsOptions(mode="verify-full", ca=authority.pem)
        database = oracle_server.standard("muster", SECRET)
        here = run(within_tls(server_context(authority, ["127.0.0.1"]), database.behave))

        check(spec_of(here.port, tls=options))

        assert database.logins == 1
        assert tls.context_of(options).check_hostname is True

    def test_gets_a_client_certificate(self, run, authority):
        certificate, key = authority.issue(["muster"])
        here = run(within_tls(server_context(authority, ["127.0.0.1"], asks=True), tns_listener.refuses(12514)))
        options = TlsOptions(mode="verify-full", ca=authority.pem, client_cert=certificate, client_key=key)

        assert check(spec_of(here.port, tls=options)).verdict.cause == "service.unknown"

    def test_that_falls_silent_has_been_told_of_when_the_time_is_over(self, run, authority):
        here = run(within_tls(server_context(authority, ["127.0.0.1"]), peers.silent))

        done = check(spec_of(here.port, tls=TlsOptions(mode="verify-full", ca=authority.pem), deadline_ms=500))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "check.deadline")
        assert done.found.tls is not None
        assert done.found.tls.verified is True

    def test_that_wants_one_and_gets_none_says_so(self, listener, authority):
        options = TlsOptions(mode="verify-full", ca=authority.pem)

        done = check(spec_of(listener(asks=True).port, tls=options))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.client_cert_required")

    def test_demands_tls_of_who_speaks_plain(self, listener):
        done = check(spec_of(listener().port))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.required")

    def test_that_hangs_up_on_plain_words_is_asked_again_in_tls(self, run, authority):
        context = server_context(authority, ["127.0.0.1"])

        def behave(here, sock):
            if sock.recv(1, 2) == b"\x16":  # MSG_PEEK
                within_tls(context, peers.silent)(here, sock)

        done = check(spec_of(run(behave).port))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.required")

    def test_that_redirects_is_verified_where_it_leads_to(self, run, listener, authority):
        target = listener(expired=True)
        first = run(
            within_tls(server_context(authority, ["127.0.0.1"]), tns_listener.redirects("127.0.0.1", target.port))
        )

        done = check(spec_of(first.port, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.cert_expired")
        assert step_of(done, "login").outcome == "failed"


class TestAPlainListener:
    @pytest.mark.parametrize(
        ("mode", "hangs_up"),
        [
            ("require", True),
            ("require", False),
            ("verify-full", True),
            pytest.param("verify-full", False, marks=pytest.mark.slow),
        ],
    )
    def test_offers_no_tls(self, run, mode, hangs_up):
        listen = tns_listener.refuses(12514)

        def behave(here, sock):
            if sock.recv(1, 2) != b"\x16":
                listen(here, sock)
            elif not hangs_up:
                here.drain(sock)

        done = check(spec_of(run(behave).port, tls=TlsOptions(mode=mode), deadline_ms=1_500))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.not_offered")

    def test_is_spoken_to_in_plain_where_tls_is_only_preferred(self, run):
        database = oracle_server.standard("muster", SECRET)

        def behave(here, sock):
            if sock.recv(1, 2) != b"\x16":
                database.behave(here, sock)

        done = check(spec_of(run(behave).port, tls=TlsOptions(mode="prefer")))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "tls.plaintext")
        assert database.logins == 1

    @pytest.mark.usefixtures("in_process")
    def test_that_cannot_be_asked_whether_it_speaks_tls_gets_no_login(self, run, monkeypatch):
        """Nobody has said that there is no TLS: a login without it would go out by mistake."""
        database = oracle_server.standard("muster", SECRET)
        here = run(database.behave)
        dials = iter([dialing.dial])

        def dial(address, port, *, timeout_s):
            once = next(dials, None)
            if once is None:
                raise StepFailed("connect.refused", code=111)
            return once(address, port, timeout_s=timeout_s)

        monkeypatch.setattr(dialing, "dial", dial)

        done = check(spec_of(here.port, tls=TlsOptions(mode="prefer")))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.refused")
        assert [one.step for one in done.steps if one.outcome == "failed"] == ["greeting"]
        assert here.received == b""
        assert database.logins == 0


class TestACertificateThatCannotBeRead:
    def test_is_said(self, run):
        done = check(spec_of(run(peers.silent).port, tls=TlsOptions(mode="verify-ca", ca="no certificate")))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "driver.option_unsupported")
