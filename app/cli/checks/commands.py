"""`muster check`."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from app.cli.checks.choosing import Choice, chosen
from app.cli.checks.running import Result, run
from app.cli.checks.showing import show, summary
from app.cli.client.api import Api
from app.cli.client.connection import calls_muster
from app.cli.client.errors import CallFailed, CallRefused
from app.cli.completion import complete_instances
from app.cli.exit_codes import CHECK_FAILED

_AT_ONCE, _EVERY_S = 8, 60
_NEVER = frozenset({400, 401, 403})  # what will be refused again


@click.command()
@click.argument("names", metavar="[NAME|ID]...", nargs=-1, shell_complete=complete_instances)
@click.option("--all", "everything", is_flag=True, help="All instances in use.")
@click.option("--tag", "tags", multiple=True, metavar="NAME", help="Those in use with all of these tags.")
@click.option("--environment", "environments", multiple=True, metavar="KEY", help="Those in use in these environments.")
@click.option("--watch", is_flag=True, help="Again and again, until Ctrl-C.")
@click.option("--every", default=_EVERY_S, type=click.IntRange(1), metavar="SECONDS", help="With --watch: how often.")
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
    every: int,
    strict: bool,
    as_json: bool,
    jobs: int,
) -> None:
    """Log in to instances and say which server answers, or which step failed, why, and how that is mended.

    A login that a server has refused twice is tried again only by somebody who names the instance, without --watch.
    """
    choice = Choice(names=names, everything=everything, tags=tags, environments=environments)
    attended = choice.is_attended and not watch
    while watch:
        with _tells_and_goes_on():
            _round(api, choice, attended=attended, as_json=as_json, jobs=jobs)
        time.sleep(every)
    results = _round(api, choice, attended=attended, as_json=as_json, jobs=jobs)
    good = {"ok"} if strict else {"ok", "degraded", "reachable"}
    if any(one.outcome not in good for one in results):
        raise click.exceptions.Exit(CHECK_FAILED)


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
    instances = chosen(api, choice)
    results = show(run(api, instances, at_once=jobs, attended=attended), instances, as_json=as_json)
    click.echo(summary(results), err=True)
    return results
