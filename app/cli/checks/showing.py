"""Show checks: a table that grows while they end, a line each where nobody looks, or JSON."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from app.cli.checks.choosing import Instance
from app.cli.checks.running import Result
from app.cli.output import console

# Never by colour alone: each outcome has a sign and a word.
_LOOKS: Mapping[str, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "degraded": ("!", "yellow"),
    "reachable": ("○", "cyan"),
    "failed": ("✗", "red"),
}
# What a step may know that no sentence holds: the server's own words, or who answers instead.
_TOLD: Mapping[str, str] = {
    "server_code": "code",
    "server_text": "said:",
    "speaks": "answers:",
    "package": "package:",
    "option": "option:",
}
_TITLES = ("", "NAME", "ENDPOINT", "OUTCOME", "SERVER", "TOOK", "WHY")


def show(results: Iterable[Result], instances: Sequence[Instance], *, as_json: bool) -> list[Result]:
    """Show each result as it comes, and return them all."""
    if as_json:
        return [_as_json(one) for one in results]
    if sys.stdout.isatty():
        return _live(results, total=len(instances))
    return [_as_line(one) for one in results]


def summary(results: Sequence[Result]) -> str:
    """Return how many ended how, the good ones first."""
    counts = {name: sum(one.outcome == name for one in results) for name in _LOOKS}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{len(results)} checked: {told}." if results else "No instance matches."


def _as_json(result: Result) -> Result:
    told = {
        "instance": {name: result.instance[name] for name in ("id", "name")},
        "check": result.check,
        "error": result.failure,
    }
    click.echo(json.dumps(told, ensure_ascii=False))
    return result


def _as_line(result: Result) -> Result:
    click.echo("  ".join(_cells(result)).rstrip())
    return result


def _live(results: Iterable[Result], *, total: int) -> list[Result]:
    shown: list[Result] = []
    progress = Progress(TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    task = progress.add_task("checking", total=total)
    out = console()
    with Live(progress, console=out, transient=True) as live:
        for one in results:
            shown.append(one)
            progress.advance(task)
            live.update(_grid(shown[-_rows_that_fit(out.height) :], progress))
    out.print(_table(sorted(shown, key=_worst_first)))
    return shown


def _rows_that_fit(height: int) -> int:
    return max(3, height - 4)


def _worst_first(result: Result) -> tuple[int, str]:
    return -list(_LOOKS).index(result.outcome), str(result.instance["name"])


def _grid(results: Sequence[Result], progress: Progress) -> Table:
    grid = Table.grid()
    grid.add_row(_table(results))
    grid.add_row(progress)
    return grid


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in _TITLES:
        table.add_column(Text(title), overflow="fold", no_wrap=title in {"NAME", "OUTCOME", "TOOK"})
    for one in results:
        style = _LOOKS[one.outcome][1]
        sign, name, *rest = _cells(one)
        table.add_row(Text(sign, style), Text(name), Text(rest[0]), Text(rest[1], style), *map(Text, rest[2:]))
    return table


def _cells(result: Result) -> list[str]:
    instance, check = result.instance, result.check or {}
    took = check.get("took_ms")
    return [
        _LOOKS[result.outcome][0],
        str(instance["name"]),
        f"{instance['host']}:{instance['port']}",
        result.outcome,
        _server(check.get("server")),
        f"{took} ms" if took is not None else "",
        " ".join(_why(result)),
    ]


def _server(server: Mapping[str, Any] | None) -> str:
    if not server:
        return ""
    role = server.get("role")
    return " ".join(
        str(one)
        for one in (
            server.get("flavour") or server.get("engine"),
            server.get("version"),
            None if role == "unknown" else role,
        )
        if one
    )


def _why(result: Result) -> Iterator[str]:
    """Yield the cause, what it means and what to do, and what the step that gave it knows besides."""
    check = result.check or {}
    if result.failure:
        yield result.failure
    if not check.get("cause"):
        return
    yield f"{check['cause']}:"
    yield _sentence(check.get("message"))
    if check.get("remedy"):
        yield _sentence(check["remedy"])
    steps: Sequence[Mapping[str, Any]] = check.get("steps", ())
    detail: Mapping[str, Any] = next((one["detail"] for one in steps if one.get("cause") == check["cause"]), {})
    for name, title in _TOLD.items():
        if detail.get(name) not in (None, ""):
            yield f"[{title} {' '.join(str(detail[name]).split())}]"


def _sentence(text: object) -> str:
    """Return a text on one line with one stop at its end."""
    return " ".join(str(text).split()).rstrip(".;") + "."
