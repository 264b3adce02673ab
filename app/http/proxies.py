"""Believe `X-Forwarded-*` from trusted proxies, and from nobody else."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Networks = tuple[IPv4Network | IPv6Network, ...]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class TrustedProxies:
    """WSGI middleware: the client is the last address that is no trusted proxy, counted from the nearest."""

    def __init__(self, app: Wsgi, networks: Networks) -> None:
        self._app = app
        self._networks = networks

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        """Rewrite the environment, then go on."""
        forwarded = {header: environ.pop(header, "") for header in _HEADERS}
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._client(environ["REMOTE_ADDR"], forwarded["HTTP_X_FORWARDED_FOR"])
            scheme = _last(forwarded["HTTP_X_FORWARDED_PROTO"])
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
            host = _last(forwarded["HTTP_X_FORWARDED_HOST"])
            if host:
                environ["HTTP_HOST"] = host
        return self._app(environ, start_response)

    def _client(self, nearest: str, chain: str) -> str:
        hops = [part.strip() for part in chain.split(",") if part.strip()]
        for address in (nearest, *reversed(hops)):
            if not self._trusts(address):
                return address if _is_address(address) else nearest
        return nearest

    def _trusts(self, address: str) -> bool:
        if not _is_address(address):
            return False
        parsed = ip_address(address)
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()
