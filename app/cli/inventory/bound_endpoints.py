"""The exact endpoints that a credential is bound to, as files say them: TLS where it is not the usual one."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.credentials.commands import EndpointBinding
from app.domain.egress.endpoint import host_key

Bound = Mapping[str, Any]

_PLACE = ("db_type", "host", "port")
_USUAL: Bound = {"tls_mode": "require", "tls_ca_digest": None, "tls_legacy": False}


def endpoints_shown(endpoints: Sequence[Bound]) -> list[dict[str, Any]]:
    """Return what the API shows, every field there, in the order of files."""
    return [{name: one[name] for name in (*_PLACE, *_USUAL)} for one in sorted(endpoints, key=_place)]


def endpoints_said(endpoints: Sequence[EndpointBinding]) -> list[dict[str, Any]]:
    """Return what a file says, of TLS only what it says."""
    said = [
        {
            "db_type": one.db_type,
            "host": host_key(one.host),
            "port": one.port,
            **{name: value for name, value in one.given().items() if name in _USUAL},
        }
        for one in endpoints
    ]
    return sorted(said, key=_place)


def without_usual(endpoint: Bound) -> dict[str, Any]:
    """Leave out the TLS that an endpoint has when nobody says another."""
    return {name: value for name, value in endpoint.items() if name in _PLACE or value != _USUAL[name]}


def merged(known: Sequence[Bound], said: Sequence[Bound]) -> list[dict[str, Any]]:
    """Return the known endpoints with what a file says of them, and those that it adds; it takes none off."""
    wanted = {_place(one): one for one in said}
    kept = [{**one, **wanted.pop(_place(one), {})} for one in known]
    return [*kept, *({**_USUAL, **one} for one in wanted.values())]


def _place(endpoint: Bound) -> tuple[Any, ...]:
    return tuple(endpoint[name] for name in _PLACE)
