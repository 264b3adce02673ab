"""How an instance is connected to: certificates and keys as they come in, and the key as it is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from app.core import crypto
from app.core.crypto import KeyRing, Sealed
from app.core.errors import FieldFault
from app.core.fields import Boolean, Command, FromDigits, Secret, refuse
from app.domain.audit.trail import Hidden
from app.engines.base import TlsMode
from app.models import Instance

PEM_MOST = 32_000  # characters; a cell of a spreadsheet holds 32,767
CELL = {"table": "instances", "column": "tls_client_key"}
Keys = Callable[[], KeyRing]


def _certificates(text: str) -> str:
    """Return certificates without anything that stands around them, so that equal ones are equal texts."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - few calls bring certificates
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    if "PRIVATE KEY-----" in text:
        raise refuse("private_key_here")
    try:
        found = load_pem_x509_certificates(text.encode())
    except ValueError:
        raise refuse("not_a_certificate") from None
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in found)


def _private_key(secret: SecretStr) -> SecretStr:
    """Return the key as PKCS #8, so that equal ones are equal texts."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization as pem  # noqa: PLC0415

    try:
        key = pem.load_pem_private_key(secret.get_secret_value().encode(), password=None)
        text = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()).decode()
    except TypeError:
        raise refuse("key_encrypted") from None
    except (ValueError, UnsupportedAlgorithm):
        raise refuse("not_a_private_key") from None
    return SecretStr(text)


Certificates = Annotated[str, Field(min_length=1, max_length=PEM_MOST), AfterValidator(_certificates)]
PrivateKey = Annotated[Secret, Field(min_length=1, max_length=PEM_MOST), AfterValidator(_private_key)]
Milliseconds = Annotated[int, Field(ge=100, le=60_000), FromDigits()]
DeadlineMs = Annotated[int, Field(ge=1_000, le=60_000), FromDigits()]


class ConnectionOptions(Command):
    """How an endpoint is connected to, registered or not."""

    tls_mode: TlsMode | None = Field(
        None, description="Default require, which verifies nothing; verify-full where tls_ca is given."
    )
    tls_ca: Certificates | None = Field(
        None, description="PEM of the authorities that may vouch for the server; default those of the system."
    )
    tls_client_cert: Certificates | None = Field(None, description="PEM of our certificate and its chain.")
    tls_client_key: PrivateKey | None = Field(None, description="PEM of its key, not encrypted.")
    tls_legacy: Boolean | None = Field(None, description="Whether TLS before 1.2 and weak keys are accepted.")
    connect_timeout_ms: Milliseconds | None = Field(None, description="Default 3,000.")
    statement_timeout_ms: Milliseconds | None = Field(None, description="Default 5,000.")
    deadline_ms: DeadlineMs | None = Field(None, description="When a check ends in any case; default 15,000.")


@dataclass(frozen=True, slots=True)
class ClientKey(Hidden):
    """A client key in a record: `pem` only where it has just come in and is still to be sealed."""

    pem: SecretStr | None = field(default=None, compare=False, repr=False)

    @classmethod
    def given(cls, pem: SecretStr | None) -> "ClientKey | None":
        """Return the key that a command brought; None where it takes the key away."""
        if pem is None:
            return None
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

        key = load_pem_private_key(pem.get_secret_value().encode(), password=None)
        return cls(_digest(key.public_key()), pem)

    @classmethod
    def kept(cls, digest: str | None) -> "ClientKey | None":
        """Return the key that a row holds."""
        return None if digest is None else cls(digest)


def _digest(public_key: Any) -> str:  # noqa: ANN401 - of any algorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    der: bytes = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()


def key_faults(given: Mapping[str, Any], cert: str | None, key: ClientKey | None) -> list[FieldFault]:
    """Return the fault of a key that is not the one of its certificate; either may be there already."""
    if not {"tls_client_cert", "tls_client_key"} & given.keys():
        return []
    cert = given.get("tls_client_cert", cert)
    key = ClientKey.given(given["tls_client_key"]) if "tls_client_key" in given else key
    if cert is None or key is None:
        return []
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    if _digest(load_pem_x509_certificates(cert.encode())[0].public_key()) == key.digest:
        return []
    path = "tls_client_key" if given.get("tls_client_key") is not None else "tls_client_cert"
    return [FieldFault(path, "key_differs")]


def sealed_key(key: ClientKey | None, keys: Keys | None) -> dict[str, Any]:
    """Return the columns of a client key: nothing for one that stays as it is.

    :raises RuntimeError: a new key has come in, and whoever made the service gave it no keys to seal with.
    """
    names = ("seal_id", "key_id", "blob", "digest")
    if key is None:
        return {f"tls_client_key_{name}": None for name in names}
    if key.pem is None:
        return {}
    if keys is None:
        raise RuntimeError("A client key came in, and there is nothing to seal it with.")
    seal_id = crypto.new_seal_id()
    sealed = keys().seal(key.pem.get_secret_value(), **CELL, seal_id=seal_id)
    values = (seal_id, sealed.key_id, sealed.blob, key.digest)
    return {f"tls_client_key_{name}": value for name, value in zip(names, values, strict=True)}


def open_client_key(instance: Instance, keys: KeyRing) -> str | None:
    """Return the client key in clear, for a connection only; None where there is none.

    :raises KeysUnusable: the key that sealed it is missing or wrong.
    """
    if instance.tls_client_key_blob is None:
        return None
    sealed = Sealed(instance.tls_client_key_key_id or "", instance.tls_client_key_blob)
    return keys.open(sealed, **CELL, seal_id=instance.tls_client_key_seal_id or "")
