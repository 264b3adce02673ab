"""Read and write YAML: every value knows its line, and what looks like a text is one.

Values are those of JSON: `yes`, `0777` and `2026-01-02` are texts, not the booleans, octal numbers and dates of
YAML 1.1. Aliases, tags and repeated keys are refused. What is written here is quoted so that readers of YAML 1.1
understand the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FastDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,999})", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", re.ASCII)
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_SCALAR_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:null"}

_Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing wrong in a file; lines count from 1."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document as JSON values; `lines` holds the line of each value by its path."""

    file: Path
    value: Any
    lines: Mapping[_Steps, int]

    def line_of(self, path: Sequence[str]) -> int:
        """Return where a value stands; of one that is not there, where what should hold it stands."""
        known = tuple(path)
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 1)


class _Loader(_Fast):  # type: ignore[misc]  # the C loader has no types
    """Composes nodes without guessing what plain scalars mean."""

    yaml_implicit_resolvers: Mapping[str, Any] = {}


class _Dumper(_FastDumper):  # type: ignore[misc]  # as above
    """Writes texts of several lines as blocks, so that a diff shows the line that changed."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write a value out wherever it stands."""
        return True


def _represent_text(dumper: Any, text: str) -> Any:  # noqa: ANN401 - PyYAML has no types
    looks_else = not isinstance(_scalar(text), str)
    style = "|" if "\n" in text else "'" if looks_else else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def dump(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as YAML, its keys in the order that they have."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**16)
    return text


def read_documents(file: Path, text: str, faults: list[FileFault]) -> Iterator[Document]:
    """Read the documents of a file; what is wrong with one is added to the faults."""
    try:
        for root in yaml.compose_all(text, Loader=_Loader):
            reader = _Reader(file, faults)
            value = reader.read(root, ())
            yield Document(file, value, reader.lines)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        said = " ".join(part for part in (exc.context, exc.problem) if part)
        faults.append(FileFault(file, mark.line + 1 if mark else 1, f"This is no YAML: {said}."))
    except yaml.YAMLError as exc:
        faults.append(FileFault(file, 1, f"This is no YAML: {' '.join(str(exc).split())}."))
    except RecursionError:
        faults.append(FileFault(file, 1, "This is nested too deeply."))


class _Reader:
    """Turn the nodes of one document into values."""

    def __init__(self, file: Path, faults: list[FileFault]) -> None:
        self.lines: dict[_Steps, int] = {}
        self._file = file
        self._faults = faults
        self._seen: set[int] = set()

    def read(self, node: Any, path: _Steps, line: int | None = None) -> Any:  # noqa: ANN401 - PyYAML has no types
        """Return the value of a node; `line` is that of its key."""
        line = line or node.start_mark.line + 1
        self.lines[path] = line
        if id(node) in self._seen:
            return self._refuse(line, "Aliases are not taken: write the value out.")
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, str(number))) for number, item in enumerate(node.value)]
        if node.tag not in _SCALAR_TAGS:
            return self._refuse(line, f"The tag {node.tag} is not taken.")
        return node.value if node.style else _scalar(node.value)

    def _mapping(self, node: Any, path: _Steps) -> dict[str, Any]:  # noqa: ANN401 - PyYAML has no types
        values: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(line, "A key is a text.")
            elif key.value in values:
                self._refuse(line, f"The key {key.value} stands here twice.")
            else:
                values[key.value] = self.read(value, (*path, key.value), line)
        return values

    def _refuse(self, line: int, message: str) -> None:
        self._faults.append(FileFault(self._file, line, message))


def _scalar(text: str) -> Any:  # noqa: ANN401 - any plain JSON value
    """Return what a plain scalar means: a word of JSON, a number, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
