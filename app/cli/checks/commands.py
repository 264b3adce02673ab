"""`muster check`."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain

import click

from app.cli.checks.choosing import Choice, chosen
from app.cli.checks.running import Result, run
from app.cli.checks.showing import show, summary
from app.cli.client.api import Api
from app.cli.client.connection import calls_muster
from app.cli.client.errors import CallFailed, CallRefused
from app.cli.completion import complete_instances
from app.cli.exit_codes import CHECK_FAILED, FAILED

_AT_ONCE, _EVERY_S = 8, 60
_NEVER = frozenset({400, 401, 403})  # what will be refused again


@click.command()
@click.argument("names", metavar="[NAME|ID]...", nargs=-1, shell_complete=complete_instances)
@click.option("--all", "everything", is_flag=True, help="All instances in use.")
@click.option("--tag", "tags", multiple=True, metavar="NAME", help="Those in use with all of these tags.")
@click.option("--environment", "environments", multiple=True, metavar="KEY", help="Those in use in these environments.")
@click.option("--watch", is_flag=True, help="Again and again, until Ctrl-C.")
@click.option(
    "--every", type=click.IntRange(1), metavar="SECONDS", help="With --watch: how often.", show_default=str(_EVERY_S)
)
@click.option("--strict", is_flag=True, help="Let a check that ends as degraded or reachable count as failed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as each check ends.")
@click.option("-j", "--jobs", default=_AT_ONCE, type=click.IntRange(1, 256), help="How many at once.")
@calls_muster
def check(
    api: Api,
    *,
    names: Sequence[str],
    everything: bool,
    tags: Sequence[str],
    environments: Sequence[str],
    watch: bool,
    every: int | None,
    strict: bool,
    as_json: bool,
    jobs: int,
) -> None:
    """Log in to instances and say which server answers, or which step failed, why, and how that is mended.

    Through a pipe, and with --json, each line comes as soon as its check ends: their order is that of the ends, and not
    the same every time.

    A login that a server has refused twice is suspended. A new password or name in its credential lifts that, another
    endpoint, or a login that works in a check by somebody who watches: who has a session, or who names the instance
    here, on Muster's own machine, without --watch. A check by token counts as unattended.
    """
    if every is not None and not watch:
        raise click.UsageError("--every goes with --watch.")
    choice = Choice(names=names, everything=everything, tags=tags, environments=environments)
    once = partial(_round, api, choice, attended=choice.is_attended and not watch, as_json=as_json, jobs=jobs)
    results = _again_and_again(once, every or _EVERY_S, as_json=as_json) if watch else once()
    if any(one.is_missing for one in results):
        raise click.exceptions.Exit(FAILED)
    good = {"ok"} if strict else {"ok", "degraded", "reachable"}
    if any(one.outcome not in good for one in results):
        raise click.exceptions.Exit(CHECK_FAILED)


def _again_and_again(once: Callable[[], list[Result]], every_s: int, *, as_json: bool) -> list[Result]:
    """Check until Ctrl-C, each round below its time; return the results of the last one that came to its end."""
    results: list[Result] = []
    try:
        while True:
            click.echo(f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M:%S %z}", err=as_json)
            with _tells_and_goes_on():
                results = once()
            time.sleep(every_s)
    except KeyboardInterrupt:
        return results


@contextmanager
def _tells_and_goes_on() -> Iterator[None]:
    """Let a round that found no Muster be told; the next one may."""
    try:
        yield
    except CallRefused as exc:
        if exc.status in _NEVER:
            raise
        exc.show()
    except CallFailed as exc:
        exc.show()


def _round(api: Api, choice: Choice, *, attended: bool, as_json: bool, jobs: int) -> list[Result]:
    found = chosen(api, choice)
    missing = [Result.missing(name, why) for name, why in found.missing.items()]
    everything = chain(missing, run(api, found.instances, at_once=jobs, attended=attended))
    results = show(everything, [*(one.instance for one in missing), *found.instances], as_json=as_json)
    click.echo(summary(results), err=True)
    return results
