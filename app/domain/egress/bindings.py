"""The rule that says to which endpoints a credential may be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.protection import FLOOR, Destination


@dataclass(frozen=True, slots=True)
class Bindings:
    """Hosts, suffixes and networks are alternatives; engines narrow them. All empty: bound to nothing."""

    hosts: Sequence[str] = ()
    suffixes: Sequence[str] = ()
    networks: Sequence[str] = ()
    engines: Sequence[str] = ()

    def allow(self, endpoint: Endpoint) -> bool:
        """Tell whether the credential may be sent there. No name is resolved: networks match addresses only."""
        if self.engines and endpoint.db_type not in self.engines:
            return False
        return (
            endpoint.host_key in {host_key(host) for host in self.hosts}
            or any(endpoint.host_key.endswith(suffix) for suffix in self.suffixes)
            or self._in_a_network(endpoint.host_key)
        )

    def admit(self, destination: Destination) -> bool:
        """Tell whether the credential may be sent there under this TLS, which must not be weaker than `FLOOR`."""
        return FLOOR.admits(destination.protection) and self.allow(destination.endpoint)

    def _in_a_network(self, key: str) -> bool:
        address = _address(key) if self.networks else None
        return address is not None and any(address in _network(network) for network in self.networks)


@lru_cache(maxsize=1024)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def _address(key: str) -> IPv4Address | IPv6Address | None:
    """Read an address, an IPv4 one inside IPv6 (mapped) as what it is."""
    try:
        return IPv4Address(key)
    except AddressValueError:
        pass
    try:
        address = IPv6Address(key)
    except AddressValueError:
        return None
    return address.ipv4_mapped or address
