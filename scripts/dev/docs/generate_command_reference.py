"""Write `docs/reference/command-line.md` from the tree of commands."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.cli.commands import muster
from app.cli.exit_codes import MEANINGS
from app.core.settings import CLIENT_VARIABLES
from scripts.dev.docs.generated_page import write_or_check

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "command-line.md"

INTRODUCTION = """\
# The command line

<!-- Generated from the commands in app/cli: change those, then run `make docs`. -->

`muster COMMAND --help` says the same as this page. What `muster serve` and the store need comes from the
[settings](settings.md). How the register is kept as files:
[guides/inventory-as-code.md](../guides/inventory-as-code.md). Where `muster` is not on your PATH: in a clone it is
`uv run --no-dev muster`, of a service `/opt/muster/bin/muster`.
"""

CLIENT = """\
## Which Muster is called

`muster instances`, `check`, `export`, `plan` and `apply` call API v1. With an address they call it over the network
and bring a token, which stands in a variable or in a file and never in the arguments; certificates are verified, and a
token crosses no network in clear (unless `MUSTER_INSECURE_HTTP=1` says so) and follows no redirect. Without an address
they work on the store of this machine, as whoever is logged in to it: everything is allowed, and the audit trail says
`cli:` and the name.

| variable | meaning |
|---|---|
"""

EXITS = """\
## Exit codes

| code | meaning |
|---|---|
"""


def render() -> str:
    """Return the page as Markdown."""
    parts = [
        INTRODUCTION,
        CLIENT + "\n".join(_rows(CLIENT_VARIABLES)) + "\n",
        EXITS + "\n".join(_rows(MEANINGS)) + "\n",
    ]
    return "\n".join([*parts, "## Commands\n", *_commands(muster, _context(muster, None))])


def _rows(meanings: Mapping[Any, str]) -> Iterator[str]:
    for name, meaning in meanings.items():
        yield f"| `{name}` | {meaning} |"


def _commands(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            sub = command.commands[name]
            yield from _commands(sub, _context(sub, context))
    else:
        yield _section(command, context)


def _context(command: click.Command, parent: click.Context | None) -> click.Context:
    name = "muster" if parent is None else command.name
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"### `{context.command_path}`\n", f"`{usage}`\n", _paragraphs(command.help or ""), ""]
    options = [
        parameter
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and "--help" not in parameter.opts
    ]
    if options:
        lines += ["| option | meaning |", "|---|---|"]
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            lines.append(f"| `{record[0].replace('|', chr(92) + '|')}` | {record[1].replace('|', chr(92) + '|')} |")
    return "\n".join([*lines, ""])


def _paragraphs(text: str) -> str:
    """Return help as Markdown: what click is told not to wrap is a block of code."""
    found = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            found.append("\n".join(["```", *paragraph.splitlines()[1:], "```"]))
        else:
            found.append(" ".join(paragraph.split()))
    return "\n\n".join(found)


def main(argv: Sequence[str], *, page: Path = PAGE) -> int:
    """Write the page; with `--check` print how it differs from the code and return 1 when it does."""
    return write_or_check(argv, render, page=page, about=__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
