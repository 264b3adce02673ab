"""TLS as all engines need it: contexts from options, what a certificate says, failures as cause codes."""

import os
import socket
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from app.engines import shown
from app.engines.base import TlsOptions
from app.engines.certificate import Certificate
from app.engines.errors import Cause, StepFailed, clean
from app.engines.facts import TlsFact
from app.engines.ladder import Step

EXPIRES_SOON_DAYS = 30
_NAMES_MOST = 100  # of a certificate's names, which its owner chose

# OpenSSL's verify codes (x509_vfy.h).
_VERIFY: Mapping[int, Cause] = {
    9: "tls.cert_not_yet_valid",
    10: "tls.cert_expired",
    18: "tls.unknown_ca",
    19: "tls.unknown_ca",
    20: "tls.unknown_ca",
    21: "tls.unknown_ca",
    23: "tls.cert_revoked",
    62: "tls.host_mismatch",
    64: "tls.host_mismatch",
    66: "tls.weak_certificate",
    67: "tls.weak_certificate",
    68: "tls.weak_certificate",
}
# OpenSSL's names of reasons, as parts of them: alerts that the peer sent, and what we refused.
_REASONS: tuple[tuple[str, Cause], ...] = (
    ("CERTIFICATE_REQUIRED", "tls.client_cert_required"),
    ("ALERT_UNKNOWN_CA", "tls.client_cert_refused"),
    ("ALERT_BAD_CERTIFICATE", "tls.client_cert_refused"),
    ("ALERT_CERTIFICATE_EXPIRED", "tls.client_cert_refused"),
    ("ALERT_CERTIFICATE_REVOKED", "tls.client_cert_refused"),
    ("ALERT_CERTIFICATE_UNKNOWN", "tls.client_cert_refused"),
    ("ALERT_UNSUPPORTED_CERTIFICATE", "tls.client_cert_refused"),
    ("PROTOCOL_VERSION", "tls.protocol_too_old"),
    ("UNSUPPORTED_PROTOCOL", "tls.protocol_too_old"),
    ("HANDSHAKE_FAILURE", "tls.no_common_cipher"),
    ("NO_SHARED_CIPHER", "tls.no_common_cipher"),
    ("DH_KEY_TOO_SMALL", "tls.no_common_cipher"),
    ("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "tls.no_common_cipher"),
    ("WRONG_VERSION_NUMBER", "tls.plain_answer"),
    ("EE_KEY_TOO_SMALL", "tls.weak_certificate"),
    ("CA_KEY_TOO_SMALL", "tls.weak_certificate"),
    ("CA_MD_TOO_WEAK", "tls.weak_certificate"),
)


def context_of(options: TlsOptions, *, newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED) -> ssl.SSLContext:
    """Return a context for these options; loading the authorities is slow, so equal options share one.

    One with a key of ours is made anew each time, and the key gone with it.

    :raises StepFailed: `driver.option_unsupported`: a certificate or a key in the options cannot be read.
    """
    if options.client_cert is None and options.client_key is None:
        return _shared_context(options.mode, options.ca, newest, legacy=options.legacy)
    context = _context(options.mode, options.ca, newest, legacy=options.legacy)
    if options.client_cert is not None:
        _load_own(context, options.client_cert, options.client_key or "")
    return context


def forget_contexts() -> None:
    """Forget the contexts that are shared, such as when the system's authorities have changed."""
    _shared_context.cache_clear()


def _context(mode: str, ca: str | None, newest: ssl.TLSVersion, *, legacy: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    shown.watch(context)
    context.check_hostname = mode == "verify-full"
    context.verify_mode = ssl.CERT_REQUIRED if mode.startswith("verify") else ssl.CERT_NONE
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1_2, newest
    if legacy:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    try:
        if ca is not None:
            context.load_verify_locations(cadata=ca)
        elif mode.startswith("verify"):
            context.load_default_certs()
    except (ssl.SSLError, ValueError):
        raise _unreadable() from None
    return context


_shared_context = lru_cache(maxsize=256)(_context)


def _load_own(context: ssl.SSLContext, client_cert: str, client_key: str) -> None:
    try:
        with private_file(client_cert + "\n" + client_key) as path:
            context.load_cert_chain(path)
    except (ssl.SSLError, ValueError):
        raise _unreadable() from None


def _unreadable() -> StepFailed:
    return StepFailed("driver.option_unsupported", detail={"option": "tls_ca, tls_client_cert"})


@contextmanager
def private_file(text: str) -> Iterator[str]:
    """Lend a text as a file that only this process can read and that no disk ever holds, where there is memfd."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("muster", os.MFD_CLOEXEC)
        try:
            os.fchmod(descriptor, 0o600)
            os.write(descriptor, text.encode())
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    descriptor, name = tempfile.mkstemp(prefix="muster-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def handshake(sock: socket.socket, options: TlsOptions, host: str) -> ssl.SSLSocket:
    """Encrypt a connected socket.

    :raises StepFailed: the peer speaks no TLS, or none that the options allow.
    """
    try:
        sock.getpeername()  # of one that was reset already, `wrap_socket` raises and leaves its own descriptor open
        return context_of(options).wrap_socket(sock, server_hostname=server_name(host))
    except (ssl.SSLError, OSError) as exc:
        raise failure(exc) from None


def server_name(host: str) -> str:
    """Return the host as certificates are compared with it, and as SNI takes it: without a last dot."""
    return host.removesuffix(".")


def is_peer_known(options: TlsOptions) -> bool:
    """Tell whether a finished handshake proves who the peer is, so that it may have the password in clear.

    `verify-ca` counts with an authority of one's own alone: from a public one everybody gets a certificate.
    """
    return options.mode == "verify-full" or (options.mode == "verify-ca" and options.ca is not None)


def failure(exc: ssl.SSLError | OSError) -> StepFailed:
    """Return what went wrong in a handshake, and what the certificate says that was refused."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        cause = _VERIFY.get(exc.verify_code, "tls.other")
        certificate = shown.certificate_of(exc)
        detail = None if certificate is None else certificate.to_show()
        return StepFailed(cause, code=exc.verify_code, text=exc.verify_message, detail=detail)
    if isinstance(exc, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        return StepFailed("connect.closed")
    if isinstance(exc, ssl.SSLError) and exc.reason:
        cause = next((cause for part, cause in _REASONS if part in exc.reason), "tls.other")
        return StepFailed(cause, text=exc.reason)
    return StepFailed("tls.other", text=type(exc).__name__)


def fact_of(
    sock: ssl.SSLSocket | ssl.SSLObject, options: TlsOptions, host: str, *, now: datetime | None = None
) -> TlsFact:
    """Return what the connection and the peer's certificate say."""
    cipher = sock.cipher()
    der = sock.getpeercert(binary_form=True)
    plain = TlsFact(protocol=sock.version(), cipher=cipher[0] if cipher else None)
    return _certificate(der, plain, host, now or datetime.now(UTC), verified=options.verifies) if der else plain


def _certificate(der: bytes, plain: TlsFact, host: str, now: datetime, *, verified: bool) -> TlsFact:
    found = Certificate.read(der)
    if found is None:
        return plain
    return TlsFact(
        protocol=plain.protocol,
        cipher=plain.cipher,
        subject=clean(found.subject),
        issuer=clean(found.issuer),
        names=tuple(clean(name) for name in found.names[:_NAMES_MOST]),
        not_after=found.not_after,
        days_left=(found.not_after - now).days,
        host_matches=any(matches(name, host) for name in found.names),
        verified=verified,
    )


def matches(name: str, host: str) -> bool:
    """Tell whether a name of a certificate stands for the host: equal, or `*` for its first label (RFC 9525)."""
    name, host = name.lower().removesuffix("."), host.lower().removesuffix(".")
    address = _address(host)
    if address is not None:
        return address == _address(name)
    if name.startswith("*."):
        first, _, rest = host.partition(".")
        return bool(first) and rest == name[2:] and "." in rest
    return name == host


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def note(step: Step, fact: TlsFact) -> None:
    """Show the fact with the step `tls`, and let what it leaves to be desired degrade the check."""
    step.detail.update(
        protocol=fact.protocol,
        cipher=fact.cipher,
        subject=fact.subject,
        issuer=fact.issuer,
        not_after=fact.not_after.isoformat() if fact.not_after else None,
        days_left=fact.days_left,
        host_matches=fact.host_matches,
        verified=fact.verified,
    )
    if fact.days_left is not None and fact.days_left < EXPIRES_SOON_DAYS:
        step.warning = "tls.cert_expires_soon"
    elif not fact.verified:
        step.warning = "tls.unverified"
