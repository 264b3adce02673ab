"""The password of a login is not told, be it that the server repeats it in words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Self

from app.engines.errors import clean

HIDDEN = "…"
_LEAST = 4  # characters; fewer stand in any text by chance
_OUR_OWN = frozenset({"engine", "role", "need", "cause", "strength"})  # fields whose words no server chooses


@dataclass(frozen=True, slots=True)
class Redaction:
    """Replaces a secret in texts, and in whatever holds texts."""

    forms: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, secret: str | None, *, known: str = "") -> Self:
        """Return one for a secret; one that is part of what is known anyway stays, as its absence would tell it."""
        if secret is None or len(secret) < _LEAST or secret in known:
            return cls()
        forms = (secret, clean(secret), secret.encode("utf-8", "surrogatepass").hex())
        return cls(tuple(one for one in dict.fromkeys(forms) if len(one) >= _LEAST))

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

    def _text(self, text: str) -> str:
        for form in self.forms:
            text = text.replace(form, HIDDEN)
        if not text.endswith(HIDDEN):
            return text
        kept = text.removesuffix(HIDDEN)  # it may have been cut in the middle of the secret
        for form in self.forms:
            for length in range(len(form) - 1, _LEAST - 1, -1):
                kept = kept.removesuffix(form[:length])
        return kept + HIDDEN
