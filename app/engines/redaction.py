"""The password of a login is not told, be it that the server repeats it in words of its own, plain or encoded."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, Self
from urllib.parse import quote, quote_plus

from app.engines.errors import clean

HIDDEN = "…"
_LEAST = 4  # characters; fewer stand in any text by chance
_LEAST_ENCODED = 6
_OUR_OWN = frozenset({"engine", "role", "need", "cause", "strength"})  # fields whose words no server chooses


@dataclass(frozen=True)
class Redaction:
    """Replaces a secret in texts, and in whatever holds texts, in upper or lower case."""

    forms: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, secret: str | None, *, known: str = "") -> Self:
        """Return one for a secret; one that is part of what is known anyway stays, as its absence would tell it."""
        if secret is None or len(secret) < _LEAST or secret in known:
            return cls()
        plain = [one for one in (secret, clean(secret)) if len(one) >= _LEAST]
        encoded = [one for one in map(clean, _encodings(secret)) if len(one) >= _LEAST_ENCODED]
        return cls(tuple(sorted({*plain, *encoded}, key=len, reverse=True)))

    def apply(self, value: Any) -> Any:  # noqa: ANN401 - a step's detail is free
        """Return a value as it may be told; of lists, mappings and dataclasses, all that they hold."""
        if not self.forms:
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {name: self.apply(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.apply(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            held = (one.name for one in fields(value) if one.name not in _OUR_OWN)
            return replace(value, **{name: self.apply(getattr(value, name)) for name in held})
        return value

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.forms)), re.IGNORECASE)

    def _text(self, text: str) -> str:
        text = self._pattern.sub(HIDDEN, text)
        if not text.endswith(HIDDEN):
            return text
        kept = text.removesuffix(HIDDEN)  # it may have been cut in the middle of the secret
        for form in self.forms:
            for length in range(len(form) - 1, _LEAST - 1, -1):
                if kept[-length:].lower() == form[:length].lower():
                    kept = kept[:-length]
        return kept + HIDDEN


def _encodings(secret: str) -> Iterator[str]:
    """Yield how a server may write what it was sent: as JSON or a URL has it, as bytes, and as TDS scrambles it."""
    plain, wide = secret.encode("utf-8", "surrogatepass"), secret.encode("utf-16-le", "surrogatepass")
    scrambled = bytes(((one << 4 & 0xF0) | one >> 4) ^ 0xA5 for one in wide)  # [MS-TDS] 2.2.6.4
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(plain, safe="")
    yield quote_plus(plain, safe="")
    yield scrambled.decode("utf-16-le", "ignore")
    for data in (plain, wide, scrambled):
        yield data.decode("latin-1")
        yield data.hex()
        for before in range(3):
            yield from _base64_within(data, before)


def _base64_within(data: bytes, before: int) -> Iterator[str]:
    """Yield the characters that base64 makes of data behind so many other bytes, but for those it shares with them."""
    coded = base64.b64encode(bytes(before) + data).decode()
    own = coded[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
    yield own
    yield own.translate(str.maketrans("+/", "-_"))
