"""Which Host a request may name: another one is a sign of DNS rebinding or of a wrong proxy."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from app.core.errors import Unreadable
from app.core.settings import Settings


class HostNotAllowed(Unreadable):
    """The request names a host that this Muster does not answer for."""

    code = "error.host_not_allowed"


def check_host(settings: Settings) -> None:
    """Refuse a request for a foreign host.

    :raises HostNotAllowed: the host is neither in MUSTER_ALLOWED_HOSTS nor, without that setting, the host of
        MUSTER_BASE_URL, localhost or an IP address.
    """
    name = (urlsplit(f"//{request.host}").hostname or "").lower()
    if name and (_is_listed(name, settings) if settings.allowed_hosts else _is_safe(name, settings)):
        return
    raise HostNotAllowed


def _is_listed(name: str, settings: Settings) -> bool:
    for allowed in map(str.lower, settings.allowed_hosts):
        if name == allowed or (allowed.startswith(".") and (name.endswith(allowed) or name == allowed[1:])):
            return True
    return False


def _is_safe(name: str, settings: Settings) -> bool:
    if name == "localhost" or (settings.base_url and name == urlsplit(settings.base_url).hostname):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
