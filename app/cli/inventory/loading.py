"""Read the files of an inventory, and find everything that is wrong with them at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from app.cli.inventory.entries import Entry, EntryReader
from app.cli.inventory.kinds import BY_SECTION, KINDS, Kind
from app.cli.yaml_files import Document, FileFault, read_documents

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the files say: things by section and name; only sections that stand in a file are there.

    `instances` are all of them, also those that are wrong or stand there twice. Where something could not be read at
    all, `is_whole` is False: nobody knows what else it names.
    """

    things: Mapping[str, Mapping[str, Entry]]
    instances: Sequence[Entry] = ()
    faults: Sequence[FileFault] = ()
    is_whole: bool = True


@dataclass(slots=True)
class _Reading:
    things: dict[str, dict[str, Entry]] = field(default_factory=dict)
    instances: list[Entry] = field(default_factory=list)
    unread: list[FileFault] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)


class FilesInvalid(click.ClickException):
    """Files are wrong; the message has a line for each fault: `file:line: what`."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        lines = sorted(faults, key=lambda fault: (str(fault.file), fault.line))
        super().__init__("\n".join(["The files cannot be used:", *map(str, lines)]))


def inventory_files(folder: Path) -> Iterator[Path]:
    """Yield the YAML files below a folder in order; what is hidden is no part of an inventory."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in SUFFIXES and not hidden and path.is_file():
            yield path


def load(folder: Path) -> Inventory:
    """Read all YAML files below a folder; which file holds what is free.

    What is wrong with them stands in `faults`, to be told with what only the register knows to be wrong.
    """
    reading, files = _Reading(), list(inventory_files(folder))
    if not files:
        raise click.ClickException(f"There is no YAML file in {folder}: `muster export {folder}` writes some.")
    for file in files:
        _read_file(file, reading)
    faults = [*reading.unread, *reading.faults]
    return Inventory(reading.things, reading.instances, faults, is_whole=not reading.unread)


def _read_file(file: Path, reading: _Reading) -> None:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        reading.unread.append(FileFault(file, 1, "This is no UTF-8."))
        return
    for document in read_documents(file, text, reading.unread):
        if isinstance(document.value, dict):
            _read_sections(document, reading)
        elif document.value is not None:
            reading.unread.append(FileFault(file, document.line_of(()), f"Expected one of {_sections()} here."))


def _sections() -> str:
    return ", ".join(f"{section}:" for section in BY_SECTION)


def _read_sections(document: Document, reading: _Reading) -> None:
    for section, items in document.value.items():
        kind, line = BY_SECTION.get(section), document.line_of((section,))
        if kind is None:
            reading.unread.append(FileFault(document.file, line, f"There is no {section}: expected {_sections()}."))
        elif items is not None and not isinstance(items, list):
            reading.unread.append(FileFault(document.file, line, f"{section} is a list, each item after a dash."))
        else:
            known = reading.things.setdefault(section, {})
            for number, item in enumerate(items or ()):
                entry = EntryReader(kind, document, (section, str(number)), reading.faults).read(item)
                if entry is not None:
                    _add(entry, known, reading)


def _add(entry: Entry, known: dict[str, Entry], reading: _Reading) -> None:
    if entry.kind.name == "instance":
        reading.instances.append(entry)
    first = known.setdefault(entry.name, entry)
    if first is not entry:
        where = f"{first.document.file}:{first.document.line_of(first.at)}"
        reading.faults.append(
            entry.fault(f"The {entry.kind.name} {entry.name} stands in {where} already.", entry.kind.key)
        )


def kinds_in(inventory: Inventory) -> Iterator[Kind]:
    """Yield the kinds that stand in the files, those first that others refer to."""
    return (kind for kind in KINDS if kind.section in inventory.things)
