"""Where a secret goes, and how well it is protected on its way: the TLS under which it may be sent."""

from dataclasses import dataclass
from hashlib import sha256
from typing import cast, get_args

from app.domain.egress.endpoint import Endpoint
from app.engines.base import TlsMode

TLS_MODES: tuple[TlsMode, ...] = get_args(TlsMode)  # the weakest first

_VERIFYING = frozenset({"verify-ca", "verify-full"})


def effective_mode(mode: str | None, ca: str | None) -> TlsMode:
    """Return what an instance's mode means: without one, `verify-full` where there is a CA, else `require`."""
    return cast("TlsMode", mode) if mode is not None else "verify-full" if ca is not None else "require"


def ca_digest(ca: str | None) -> str | None:
    """Return what stands for a CA where two are compared (SHA-256, hexadecimal)."""
    return None if ca is None else sha256(ca.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Protection:
    """The mode, the digest of the CA (None: the system's authorities), whether TLS before 1.2 is accepted."""

    mode: str = "require"
    ca_digest: str | None = None
    legacy: bool = False

    @classmethod
    def of(cls, mode: str | None, ca: str | None, *, legacy: bool) -> "Protection":
        """Return the protection that these options of an instance give."""
        return cls(effective_mode(mode, ca), ca_digest(ca), legacy)

    def admits(self, other: "Protection") -> bool:
        """Tell whether what was allowed under this protection may go out under the other one.

        Another CA may vouch for another server, so it counts where a certificate is verified at all. A client
        certificate does not: it says who we are, and not who gets the secret.
        """
        if TLS_MODES.index(cast("TlsMode", other.mode)) < TLS_MODES.index(cast("TlsMode", self.mode)):
            return False
        if self.mode in _VERIFYING and other.ca_digest != self.ca_digest:
            return False
        return self.legacy or not other.legacy or self.mode in {"disable", "prefer"}

    def __str__(self) -> str:
        """Return it as people read it, nothing for the usual one."""
        mode = "" if self.mode == "require" else f"tls={self.mode}"
        ca = "" if self.mode not in _VERIFYING or self.ca_digest is None else f"ca={self.ca_digest}"
        return " ".join(part for part in (mode, ca, "legacy" if self.legacy else "") if part)

    @classmethod
    def parse(cls, text: str) -> "Protection":
        """Read what `str` wrote."""
        said = dict(part.partition("=")[::2] for part in text.split())
        return cls(said.get("tls", "require"), said.get("ca"), "legacy" in said)


# What hosts, suffixes and networks allow at least: an encrypted connection without old protocols.
FLOOR = Protection()


@dataclass(frozen=True, slots=True)
class Destination:
    """An endpoint as it is connected to."""

    endpoint: Endpoint
    protection: Protection
