"""Show checks: a table that grows while they end, a line each where nobody looks, or JSON."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from rich.cells import cell_len
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from app.cli.checks.choosing import Instance
from app.cli.checks.running import Result
from app.cli.output import cell, console

# Never by colour alone: each outcome has a sign and a word.
_LOOKS: Mapping[str, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "degraded": ("!", "yellow"),
    "reachable": ("○", "cyan"),
    "failed": ("✗", "red"),
}
# What the details of a step are called where a remedy refers to them.
_SEEN: Mapping[str, str] = {
    "speaks": "answers",
    "option": "option",
    "package": "package",
    "methods": "methods",
    "plugin": "method",
}
_TITLES = ("", "NAME", "ENDPOINT", "OUTCOME", "SERVER", "TOOK", "WHY")


def show(results: Iterable[Result], instances: Sequence[Instance], *, as_json: bool) -> list[Result]:
    """Show each result as it comes, and return them all."""
    if as_json:
        return [_as_json(one) for one in results]
    if sys.stdout.isatty():
        return _live(results, total=len(instances))
    widths, told = _widths(instances), _Told()
    if len(instances) > 1:
        click.echo(_line(_TITLES, widths))
    return [_as_line(one, widths, told) for one in results]


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


class _Told:
    """The remedies that were told, so that one that many have in common is read once."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def again(self, remedy: str, name: str) -> str:
        """Return the remedy, or by which instance it stands already."""
        first = self._first.setdefault(remedy, name)
        return remedy if first == name else f"Remedy as for {first}"


def _as_line(result: Result, widths: Sequence[int], told: _Told) -> Result:
    """Write one line; lines come as checks end, so that what comes later widens no column."""
    click.echo(_line(_cells(result, told), widths))
    return result


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells in the order of the table as one line, the server behind the time: it alone has no width."""
    sign, name, endpoint, outcome, server, took, why = cells
    fixed = (sign, name, endpoint, outcome, took)
    # A Chinese character takes two places.
    padded = (text + " " * (width - cell_len(text)) for text, width in zip(fixed, widths, strict=True))
    return "  ".join(part for part in (*padded, server, why) if part).rstrip()


def _widths(instances: Sequence[Instance]) -> tuple[int, ...]:
    """Return the widths of sign, name, endpoint, outcome and time, in places of a terminal."""
    names = max([len("NAME"), *(cell_len(str(one["name"])) for one in instances)])
    endpoints = max([len("ENDPOINT"), *(cell_len(_endpoint(one)) for one in instances)])
    return 1, names, endpoints, max(map(len, _LOOKS)), len("99999 ms")


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
    told = _Told()
    for one in results:
        style = _LOOKS[one.outcome][1]
        sign, name, *rest = _cells(one, told)
        table.add_row(Text(sign, style), Text(name), Text(rest[0]), Text(rest[1], style), *map(Text, rest[2:]))
    return table


def _cells(result: Result, told: _Told) -> list[str]:
    instance, check = result.instance, result.check or {}
    took = check.get("took_ms")
    return [
        _LOOKS[result.outcome][0],
        str(instance["name"]),
        _endpoint(instance),
        result.outcome,
        _server(check.get("server")),
        f"{took} ms" if took is not None else "",
        " ".join(" ".join(_why(result, told)).split()),  # grants are a line each
    ]


def _endpoint(instance: Instance) -> str:
    return f"{instance['host']}:{instance['port']}" if "host" in instance else ""


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


def _why(result: Result, told: _Told) -> Iterator[str]:
    check = result.check or {}
    if result.failure:
        yield result.failure
    if check.get("cause"):
        yield f"{check['cause']}:"
        yield _closed(str(check.get("message")))
        yield from map(_closed, _seen(check))
        if check.get("remedy"):
            yield _closed(told.again(str(check["remedy"]), str(result.instance["name"])))


def _closed(text: str) -> str:
    """Return a sentence with its full stop; a statement has its own end."""
    return text if text.endswith((".", ";", "…")) else f"{text}."


def _seen(check: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the step that gave the cause has seen: the server's own words, who speaks there, what is to be set."""
    step = next((one for one in check.get("steps") or () if one["cause"] == check["cause"]), None)
    if step is None:
        return
    detail = step["detail"] or {}
    said = " ".join(str(detail[name]) for name in ("server_code", "server_text") if detail.get(name) is not None)
    # Before the greeting the code is the system's, and in a handshake the words are those of our own TLS.
    if said and step["step"] not in {"guard", "resolve", "connect"}:
        yield f"{'TLS' if step['step'] == 'tls' else 'server'} said: {said}"
    for name, title in _SEEN.items():
        if detail.get(name):
            yield f"{title}: {cell(detail[name])}"
