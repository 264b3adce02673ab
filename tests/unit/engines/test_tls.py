"""TLS as all engines need it: contexts, what a certificate says, failures as cause codes. Handshakes in memory."""

import gc
import os
import ssl
import weakref
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.engines import tls
from app.engines.base import TlsOptions
from app.engines.errors import StepFailed
from app.engines.facts import TlsFact
from app.engines.ladder import Step
from tests.support.certificates import Authority

HOST = "db1.example.com"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("other"), name="Another")


def server_context(authority, names=(HOST,), **kind):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(*authority.issue_files("-".join(["s", *kind, names[0].replace("*", "x")]), names, **kind))
    return context


def shake_hands(options, server, host=HOST):
    """Let both sides talk in memory until the handshake is done; returns the client's side."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = tls.context_of(options).wrap_bio(to_client, to_server, server_hostname=tls.server_name(host))
    peer = server.wrap_bio(to_server, to_client, server_side=True)
    sides = [client, peer]
    for _ in range(10):
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                if side is client:
                    raise
                sides.remove(side)  # it has sent the alert that the client is about to read
        if not sides:
            break
    for side in (client, peer):  # a TLS 1.3 client hears of a refusal at its first read
        try:
            side.read(1)
        except ssl.SSLWantReadError:
            continue
    return client


def refusal(options, server, host=HOST):
    with pytest.raises(ssl.SSLError) as caught:
        shake_hands(options, server, host)
    return tls.failure(caught.value)


class TestAContext:
    @pytest.mark.parametrize(
        ("mode", "verify", "checks_host"),
        [
            ("prefer", ssl.CERT_NONE, False),
            ("require", ssl.CERT_NONE, False),
            ("verify-ca", ssl.CERT_REQUIRED, False),
            ("verify-full", ssl.CERT_REQUIRED, True),
        ],
    )
    def test_checks_what_its_mode_says(self, authority, mode, verify, checks_host):
        context = tls.context_of(TlsOptions(mode=mode, ca=authority.pem))

        assert (context.verify_mode, context.check_hostname) == (verify, checks_host)
        assert context.minimum_version == ssl.TLSVersion.TLSv1_2

    def test_trusts_the_given_authorities_alone(self, authority):
        own = tls.context_of(TlsOptions(mode="verify-ca", ca=authority.pem))

        assert [found["subject"] for found in own.get_ca_certs()] == [((("commonName", "Muster tests"),),)]

    def test_is_shared_by_equal_options_and_by_no_others(self, authority):
        options = {"mode": "verify-ca", "ca": authority.pem}

        assert tls.context_of(TlsOptions(**options)) is tls.context_of(TlsOptions(**options))
        assert tls.context_of(TlsOptions(**options)) is not tls.context_of(TlsOptions(**options, legacy=True))

    def test_with_a_key_of_ours_is_kept_by_nobody(self, authority):
        cert, key = authority.issue(["muster"])

        for options in ({"client_cert": cert, "client_key": key}, {"client_cert": cert + key}):
            made = weakref.ref(tls.context_of(TlsOptions(**options)))
            gc.collect()

            assert made() is None

    def test_takes_old_protocols_where_that_was_asked_for(self):
        assert tls.context_of(TlsOptions(legacy=True)).minimum_version == ssl.TLSVersion.MINIMUM_SUPPORTED

    @pytest.mark.parametrize(
        "options",
        [{"ca": "no certificate"}, {"client_cert": "nor this"}, {"client_cert": "CERT", "client_key": "OTHER KEY"}],
    )
    def test_that_cannot_be_made_is_a_cause_and_tells_no_secret(self, authority, options):
        known = {"CERT": authority.issue(["a"])[0], "OTHER KEY": authority.issue(["b"])[1]}
        given = {name: known.get(value, value) for name, value in options.items()}

        with pytest.raises(StepFailed) as caught:
            tls.context_of(TlsOptions(mode="verify-ca", **given))

        assert caught.value.cause == "driver.option_unsupported"
        assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)
        assert "PRIVATE" not in repr(caught.value.detail)

    def test_shows_no_key_in_its_options(self):
        assert "a-planted-key" not in repr(TlsOptions(client_key="a-planted-key"))


class TestAPrivateFile:
    def test_is_lent_and_gone(self):
        with tls.private_file("a-planted-key") as path:
            assert Path(path).read_text(encoding="ascii") == "a-planted-key"
            assert Path(path).stat().st_mode & 0o777 == 0o600

        assert not Path(path).exists()

    def test_is_an_ordinary_one_where_there_is_no_memory_for_files(self, monkeypatch):
        monkeypatch.delattr(os, "memfd_create")

        with tls.private_file("a-planted-key") as path:
            assert Path(path).read_text(encoding="ascii") == "a-planted-key"
            assert Path(path).stat().st_mode & 0o777 == 0o600

        assert not Path(path).exists()


class TestAHandshake:
    @pytest.mark.parametrize("mode", ["prefer", "require", "verify-ca", "verify-full"])
    def test_with_a_good_server_says_who_it_is(self, authority, mode):
        options = TlsOptions(mode=mode, ca=authority.pem)

        fact = tls.fact_of(shake_hands(options, server_context(authority)), options, HOST)

        assert (fact.subject, fact.issuer, fact.names) == (f"CN={HOST}", "CN=Muster tests", (HOST,))
        assert (fact.protocol, fact.days_left, fact.host_matches) == ("TLSv1.3", 90, True)
        assert fact.verified is mode.startswith("verify")
        assert fact.cipher

    @pytest.mark.parametrize("kind", [{"expired": True}, {"not_yet_valid": True}, {}])
    def test_that_verifies_nothing_takes_any(self, other, kind):
        assert shake_hands(TlsOptions(), server_context(other, ["elsewhere"], **kind))

    @pytest.mark.parametrize(
        ("mode", "names", "kind", "cause"),
        [
            ("verify-ca", [HOST], {"expired": True}, "tls.cert_expired"),
            ("verify-ca", [HOST], {"not_yet_valid": True}, "tls.cert_not_yet_valid"),
            ("verify-ca", [HOST], {"key_bits": 1024}, "tls.weak_certificate"),
            ("verify-full", ["elsewhere.example.com"], {}, "tls.host_mismatch"),
            ("verify-full", ["*.example.org"], {}, "tls.host_mismatch"),
        ],
    )
    def test_with_a_bad_certificate_names_its_fault(self, authority, mode, names, kind, cause):
        failure = refusal(TlsOptions(mode=mode, ca=authority.pem), server_context(authority, names, **kind))

        assert failure.cause == cause

    def test_with_another_address_names_its_fault(self, authority):
        server, options = server_context(authority, ["192.0.2.1"]), TlsOptions(mode="verify-full", ca=authority.pem)

        assert shake_hands(options, server, "192.0.2.1")
        assert refusal(options, server, "192.0.2.2").cause == "tls.host_mismatch"

    def test_with_an_unknown_authority_names_its_fault(self, authority, other):
        failure = refusal(TlsOptions(mode="verify-ca", ca=authority.pem), server_context(other))

        assert (failure.cause, failure.detail["server_code"]) == ("tls.unknown_ca", 20)

    def test_ignores_the_name_where_only_the_authority_counts(self, authority):
        options = TlsOptions(mode="verify-ca", ca=authority.pem)

        shaken = shake_hands(options, server_context(authority, ["x.org"]))
        assert tls.fact_of(shaken, options, HOST).host_matches is False

    def test_takes_a_host_with_its_last_dot(self, authority):
        assert shake_hands(TlsOptions(mode="verify-full", ca=authority.pem), server_context(authority), f"{HOST}.")

    def test_with_an_old_server_needs_the_leave_to_be_old(self, authority):
        server = server_context(authority)
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            server.minimum_version = server.maximum_version = ssl.TLSVersion.TLSv1_1

        assert refusal(TlsOptions(), server).cause == "tls.protocol_too_old"
        assert shake_hands(TlsOptions(legacy=True), server).version() == "TLSv1.1"

    def test_takes_a_weak_certificate_where_old_ones_are_accepted(self, authority):
        options = TlsOptions(mode="verify-full", ca=authority.pem, legacy=True)

        assert shake_hands(options, server_context(authority, key_bits=1024))

    def test_brings_the_client_certificate(self, authority):
        server = server_context(authority)
        server.verify_mode = ssl.CERT_REQUIRED
        server.load_verify_locations(cadata=authority.pem)
        cert, key = authority.issue(["muster"])

        assert shake_hands(TlsOptions(client_cert=cert, client_key=key), server)


class TestAFailure:
    @staticmethod
    def made(kind, reason):
        exc = kind(1, f"[SSL: {reason}] said so")
        exc.reason = reason
        return exc

    @pytest.mark.parametrize(
        ("reason", "cause"),
        [
            ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls.client_cert_required"),
            ("TLSV1_ALERT_UNKNOWN_CA", "tls.client_cert_refused"),
            ("SSLV3_ALERT_BAD_CERTIFICATE", "tls.client_cert_refused"),
            ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "tls.client_cert_refused"),
            ("TLSV1_ALERT_PROTOCOL_VERSION", "tls.protocol_too_old"),
            ("UNSUPPORTED_PROTOCOL", "tls.protocol_too_old"),
            ("SSLV3_ALERT_HANDSHAKE_FAILURE", "tls.no_common_cipher"),
            ("NO_SHARED_CIPHER", "tls.no_common_cipher"),
            ("DH_KEY_TOO_SMALL", "tls.no_common_cipher"),
            ("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "tls.no_common_cipher"),
            ("WRONG_VERSION_NUMBER", "tls.plain_answer"),
            ("EE_KEY_TOO_SMALL", "tls.weak_certificate"),
            ("SOMETHING_NEW", "tls.other"),
        ],
    )
    def test_is_known_by_the_reason_of_openssl(self, reason, cause):
        failure = tls.failure(self.made(ssl.SSLError, reason))

        assert (failure.cause, failure.detail) == (cause, {"server_text": reason})

    @pytest.mark.parametrize(
        ("code", "cause"),
        [
            (9, "tls.cert_not_yet_valid"),
            (10, "tls.cert_expired"),
            (18, "tls.unknown_ca"),
            (19, "tls.unknown_ca"),
            (20, "tls.unknown_ca"),
            (21, "tls.unknown_ca"),
            (23, "tls.cert_revoked"),
            (62, "tls.host_mismatch"),
            (64, "tls.host_mismatch"),
            (66, "tls.weak_certificate"),
            (67, "tls.weak_certificate"),
            (68, "tls.weak_certificate"),
            (99, "tls.other"),
        ],
    )
    def test_of_a_certificate_is_known_by_its_code(self, code, cause):
        exc = self.made(ssl.SSLCertVerificationError, "CERTIFICATE_VERIFY_FAILED")
        exc.verify_code, exc.verify_message = code, "says\x1b[31m who\u202e"

        failure = tls.failure(exc)

        assert (failure.cause, failure.detail) == (cause, {"server_code": code, "server_text": "says[31m who"})

    @pytest.mark.parametrize(
        "kind", [ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionResetError, BrokenPipeError, ConnectionAbortedError]
    )
    def test_that_is_an_end_is_told_as_one(self, kind):
        exc = self.made(kind, "UNEXPECTED_EOF_WHILE_READING")

        assert tls.failure(exc).cause == "connect.closed"

    def test_of_another_kind_tells_its_kind_alone(self):
        failure = tls.failure(OSError(5, "a-planted-secret"))

        assert (failure.cause, failure.detail) == ("tls.other", {"server_text": "OSError"})


class TestAName:
    @pytest.mark.parametrize(
        ("name", "host", "does"),
        [
            ("db1.example.com", "db1.example.com", True),
            ("DB1.example.com.", "db1.EXAMPLE.com", True),
            ("db1.example.com", "db2.example.com", False),
            ("*.example.com", "db1.example.com", True),
            ("*.example.com", "a.db1.example.com", False),
            ("*.example.com", "example.com", False),
            ("*.com", "example.com", False),
            ("d*.example.com", "db1.example.com", False),
            ("*.example.com", ".example.com", False),
            ("192.0.2.1", "192.0.2.1", True),
            ("192.0.2.1", "192.0.2.2", False),
            ("2001:db8::1", "2001:DB8:0:0::1", True),
            ("*.0.2.1", "192.0.2.1", False),
            ("db1", "192.0.2.1", False),
        ],
    )
    def test_stands_for_a_host(self, name, host, does):
        assert tls.matches(name, host) is does


class TestAFact:
    @staticmethod
    def certificate(subject):
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=10))
        return builder.sign(key, hashes.SHA256())

    def test_holds_words_of_the_owner_that_can_be_shown(self):
        class Peer:
            def __init__(self, der):
                self.getpeercert = lambda binary_form: der

            cipher = staticmethod(lambda: None)
            version = staticmethod(lambda: "TLSv1.2")

        der = self.certificate("a\u202eb\x07<img src=x>").public_bytes(Encoding.DER)
        fact = tls.fact_of(Peer(der), TlsOptions(), HOST)

        assert fact.subject == "CN=ab\\<img src=x\\>"
        assert (fact.names, fact.host_matches, fact.days_left) == ((), False, 9)

    def test_of_a_peer_without_a_certificate_says_the_protocol(self):
        class Peer:
            getpeercert = staticmethod(lambda binary_form: None)
            cipher = staticmethod(lambda: ("ADH", "TLSv1.2", 128))
            version = staticmethod(lambda: "TLSv1.2")

        assert tls.fact_of(Peer(), TlsOptions(), HOST) == TlsFact(protocol="TLSv1.2", cipher="ADH")

    @pytest.mark.parametrize(
        ("fact", "warning"),
        [
            (TlsFact(days_left=30, verified=True), None),
            (TlsFact(days_left=29, verified=True), "tls.cert_expires_soon"),
            (TlsFact(days_left=-1, verified=False), "tls.cert_expires_soon"),
            (TlsFact(days_left=365, verified=False), "tls.unverified"),
            (TlsFact(), "tls.unverified"),
        ],
    )
    def test_degrades_the_check_by_what_it_leaves_to_be_desired(self, fact, warning):
        step = Step()

        tls.note(step, fact)

        assert step.warning == warning
        assert step.detail["days_left"] == fact.days_left
