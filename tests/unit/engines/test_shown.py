"""What is told of a certificate that was refused. Handshakes in memory, and messages of our own."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.engines import shown, tls
from app.engines.base import TlsOptions
from app.engines.certificate import BYTES_MOST, Certificate
from tests.support.certificates import Authority

HOST = "db1.example.com"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), name="Somebody else")


def refusal(authority, ca, version, names=(HOST,), **kind):
    """Return why the client refuses a server that shows a certificate of this kind, and the client's context."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.maximum_version = version
    server.load_cert_chain(*authority.issue_files(f"{names[0]}-{'-'.join(kind)}", names, **kind))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = tls.context_of(TlsOptions(mode="verify-full", ca=ca.pem))
    client = context.wrap_bio(to_client, to_server, server_hostname=HOST)
    peer = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(5):
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as exc:
            return tls.failure(exc)
        try:
            peer.do_handshake()
        except ssl.SSLWantReadError:
            continue
    raise AssertionError("the certificate was not refused")


@pytest.mark.parametrize("version", VERSIONS, ids=lambda one: one.name)
class TestARefusedCertificate:
    @pytest.mark.parametrize(
        ("kind", "cause"),
        [
            ({"expired": True}, "tls.cert_expired"),
            ({"not_yet_valid": True}, "tls.cert_not_yet_valid"),
            ({"names": ("db2.example.com", "192.0.2.7")}, "tls.host_mismatch"),
        ],
    )
    def test_is_told_as_it_stands(self, authority, version, kind, cause):
        failed = refusal(authority, authority, version, **kind)

        names = kind.get("names", (HOST,))
        shows = {name: failed.detail[name] for name in ("subject", "names", "issuer")}
        assert failed.cause == cause
        assert shows == {"subject": f"CN={names[0]}", "names": list(names), "issuer": "CN=Muster tests"}
        begins, ends = (datetime.fromisoformat(failed.detail[name]) for name in ("not_before", "not_after"))
        assert begins < ends
        assert (ends < datetime.now(UTC)) is ("expired" in kind)
        assert (begins > datetime.now(UTC)) is ("not_yet_valid" in kind)

    def test_of_an_unknown_authority_names_it(self, authority, stranger, version):
        failed = refusal(stranger, authority, version)

        assert (failed.cause, failed.detail["issuer"]) == ("tls.unknown_ca", "CN=Somebody else")
        assert failed.detail["server_code"] == 20

    def test_is_that_of_its_own_connection(self, authority, version):
        """The context is shared by all."""
        first = refusal(authority, authority, version, names=("db2.example.com",))
        second = refusal(authority, authority, version, names=("db3.example.com",))

        assert (first.detail["names"], second.detail["names"]) == (["db2.example.com"], ["db3.example.com"])


class TestAPythonWithoutTheCallback:
    def test_verifies_as_well_and_tells_no_certificate(self, authority, monkeypatch):
        class Plain:
            """A context that has nothing but what is public."""

        plain = Plain()
        shown.watch(plain)
        monkeypatch.setattr(shown, "watch", lambda _: None)
        tls.forget_contexts()
        try:
            failed = refusal(authority, authority, VERSIONS[1], expired=True)
        finally:
            tls.forget_contexts()

        assert vars(plain) == {}
        assert failed.cause == "tls.cert_expired"
        assert set(failed.detail) == {"server_code", "server_text"}


def message(der, *, context=b"\0", behind=b"\0\0"):
    """Return TLS 1.3's message of one certificate; without context and what is behind it is that of TLS 1.2."""
    entry = len(der).to_bytes(3) + der + behind
    body = context + len(entry).to_bytes(3) + entry
    return b"\x0b" + len(body).to_bytes(3) + body


class TestAMessage:
    @pytest.mark.parametrize("size", [1, 250, 255, 256, 65_535, BYTES_MOST])
    def test_of_either_version_holds_the_certificate(self, size):
        der = b"c" * size

        assert shown.first_of(message(der)) == der
        assert shown.first_of(message(der, context=b"", behind=b"")) == der

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x0b\0\0\0",
            message(b""),
            message(b"c" * (BYTES_MOST + 1)),
            message(b"c" * 100)[:-1],
            b"\x0b\0\0\x09\0\0\0\x05\xff\xff\xffcc",
        ],
        ids=["empty", "no body", "no certificate", "too long", "cut", "longer than said"],
    )
    def test_that_is_broken_holds_none(self, data):
        assert shown.first_of(data) is None

    @given(st.binary(max_size=64))
    def test_of_whatever_bytes_raises_nothing(self, data):
        found = shown.first_of(data)

        assert found is None or Certificate.read(found) is None


def made(names=(), subject="a\u202eb\x07<img src=x>"):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=10))
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


class TestACertificate:
    def test_is_shown_without_what_a_terminal_would_obey(self):
        told = Certificate.read(made()).to_show()

        assert (told["subject"], told["issuer"], told["names"]) == ("CN=ab\\<img src=x\\>",) * 2 + ([],)

    def test_shows_the_first_of_many_names_and_nothing_at_length(self):
        told = Certificate.read(made([f"{number}-{'x' * 900}" for number in range(50)])).to_show()

        assert len(told["names"]) == 21
        assert told["names"][-1] == "…"
        assert {len(one) for one in told["names"][:-1]} == {500}

    @pytest.mark.parametrize("der", [b"", b"no certificate", made()[:-1], made() + bytes(BYTES_MOST)])
    def test_that_nobody_can_read_is_none(self, der):
        assert Certificate.read(der) is None
