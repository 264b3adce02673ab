"""Certificate authorities made by the tests: good certificates, and each kind of bad one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_USES = ("digital_signature", "key_encipherment", "key_cert_sign", "crl_sign")
_OTHER_USES = ("content_commitment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")


class Authority:
    """One authority; `folder` holds its certificate `ca.pem` and whatever `issue_files` writes."""

    def __init__(self, folder: Path, *, name: str = "Muster tests") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
        )
        self.pem = _text(builder.sign(self._key, hashes.SHA256()))
        self.path = folder / "ca.pem"
        self.path.write_text(self.pem)

    def issue(
        self,
        names: Sequence[str],
        *,
        days: int = 90,
        key_bits: int | None = None,
        expired: bool = False,
        not_yet_valid: bool = False,
    ) -> tuple[str, str]:
        """Return a certificate and its key as PEM, good for servers and clients; the first name is the common name.

        `names` are host names and addresses. The key is an elliptic one, which is quick to make, or RSA of `key_bits`
        (1024: too weak for every default).
        """
        key = _new_key(key_bits)
        now = datetime.now(UTC)
        begins, ends = now - timedelta(days=1), now + timedelta(days=days, minutes=1)
        if expired:
            begins, ends = now - timedelta(days=30), now - timedelta(days=1)
        elif not_yet_valid:
            begins = now + timedelta(days=1)
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(names[0]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature", "key_encipherment"), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(x509.SubjectAlternativeName([_alternative(one) for one in names]), critical=False)
            .add_extension(own, critical=False)
        )
        return _text(builder.sign(self._key, hashes.SHA256())), _key_text(key)

    def issue_files(self, stem: str, names: Sequence[str], **kind: int | bool) -> tuple[Path, Path]:
        """Issue (see `issue`) into `<stem>.pem` and `<stem>.key`, the key readable by its owner alone."""
        certificate, key = self.issue(names, **kind)  # type: ignore[arg-type]  # passed on as they came
        paths = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        paths[1].touch(mode=0o600)
        for path, text in zip(paths, (certificate, key), strict=True):
            path.write_text(text)
        return paths


def as_told(pem: str) -> dict[str, object]:
    """Return what a check that refuses a certificate has to say of it."""
    found = x509.load_pem_x509_certificate(pem.encode())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {
        "subject": found.subject.rfc4514_string(),
        "names": [str(one.value) for one in names],
        "issuer": found.issuer.rfc4514_string(),
        "not_before": found.not_valid_before_utc.isoformat(),
        "not_after": found.not_valid_after_utc.isoformat(),
    }


def _new_key(bits: int | None) -> _Key:
    if bits is None:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{one: one in uses for one in (*_USES, *_OTHER_USES)})


def _text(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_text(key: _Key) -> str:
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none).decode()
