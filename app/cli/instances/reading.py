"""`muster instances list`, `get` and `history`."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

import click

from app.cli.client.api import PAGE, Api
from app.cli.client.connection import calls_muster
from app.cli.client.errors import CallRefused
from app.cli.instances.naming import find_instance, instance_argument
from app.cli.output import cell, output_option, show_data, show_items, show_table, show_thing, tell_left_out
from app.domain.instances.listing import ListInstances

COLUMNS = ("id", "name", "db_type", "host", "port", "environment", "status", "tags")
_IN_A_TABLE = 20
_EVENT_COLUMNS = ("at", "actor", "action", "changes", "reason", "ticket")


class Filters(click.ParamType[tuple[str, str]]):
    """One parameter of `GET /instances`, as name=value."""

    name = "filter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ANN401 - click's signature
        """Split at the first equals sign."""
        name, equals, text = str(value).partition("=")
        if not name or not equals:
            self.fail(f"{value!r} is not name=value.", param, ctx)
        return name, text


def _columns(ctx: click.Context, param: click.Parameter, value: str | None) -> Sequence[str]:
    del ctx, param
    return [] if value is None else [name.strip() for name in value.split(",") if name.strip()]


@click.command("list")
@click.option("--search", metavar="TEXT", help="Part of the name, the host or the description.")
@click.option("--db-type", metavar="ENGINE", multiple=True, help="Any of these engines.")
@click.option("--environment", metavar="KEY", multiple=True, help="Any of these environments.")
@click.option("--owner", metavar="TEXT", multiple=True, help="Any of these owners.")
@click.option("--tag", metavar="NAME", multiple=True, help="All of these tags.")
@click.option("--status", type=click.Choice(["active", "inactive", "deleted"]), help="Only these.")
@click.option("--include-deleted", is_flag=True, help="Those in the recycle bin as well.")
@click.option(
    "--filter",
    "filters",
    type=Filters(),
    multiple=True,
    metavar="NAME=VALUE",
    help="Any parameter of GET /instances; an unknown one is answered with all that there are.",
)
@click.option("--sort", metavar="FIELD", help="By what; newest first where nothing is said.")
@click.option("--order", type=click.Choice(["asc", "desc"]), help="Which way.")
@click.option("--limit", type=click.IntRange(1), help="How many at most; else 20 in a table, and all for programs.")
@click.option("--all", "everything", is_flag=True, help="All that there are, whatever --limit says.")
@click.option(
    "--columns",
    callback=_columns,
    metavar="NAMES",
    help=f"Fields to show, with commas; else in a table and CSV {', '.join(COLUMNS)}, and in JSON and YAML all.",
)
@output_option("table", "json", "yaml", "csv", "name")
@calls_muster
def list_instances(
    api: Api,
    *,
    limit: int | None,
    everything: bool,
    columns: Sequence[str],
    output: str,
    **asked: Any,  # noqa: ANN401 - filters
) -> None:
    """List instances, newest first."""
    shown = columns or (COLUMNS if output in {"table", "csv"} else ())
    params = _params(() if output == "name" else shown, **asked)
    most = None if everything else limit or (_IN_A_TABLE if output == "table" else None)
    try:
        data = _listed(api, params, most)
    except CallRefused as refused:
        raise _with_nearest(refused) from None
    show_items(data, shown, output)
    tell_left_out(data, "--all shows all")


def _with_nearest(refused: CallRefused) -> CallRefused:
    """Return the refusal with what unknown filters were meant to be, as far as they resemble one."""
    hints = []
    for fault in refused.faults:
        if fault["code"] == "unknown_parameter":
            meant = get_close_matches(fault["field"], ListInstances.model_fields, n=1)
            hints += [f"Did you mean {one} instead of {fault['field']}?" for one in meant]
    return CallRefused(refused.status, refused.body, hints=hints) if hints else refused


def _listed(api: Api, params: Mapping[str, Any], most: int | None) -> Mapping[str, Any]:
    """Return what the API answers for one page, put together where it takes several."""
    if most is not None and most <= PAGE:
        page: Mapping[str, Any] = api.get("/instances", {**params, "limit": most}).data
        return page
    items = list(islice(api.instances(params), most))
    if most is None or len(items) < most:
        return {"items": items, "total": len(items), "page": 1, "pages": 1, "limit": len(items)}
    total = api.get("/instances", {**params, "limit": 1}).data["total"]
    return {"items": items, "total": total, "page": 1, "pages": None, "limit": most}


def _params(
    fields: Sequence[str],
    *,
    filters: Sequence[tuple[str, str]],
    tag: Sequence[str],
    include_deleted: bool,
    **asked: Any,  # noqa: ANN401 - options that are parameters by name
) -> dict[str, Any]:
    params: dict[str, Any] = {name: value for name, value in asked.items() if value}
    if tag:
        params["tags"] = list(tag)
    if include_deleted:
        params["include_deleted"] = "true"
    if fields:
        params["fields"] = ",".join(fields)
    for name, value in filters:
        params[name] = [*_several(params.get(name, [])), value]
    return params


def _several(value: Any) -> Sequence[str]:  # noqa: ANN401 - one value, or several
    return value if isinstance(value, list | tuple) else [value]


@click.command()
@instance_argument
@click.option("--include-deleted", is_flag=True, help="Even out of the recycle bin.")
@output_option("table", "json", "yaml", "name")
@calls_muster
def get(api: Api, *, instance: str, include_deleted: bool, output: str) -> None:
    """Show an instance in full."""
    found = find_instance(api, instance)
    params = {"include_deleted": "true"} if include_deleted else {}
    show_thing(api.get(f"/instances/{found['id']}", params).data, output)


@click.command()
@instance_argument
@click.option("--limit", type=click.IntRange(1), default=20, help="How many at most.")
@output_option("table", "json", "yaml")
@calls_muster
def history(api: Api, *, instance: str, limit: int, output: str) -> None:
    """List what was done to an instance, newest first."""
    path = f"/instances/{find_instance(api, instance)['id']}/history"
    data = api.get(path, {"limit": min(limit, PAGE)}).data
    if limit > PAGE:
        data = {**data, "items": list(islice(api.items(path), limit)), "limit": limit}
    if output == "table":
        show_table(_EVENT_COLUMNS, _event_rows(data["items"]))
    else:
        show_data(data, output)
    tell_left_out(data, "--limit shows more")


def _event_rows(events: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    for event in events:
        changes = "; ".join(filter(None, map(_told, event["changes"])))
        shown = {**event, "at": str(event["at"])[:19].replace("T", " "), "changes": changes}
        yield [cell(shown.get(name)) for name in _EVENT_COLUMNS]


def _told(change: Mapping[str, Any]) -> str:
    if change.get("secret"):
        return f"{change['field']}: (secret)"
    before, after = cell(change.get("before")), cell(change.get("after"))
    return f"{change['field']}: {before or '–'} → {after or '–'}" if before or after else ""
