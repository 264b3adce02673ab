"""Templates of links to other programs: which are sound, and what is wrong with the others."""

import json
from collections.abc import Mapping
from string import Formatter
from urllib.parse import urlsplit

PLACES = ("name", "host", "port", "db_type", "environment", "id")
_MOST, _NAME_MOST, _URL_MOST = 20, 50, 1000
_EXAMPLE = '{"Grafana": "https://grafana.example.com/d/db?var-host={host}"}'


def templates(value: object) -> dict[str, str]:
    """Return the templates by name, out of a mapping or of its JSON.

    :raises ValueError: naming the template and what is wrong with it.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError(f"it is no JSON: give an object such as {_EXAMPLE}") from None
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in (*value, *value.values())):
        raise ValueError(f"give an object of texts such as {_EXAMPLE}")
    if len(value) > _MOST:
        raise ValueError(f"give {_MOST} templates at most")
    for name, url in value.items():
        fault = _fault(url)
        if not 0 < len(name) <= _NAME_MOST or not name.isprintable() or name != name.strip():
            raise ValueError(f"give each template a name of 1 to {_NAME_MOST} printable characters")
        if fault is not None:
            raise ValueError(f"the template {name!r} {fault}")
    return dict(value)


def _fault(url: str) -> str | None:
    if len(url) > _URL_MOST or not url.isascii() or not url.isprintable() or " " in url:
        return f"is longer than {_URL_MOST} characters or holds a space or what is not ASCII: percent-encode it"
    try:
        parts, places = urlsplit(url), list(Formatter().parse(url))
    except ValueError:
        return "is no address, or has a brace without its other half: write {{ and }} for braces of its own"
    if parts.scheme not in {"http", "https"} or not parts.hostname or "{" in parts.netloc:
        return "must begin with https:// or http:// and the name of a host; what is replaced stands behind it"
    if "@" in parts.netloc:
        return "names a user: everybody who is logged in sees it"
    for _, place, form, conversion in places:
        if place is not None and (place not in PLACES or form or conversion):
            return f"holds {{{place}}}: what can be replaced is {', '.join(f'{{{one}}}' for one in PLACES)}"
    return None
