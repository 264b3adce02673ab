"""Which addresses may be dialled at all, whoever asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Link-local with the metadata service of most clouds, and those of Alibaba, Azure, Oracle, AWS and Google by address.
FORBIDDEN: Sequence[Network] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "224.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "fe80::/10",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
        "ff00::/8",
        "64:ff9b:1::/48",  # NAT64 of one's own (RFC 8215): where in it the IPv4 address stands, only its owner knows
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # how the last half of such an address begins (RFC 5214)
_IPV4_BITS = 0xFFFF_FFFF
_IPV4_NETWORK_BITS, _IPV6_NETWORK_BITS = 24, 64


@dataclass(frozen=True, slots=True)
class DialRules:
    """What the settings say: whether loopback may be dialled, and the only networks that may (none: all others)."""

    allow_loopback: bool = False
    networks: Sequence[Network] = ()

    def refuses(self, text: str) -> bool:
        """Tell whether an address must never be dialled; what is no address is refused."""
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return True
        inner, claimed = list(embedded(address)), list(isatap(address))
        every = [address, *inner, *claimed]
        if any(_within(one, FORBIDDEN) for one in every):
            return True
        if not self.allow_loopback and any(one.is_loopback for one in every):
            return True
        if not self.networks or _within(address, self.networks):
            return False
        return not inner or not all(_within(one, self.networks) for one in (*inner, *claimed))


def embedded(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses to which packets for an IPv6 address go.

    Mapped, compatible, translated, 6to4, NAT64, Teredo.
    """
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64 or address in _TRANSLATED or (address in _COMPATIBLE and int(address) > 1):
        yield IPv4Address(int(address) & _IPV4_BITS)


def isatap(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 address that an ISATAP one names; under any prefix, so that it is no leave to dial that one."""
    if isinstance(address, IPv6Address) and (int(address) >> 32) & _IPV4_BITS in _ISATAP:
        yield IPv4Address(int(address) & _IPV4_BITS)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def network_of(address: str | None, host_key: str) -> str:
    """Return where an endpoint stands, for people who look for what failures have in common.

    The /24 or /64 of the address, an IPv4 one inside IPv6 as what it is; where none is known the domain of the host
    with its leading dot (`.prod.example.com`), and a host without a domain as it is.
    """
    known = _read(address) or _read(host_key)
    if known is not None:
        bits = _IPV4_NETWORK_BITS if isinstance(known, IPv4Address) else _IPV6_NETWORK_BITS
        return str(ip_network((known, bits), strict=False))
    _, dot, domain = host_key.partition(".")
    return dot + domain if domain else host_key


def _read(text: str | None) -> Address | None:
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
