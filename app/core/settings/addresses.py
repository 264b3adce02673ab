"""Addresses in settings: which are sound, and what is wrong with the others; never an address that holds a password."""

from ipaddress import IPv4Network, IPv6Network, ip_interface, ip_network
from urllib.parse import urlsplit

PORTS = 65536


def network(text: str) -> IPv4Network | IPv6Network:
    """Return a network, or a single address as one.

    :raises ValueError: it is none; names the network that was probably meant.
    """
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        meant = ip_interface(text)
    except ValueError:
        raise ValueError(f"{text} is no network: give one such as 10.0.0.0/8, or an address") from None
    raise ValueError(f"{text} is no network: give {meant.network}, or {meant.ip} for that address alone")


def endpoint(text: str) -> tuple[str, int]:
    """Return host and port; empty where it is not these two."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        return "", 0
    return (host, port) if parts.netloc == text and "@" not in text else ("", 0)


def check_postgresql(address: str) -> None:
    """Do nothing for the address of a database of PostgreSQL.

    :raises ValueError: it is none. The words of a parser would repeat a part of the address, maybe the password.
    """
    if _has_raw_at(address):
        raise ValueError(
            "it has an @ too many: in user and password write @ as %40, and so : as %3A, / as %2F and % as %25"
        )
    if not _is_postgresql(address):
        raise ValueError(
            "give postgresql://user:password@host:port/name with special characters of a part percent-encoded"
        )


def _has_raw_at(address: str) -> bool:
    """Tell whether an @ of the password would be taken for the one before the host, which then holds the rest."""
    _, _, rest = address.partition("://")
    user, colon, behind = rest.partition(":")
    return (behind if colon and "/" not in user else rest).count("@") > 1


def _is_postgresql(address: str) -> bool:
    from sqlalchemy import make_url  # noqa: PLC0415 - whoever sets no address need not wait for it
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return False
    return url.drivername in {"postgresql", "postgresql+psycopg"} and bool(url.database)
