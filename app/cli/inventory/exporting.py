"""Write the register as files.

Short kinds have one file each; each instance has a file of its own, in a folder by environment: a change is then a
short diff, two people seldom touch the same file, `git log` of a file is the history of an instance, and owners of
code can be named by environment.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from app.cli.inventory.bound_endpoints import without_usual
from app.cli.inventory.kinds import KINDS, Kind, Record, Thing
from app.cli.inventory.loading import inventory_files
from app.cli.inventory.register import Register, is_deleted
from app.cli.yaml_files import dump

MARK = "# Written by `muster export`."
_HEADER = f"""\
{MARK} `muster plan` compares this with the register, `muster apply` carries it out.
# What is empty or the default is left out; a line that goes clears its field.
"""
_SECRETS = "# Secrets are in no file: each says where `muster apply` finds it, {env: NAME} or {file: PATH}.\n"
_WITHOUT = "_none"  # no key of an environment begins so


def write_files(register: Register, folder: Path) -> int:
    """Write everything, remove earlier exports of what is gone, and return the number of files.

    :raises click.ClickException: there are YAML files that somebody else wrote.
    """
    earlier = list(inventory_files(folder)) if folder.exists() else []
    foreign = [str(file) for file in earlier if not _is_ours(file)]
    if foreign:
        shown = ", ".join(foreign[:5])
        raise click.ClickException(
            f"{folder} holds YAML files that no export has written ({shown}): name an empty folder, or one of exports."
        )
    texts = {folder / path: text for path, text in _files(register)}
    for file in earlier:
        if file not in texts:
            file.unlink()
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return len(texts)


def _is_ours(file: Path) -> bool:
    with file.open(encoding="utf-8", errors="replace") as stream:
        return stream.readline().startswith(MARK)


def _files(register: Register) -> Iterator[tuple[Path, str]]:
    for kind in KINDS:
        things = [thing for _, thing in sorted(register.things[kind.section].items()) if not is_deleted(thing)]
        if kind.name == "instance":
            yield from _file_each(kind, things)
        else:
            yield Path(f"{kind.section}.yaml"), _text(kind, _ordered(kind, things))


def _ordered(kind: Kind, things: list[Thing]) -> list[Record]:
    records = [_lean(kind, kind.from_api(thing)) for thing in things]
    if kind.name == "environment":
        return sorted(records, key=lambda record: (record["position"], record["key"]))
    if kind.name == "credential":
        variables = _variables([record["name"] for record in records], "CREDENTIAL_{}_PASSWORD")
        return [{**record, "password": {"env": variables[record["name"]]}} for record in records]
    return records


def _file_each(kind: Kind, things: list[Thing]) -> Iterator[tuple[Path, str]]:
    taken: set[str] = set()
    with_key = [thing["name"] for thing in things if thing["tls_client_key_set"]]
    variables = _variables(with_key, "INSTANCE_{}_TLS_CLIENT_KEY")
    for thing in things:
        record = _lean(kind, kind.from_api(thing))
        if record.pop("tls_client_key_set", False):
            record["tls_client_key"] = {"env": variables[thing["name"]]}
        folder = f"{kind.section}/{thing['environment'] or _WITHOUT}"
        yield Path(_free(folder, thing["name"], taken)), _text(kind, [record])


def _free(folder: str, name: str, taken: set[str]) -> str:
    """Return a path that no other has, not even where file systems take `A` for `a`; the name inside is what counts."""
    visible = f"_{name}" if name.startswith(".") else name
    stem = f"{folder}/{visible}"
    path = f"{stem}.yaml"
    if path.casefold() in taken:
        path = f"{stem}~{zlib.crc32(name.encode()):08x}.yaml"
    taken.add(path.casefold())
    return path


def _text(kind: Kind, records: list[Record]) -> str:
    header = _HEADER + (_SECRETS if any(kind.secret in record for record in records) else "")
    return f"{header}{dump({kind.section: records})}"


def _lean(kind: Kind, record: Record) -> Record:
    defaults: Mapping[str, Any] = dict(kind.defaults or {})
    if record.get("lifecycle") == "retired":
        defaults = {**defaults, "is_active": False}
    return {
        name: value
        for name, value in _without_nothing(record).items()
        if name == kind.key or value != defaults.get(name)
    }


def _without_nothing(record: Record) -> Record:
    """Leave out what is empty; a member of `custom` that is null is something."""
    found: Record = {}
    for name, value in record.items():
        kept = _without_nothing(value) if name == "bindings" else value
        if name == "endpoints":
            kept = [without_usual(one) for one in value]
        if kept not in (None, [], {}):
            found[name] = kept
    return found


def _variables(names: list[str], pattern: str) -> dict[str, str]:
    """Return a name of a variable for the secret of each thing, none twice."""
    found: dict[str, str] = {}
    for name in names:
        word = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
        variable = pattern.format(word)
        if not word or variable in found.values():
            variable = pattern.format(f"{word}{'_' if word else ''}{zlib.crc32(name.encode()):08X}")
        found[name] = variable
    return found
