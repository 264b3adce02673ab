"""Every sentence that Muster says, in Chinese and English, found by its code.

The sentences are data (`*.toml` beside this file). A code has `zh` and `en`, and may have `mend_zh` and
`mend_en`: what to do about it; and `also_zh`, `also_en`: what else with the engines that `also_for` names.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from app.core.errors import FieldFault

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT_LANGUAGE: Language = "zh"

_SPACED_FIELD = re.compile(r"( ?)((?<!\{)\{\w+\}(?!\}))( ?)")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return all entries by code.

    :raises ValueError: two files define the same code.
    """
    entries: dict[str, Mapping[str, str]] = {}
    for source in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if not source.name.endswith(".toml"):
            continue
        for code, entry in tomllib.loads(source.read_text(encoding="utf-8")).items():
            if code in entries:
                raise ValueError(f"message code {code!r} is defined twice")
            entries[code] = entry
    return entries


def sentence(code: str, language: Language, params: Mapping[str, Any] | None = None) -> str:
    """Return what `code` says in `language`, with `params` filled in.

    :raises KeyError: the catalogue has no such code.
    """
    return _filled(catalogue()[code][language], language, params or {})


def suggestions(
    code: str, language: Language, params: Mapping[str, Any] | None = None, *, engine: str | None = None
) -> list[str]:
    """Return what to do about `code`: no line where the catalogue has no advice.

    What holds for some engines alone is left out where `engine` is another one; where it is not known, all is told.
    """
    entry = catalogue()[code]
    also = engine is None or engine in entry.get("also_for", "").split()
    advice = [entry.get(f"mend_{language}"), entry.get(f"also_{language}") if also else None]
    return [_filled(one, language, params or {}) for one in advice if one]


def _filled(pattern: str, language: Language, params: Mapping[str, Any]) -> str:
    """Return the sentence with its fields filled in.

    Chinese sets a space between its own characters and others: where a field is filled with Chinese, there is none.
    """
    if language != "zh":
        return pattern.format_map(params)

    def close_up(found: re.Match[str]) -> str:
        before, field, after = found.groups()
        value = field.format_map(params)
        return f"{'' if _CHINESE.match(value) else before}{field}{'' if _CHINESE.match(value[-1:]) else after}"

    return _SPACED_FIELD.sub(close_up, pattern).format_map(params)


def fault_sentence(fault: FieldFault, language: Language) -> str:
    """Return what is wrong with one field; a field may have a sentence of its own for a code."""
    names = [part for part in fault.path.split(".") if not part.isdigit()]
    own = f"field.{fault.code}.{names[-1] if names else ''}"
    params = dict(fault.params)
    expected = f"type.{params.get('expected')}"
    if expected in catalogue():
        params["expected"] = sentence(expected, language)
    elif language == "zh" and isinstance(params.get("expected"), str):
        params["expected"] = params["expected"].replace(", ", "、")
    return sentence(own if own in catalogue() else f"field.{fault.code}", language, params)
