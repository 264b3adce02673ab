"""What a server's certificate says, whoever made it: read within limits, and told in words that can be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from app.engines.errors import clean

BYTES_MOST = 64 * 1024  # of one certificate; the longest in use have a few KiB
_NAMES_SHOWN = 20
_NO_NAMES = (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The words of its maker, as they stand there: nobody has verified them, and nothing is cut."""

    subject: str  # RFC 4514
    issuer: str
    names: tuple[str, ...]  # subject alternative names: hosts and addresses
    not_before: datetime
    not_after: datetime

    @classmethod
    def read(cls, der: bytes) -> Self | None:
        """Read one; None: it is too long, or OpenSSL took what the parser does not."""
        if len(der) > BYTES_MOST:
            return None
        try:
            found = x509.load_der_x509_certificate(der)
            return cls(
                subject=found.subject.rfc4514_string(),
                issuer=found.issuer.rfc4514_string(),
                names=_names(found),
                not_before=found.not_valid_before_utc,
                not_after=found.not_valid_after_utc,
            )
        except (ValueError, x509.InvalidVersion):
            return None

    def to_show(self) -> Mapping[str, Any]:
        """Return what a step tells of it, cleaned and cut; of many names the first, and `…`."""
        names = [clean(one) for one in self.names[:_NAMES_SHOWN]]
        return {
            "subject": clean(self.subject),
            "names": [*names, "…"] if len(self.names) > _NAMES_SHOWN else names,
            "issuer": clean(self.issuer),
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
        }


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except _NO_NAMES:
        return ()
    if not isinstance(extension, x509.SubjectAlternativeName):
        return ()
    return tuple(str(one.value) for one in extension if isinstance(one, x509.DNSName | x509.IPAddress))
