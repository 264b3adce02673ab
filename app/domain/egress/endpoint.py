"""What an endpoint is: an engine, a host and a port; how hosts and networks are written and compared."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, WithJsonSchema

from app.core.fields import FromDigits, refuse

DbType = Literal[
    "mysql",
    "mariadb",
    "postgresql",
    "sqlserver",
    "oracle",
    "redis",
    "mongodb",
    "clickhouse",
    "oceanbase",
    "tidb",
    "dameng",
    "other",
]
DB_TYPES: tuple[str, ...] = get_args(DbType)

HOST_LENGTH = 255
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?", re.ASCII)
_NAME_SCHEMA = rf"^(?:{_LABEL}\.)*(?![0-9]+\.?$)(?!0[xX]){_LABEL}\.?$"
_SUFFIX = re.compile(rf"\.?(?:{_LABEL}\.)*{_LABEL}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one server listens; `host_key` is the host as `host_key()` writes it."""

    db_type: str
    host_key: str
    port: int


def host_key(host: str) -> str:
    """Return the one spelling under which hosts are compared: lower case, addresses in short form, no last dot.

    An IPv4 address inside IPv6 (`::ffff:10.1.4.20`) is that IPv4 address: it is dialled as such.
    """
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return host.lower().removesuffix(".")
    return str(address.ipv4_mapped or address)


def check_host(host: str) -> str:
    """Return `host` when it is an IPv4 or IPv6 address or a host name.

    A last label that looks like a number must be part of a canonical dotted IPv4 address: resolvers read
    `127.1` and `0x7f000001` as addresses, which would pass by every rule about addresses.

    :raises pydantic_core.PydanticCustomError: with the code `invalid_host`.
    """
    if ":" in host and "%" not in host:
        try:
            IPv6Address(host)
        except AddressValueError:
            raise refuse("invalid_host") from None
        return host
    if not _NAME.fullmatch(host):
        raise refuse("invalid_host")
    last = host.removesuffix(".").rpartition(".")[2]
    if last.isdigit() or last.lower().startswith("0x"):
        try:
            IPv4Address(host)
        except AddressValueError:
            raise refuse("invalid_host") from None
    return host


def check_suffix(suffix: str) -> str:
    """Return a domain suffix in lower case with its leading dot: `.example.com`.

    :raises pydantic_core.PydanticCustomError: with the code `invalid_host`.
    """
    if not _SUFFIX.fullmatch(suffix):
        raise refuse("invalid_host")
    check_host(suffix.removeprefix("."))
    return "." + suffix.removeprefix(".").lower()


Host = Annotated[
    str,
    Field(min_length=1, max_length=HOST_LENGTH),
    AfterValidator(check_host),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": HOST_LENGTH,
            # Each with its type: generated clients take what has none for anything at all.
            "anyOf": [
                {"type": "string", "format": "ipv4"},
                {"type": "string", "format": "ipv6"},
                {"type": "string", "pattern": _NAME_SCHEMA},
            ],
        }
    ),
]
Suffix = Annotated[
    str,
    Field(min_length=1, max_length=HOST_LENGTH),
    AfterValidator(check_suffix),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": HOST_LENGTH,
            "pattern": rf"^\.?(?:{_LABEL}\.)*(?![0-9]+$)(?!0[xX]){_LABEL}$",
        }
    ),
]


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        raise refuse("invalid_network") from None


Network = Annotated[
    str, Field(min_length=1, max_length=64), AfterValidator(_network), Field(examples=["10.1.0.0/16", "fd00:10::/64"])
]
Port = Annotated[int, Field(ge=1, le=65535), FromDigits()]
