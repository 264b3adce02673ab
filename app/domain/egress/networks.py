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
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_IPV4_BITS = 0xFFFF_FFFF


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
        every = [address, *embedded(address)]
        if any(_within(one, FORBIDDEN) for one in every):
            return True
        if not self.allow_loopback and any(one.is_loopback for one in every):
            return True
        return bool(self.networks) and not any(_within(one, self.networks) for one in every)


def embedded(address: Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses to which packets for an IPv6 address go: mapped, compatible, 6to4, NAT64, Teredo."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        yield IPv4Address(int(address) & _IPV4_BITS)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
