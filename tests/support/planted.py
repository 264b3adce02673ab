"""Finds a planted secret in what was said or kept, in every form that a protocol, a codec or a dump may give it.

Shares no code with `app.engines.redaction`, which hides some of these forms.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_RUN = re.compile(rb"[A-Za-z0-9+/_-]{16,}")  # what may be base64
_LAYERS = 2  # of base64 that are taken off
_ESCAPED_LINES = re.compile(rb"\r|\n|\\r|\\n")
_ATOMS = (int, float, complex, bool, type(None))


def forms_of(secret: str | bytes) -> Mapping[str, bytes]:
    """Return by name how a secret may look, in lower case where the form has none of its own.

    Bytes are what a text stands for, such as the number inside a key: they have no JSON and no UTF-16.
    """
    if isinstance(secret, bytes):
        return {"raw": secret, **_codes("raw", secret)}
    plain, wide = secret.encode(), secret.encode("utf-16-le")
    swapped = bytes((((one & 0x0F) << 4) | (one >> 4)) ^ 0xA5 for one in wide)
    codes = {"plain": plain, "utf-16": wide, "tds": swapped}
    return {
        "plain": plain,
        "utf-16": wide,
        "percent": quote(secret, safe="").encode(),
        "form": quote_plus(secret).encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "json in json": json.dumps(json.dumps(secret)[1:-1])[1:-1].encode(),
        "tds": swapped,
        "tds as text": swapped.decode("utf-16-le", "replace").encode(),
        **{f"{name} as latin": data.decode("latin-1").encode() for name, data in codes.items()},
        **{name: form for kind, data in codes.items() for name, form in _codes(kind, data).items()},
    }


def _codes(name: str, data: bytes) -> dict[str, bytes]:
    found = {f"hex of {name}": data.hex().encode()}
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + data)
        # Only the characters that hold bits of the secret and no others.
        coded = coded[-(-shift * 8 // 6) : (shift + len(data)) * 8 // 6]
        found[f"base64 of {name}, shifted by {shift}"] = coded
        found[f"url-safe base64 of {name}, shifted by {shift}"] = coded.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def find(secret: str | bytes, where: str | bytes) -> list[str]:
    """Return the names of the forms in which a secret stands somewhere, those below base64 included."""
    data = where.encode("utf-8", "surrogateescape") if isinstance(where, str) else where
    forms = forms_of(secret)
    found: dict[str, None] = {}
    for layer, text in _layers(data):
        folded = text.lower()
        for name, form in forms.items():
            if form in text or ("base64" not in name and form.lower() in folded):
                found[name if layer == 0 else f"{name}, below {layer} of base64"] = None
    return list(found)


def _layers(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the data with and without its line ends, and what is left when base64 is taken off."""
    texts = [data]
    for layer in range(_LAYERS + 1):
        texts = [version for text in texts for version in {text, _ESCAPED_LINES.sub(b"", text)}]
        yield layer, b"\0\n\0".join(texts)
        texts = [one for text in texts for one in _decoded(text)]


def _decoded(text: bytes) -> Iterator[bytes]:
    for run in _RUN.findall(text):
        standard = run.translate(bytes.maketrans(b"-_", b"+/"))
        whole = standard[:-1] if len(standard) % 4 == 1 else standard
        yield base64.b64decode(whole + b"=" * (-len(whole) % 4))


def secrets_of_key(pem: str) -> tuple[str, bytes]:
    """Return what of an elliptic private key nobody may see: a line of its PEM, and its number.

    The other lines have its public half too, which the certificate shows to everybody.
    """
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return pem.splitlines()[1], key.private_numbers().private_value.to_bytes(32, "big")


def hits(secrets: Mapping[str, str | bytes], places: Mapping[str, str | bytes]) -> list[str]:
    """Return which secrets stand where, and how: names alone, so that a test that fails shows none."""
    return [
        f"{name} in {place}: {form}"
        for place, where in places.items()
        for name, secret in secrets.items()
        for form in find(secret, where)
    ]


def reachable(root: object) -> str:
    """Return all text and bytes that the attributes of an exception lead to, its causes and contexts included.

    Frames are left out: nothing prints their variables.
    """
    seen: dict[int, object] = {}
    texts: list[str] = []
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, _ATOMS):
            continue
        seen[id(one)] = one  # kept, so that no other object gets its number
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, bytes | bytearray | memoryview):
            texts.append(bytes(one).decode("utf-8", "surrogateescape"))
        else:
            texts.append(type(one).__name__)
            waiting += _inside(one)
    return "\n".join(texts)


def _inside(one: object) -> Iterable[object]:
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if isinstance(one, list | tuple | set | frozenset):
        return list(one)
    if isinstance(one, type) or callable(one):
        return []
    inner: list[Any] = list(getattr(one, "__dict__", {}).values())
    if is_dataclass(one):
        inner += [getattr(one, each.name) for each in fields(one)]
    for kind in type(one).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        inner += [getattr(one, name, None) for name in ([slots] if isinstance(slots, str) else slots)]
    if isinstance(one, BaseException):
        inner += [one.args, one.__cause__, one.__context__, str(one), repr(one)]
    return inner
