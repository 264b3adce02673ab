"""What the console calls things, in both languages: read from its own sources, so that no name stands in two places."""

import re
from functools import cache
from pathlib import Path

_SOURCES = Path(__file__).parents[3] / "console" / "src"
_DEFINITION = re.compile(r'defineTexts\(\s*"(?P<feature>[^"]+)",\s*\{')
_ENTRY = re.compile(r"""\s*(?:"([^"]+)"|([\w$]+)):\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?""")
_SPREAD = re.compile(r"\s*\.\.\.([\w$]+),?")
_LANGUAGE = re.compile(r"\s*(?:(zh|en):\s*\{|(zh|en):\s*([\w$]+)|(zh|en)\b)\s*")
_Texts = dict[str, str]


def _object(source: str, start: int) -> tuple[_Texts, int]:
    """Return the texts of the object whose first entry begins at `start`, and where its brace is closed."""
    texts: _Texts = {}
    while True:
        if entry := _ENTRY.match(source, start):
            texts[entry[1] or entry[2]] = re.sub(r"\\(.)", r"\1", entry[3][1:-1])
        elif entry := _SPREAD.match(source, start):
            texts |= _constant(source, entry[1])
        else:
            break
        start = entry.end()
    closed = re.compile(r"\s*\}").match(source, start)
    assert closed, f"no text of one language: {source[start : start + 80]!r}"
    return texts, closed.end()


def _constant(source: str, name: str) -> _Texts:
    found = re.search(rf"const {re.escape(name)}\b[^=]*=\s*\{{", source)
    assert found, f"no constant {name}"
    return _object(source, found.end())[0]


def _feature(source: str, start: int) -> dict[str, _Texts]:
    languages: dict[str, _Texts] = {}
    while found := _LANGUAGE.match(source, start):
        start = found.end()
        if found[1]:
            languages[found[1]], start = _object(source, start)
        else:
            languages[found[2] or found[4]] = _constant(source, found[3] or found[4])
        comma = re.compile(r"\s*,").match(source, start)
        start = comma.end() if comma else start
    assert set(languages) == {"zh", "en"}, f"one language is missing: {set(languages)}"
    return languages


def _read(path: Path) -> str:
    """Return a file without its comments, and what it takes from files beside it."""
    source = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    beside = re.findall(r'^import \{ \w+ \} from "\./(texts\.\w+)"', source, flags=re.MULTILINE)
    return "\n".join([source, *(_read(path.with_name(f"{name}.ts")) for name in beside)])


@cache
def _all() -> dict[str, dict[str, _Texts]]:
    features = {}
    for path in sorted(_SOURCES.rglob("*.ts")):
        source = _read(path)
        for found in _DEFINITION.finditer(source):
            features[found["feature"]] = _feature(source, found.end())
    return features


class Words:
    """The texts of one language; `words("instances", "count", total=3)` is what the console shows for it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, feature: str, key: str, **values: object) -> str:
        """Return a text with its values filled in; `count` chooses the plural."""
        texts = _all()[feature][self.language]
        if "count" in values:
            plural = f"{key}_one" if values["count"] == 1 and f"{key}_one" in texts else f"{key}_other"
            key = plural if plural in texts else key
        return re.sub(r"\{\{(\w+)\}\}", lambda name: str(values[name[1]]), texts[key])

    def before(self, feature: str, key: str) -> re.Pattern[str]:
        """Return a pattern for a text that other things follow, such as the key that does the same."""
        return re.compile(f"^{re.escape(self(feature, key))}")

    def around(self, feature: str, key: str) -> re.Pattern[str]:
        """Return a pattern for a text whose values may be anything, of a plural for one."""
        texts = _all()[feature][self.language]
        text = next(texts[name] for name in (key, f"{key}_one", f"{key}_other") if name in texts)
        return re.compile(".+".join(map(re.escape, re.split(r"\{\{\w+\}\}", text))))
