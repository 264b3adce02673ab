"""TLS by the server itself: the cookie is bound to it, and writes need no Referer."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core import clock
from tests.support.api import an_instance
from tests.support.server import Server, serving


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Muster test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(hours=1))
        .not_valid_after(clock.now() + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(private)
    return paths


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = write_certificate(folder)
    with serving(folder / "data", tls_certificate=certificate, tls_key=key) as running:
        yield running


class TestOverTls:
    def test_the_cookie_is_secure_and_for_this_host_alone(self, server: Server) -> None:
        with server.client() as client:
            answer = client.get("/api/v1/auth/csrf-token")

        name, *attributes = answer.headers["Set-Cookie"].split("; ")
        assert name.startswith("__Host-muster_session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
        assert not any(one.startswith("Domain") for one in attributes)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")

    def test_an_instance_goes_through_its_life_without_a_referer(self, server: Server) -> None:
        with server.caller() as admin:
            made = admin.post("/api/v1/instances", an_instance())
            path = f"/api/v1/instances/{made.json()['data']['instance']['id']}"
            answers = [
                made,
                admin.put(path, an_instance(port=5433)),
                admin.post(f"{path}/delete"),
                admin.post(f"{path}/restore"),
            ]

        assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
        assert all("Referer" not in answer.request.headers for answer in answers)

    @pytest.mark.parametrize(
        ("origin", "status"), [("https://127.0.0.1:{port}", 200), ("https://evil.example", 403), ("null", 403)]
    )
    def test_an_origin_has_to_be_this_site(self, server: Server, origin: str, status: int) -> None:
        with server.caller() as admin:
            answer = admin.post("/api/v1/auth/logout", headers={"Origin": origin.format(port=server.port)})

        assert answer.status_code == status

    def test_older_versions_are_refused(self, server: Server) -> None:
        def version(most: ssl.TLSVersion) -> str | None:
            context = ssl.create_default_context(cafile=str(server.certificate))
            context.maximum_version = most
            with server.connect() as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
                return connection.version()

        assert version(ssl.TLSVersion.MAXIMUM_SUPPORTED) == "TLSv1.3"
        with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
            version(ssl.TLSVersion.TLSv1_2)

    def test_plain_http_gets_no_answer_of_ours(self, server: Server) -> None:
        with server.connect() as connection:
            connection.sendall(b"GET /api/v1/auth/csrf-token HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            try:
                answer = connection.recv(65536)
            except ConnectionError:
                answer = b""

        assert b"csrf_token" not in answer
