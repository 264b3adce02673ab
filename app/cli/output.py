"""Show what the API answers: as a table for people, or as JSON, YAML, CSV or names for programs."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click
import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

Thing = Mapping[str, Any]
_WIDE = 10_000  # what goes into a file or a pipe is never cut or broken


def output_option(*formats: str) -> Callable[..., Any]:
    """Return the option that chooses the format; the first one is the default."""
    return click.option(
        "-o", "--output", type=click.Choice(formats), default=formats[0], help="How the answer is shown."
    )


def console(*, stderr: bool = False) -> Console:
    """Return a console: coloured at a terminal alone, and not where NO_COLOR is set."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else _WIDE, highlight=False, markup=False, emoji=False)


def show_data(data: Any, output: str) -> None:  # noqa: ANN401 - what the API answered
    """Show data whole, as JSON or YAML."""
    if output == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), nl=False)


def show_items(data: Mapping[str, Any], columns: Sequence[str], output: str) -> None:
    """Show a list: `data` is what the API answers for one; without columns JSON and YAML show every field."""
    if output in {"json", "yaml"}:
        items = [{name: item[name] for name in columns} for item in data["items"]] if columns else data["items"]
        show_data({**data, "items": items}, output)
    elif output == "name":
        for item in data["items"]:
            click.echo(item["name"])
    elif output == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([columns, *([cell(item.get(name)) for name in columns] for item in data["items"])])
    else:
        show_table(columns, ([cell(item.get(name)) for name in columns] for item in data["items"]))


def tell_left_out(data: Mapping[str, Any], advice: str) -> None:
    """Say on standard error that a list is not all that there is, and how to get the rest."""
    shown, total = len(data["items"]), data.get("total")
    if total is not None and shown < total:
        click.echo(f"{shown} of {total} shown; {advice}.", err=True)


def show_thing(data: Mapping[str, Any], output: str) -> None:
    """Show one thing, which stands in `data` under its own name; a table of it has a row for each field."""
    (thing,) = data.values()
    if output in {"json", "yaml"}:
        show_data(data, output)
    elif output == "name":
        click.echo(thing["name"])
    else:
        show_table(("field", "value"), ([name, cell(value)] for name, value in thing.items()))


def new_table(*titles: str) -> Table:
    """Return an empty table; what a narrow terminal has no place for is folded, never cut."""
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(Text(title), overflow="fold")
    return table


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show rows below their titles."""
    table = new_table(*(name.upper().replace("_", " ") for name in columns))
    for row in rows:
        table.add_row(*(Text(" ".join(value.split())) for value in row))
    console().print(table)


def cell(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as one line: things by their names, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        named = value.get("name") or value.get("username")
        return str(named) if named else ", ".join(f"{key}={cell(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(cell, value))
    return str(value)
