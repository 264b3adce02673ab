"""How many instances there are: by engine, environment, lifecycle and outcome, and of simple things to attend to.

One statement reads every instance once, from an index, and the database adds up; only the sums come here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, case, func, null, select

from app.core.db import current_session
from app.domain.instances.filter import NONE
from app.domain.instances.repository import matching
from app.domain.reporting.commands import ReadOverview
from app.models import Environment, Instance

OUTCOMES = ("ok", "degraded", "reachable", "failed", "never_checked")
# In the order of the index that holds them all.
_KINDS = (Instance.last_outcome, Instance.db_type, Instance.environment_id, Instance.lifecycle)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many instances a filter finds; `value` is what they share."""

    value: Any
    count: int
    filter: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutcomeThere:
    """How many instances of one environment, None for none, ended so."""

    environment: str | None
    outcome: str
    count: int
    filter: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EnvironmentCount:
    """How many instances one environment has; without a key: those that are in none."""

    key: str | None
    name: str | None
    is_production: bool
    count: int
    filter: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """The sums; `held` are those of the conditions that were asked for, by their names."""

    total: int
    db_types: Sequence[Counted]
    environments: Sequence[EnvironmentCount]
    lifecycles: Sequence[Counted]
    outcomes: Sequence[Counted]
    matrix: Sequence[OutcomeThere]
    held: Mapping[str, int]


def count(query: ReadOverview, conditions: Mapping[str, Sequence[ColumnElement[bool]]]) -> Counts:
    """Count what the overview is about, and how many of it hold each of the conditions; two statements."""
    rows, environments = _rows(query, conditions), _environments()
    known = {row.id: row for row in environments}
    by_place = _sums(rows, "environment_id", "last_outcome")
    in_environment = Counter(dict.fromkeys((*known, None), 0))
    for (place, _), number in by_place.items():
        in_environment[place] += number
    places = [place for place, number in in_environment.items() if number]
    return Counts(
        total=sum(row["number"] for row in rows),
        db_types=_told(query, "db_type", _sums(rows, "db_type")),
        environments=[_environment(query, known.get(place), in_environment[place]) for place in places],
        lifecycles=_told(query, "lifecycle", _sums(rows, "lifecycle")),
        outcomes=_outcomes(query, _sums(rows, "last_outcome")),
        matrix=[
            _there(query, known[place].key if place else None, outcome, by_place[place, _stored(outcome)])
            for place in places
            for outcome in OUTCOMES
        ],
        held={name: sum(row[name] for row in rows) for name in conditions},
    )


def outcome_filter(outcome: str) -> dict[str, Any]:
    """Return the filter of the instances whose last check ended so."""
    return {"checked": False} if outcome == "never_checked" else {"outcome": outcome}


def _rows(query: ReadOverview, conditions: Mapping[str, Sequence[ColumnElement[bool]]]) -> Sequence[RowMapping]:
    held = [func.sum(case((and_(*holds), 1), else_=0)).label(name) for name, holds in conditions.items()]
    outcome, *others = _KINDS
    # Of few instances SQLite is to find the rows by owner or tag, and not to walk the index of all in its order.
    has_few = query.owner or query.tags
    first = (func.coalesce(outcome, null()) if has_few else outcome).label("last_outcome")
    sums = select(first, *others, func.count().label("number"), *held).where(*matching(query.matching()))
    sums = sums.group_by(first, *others)
    return current_session().connection().execute(sums).mappings().all()


def _environments() -> Sequence[Any]:
    columns = (Environment.id, Environment.key, Environment.name, Environment.is_production)
    return current_session().execute(select(*columns).order_by(Environment.position, Environment.key)).all()


def _sums(rows: Sequence[RowMapping], *names: str) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in rows:
        found[row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)] += row["number"]
    return found


def _told(query: ReadOverview, name: str, sums: Counter[Any]) -> list[Counted]:
    """Return the sums with their filters, the most first."""
    ranked = sorted(sums.items(), key=lambda one: (-one[1], str(one[0])))
    return [Counted(value, number, query.as_filter(**{name: value})) for value, number in ranked]


def _stored(outcome: str) -> str | None:
    return None if outcome == "never_checked" else outcome


def _outcomes(query: ReadOverview, sums: Counter[Any]) -> list[Counted]:
    return [Counted(one, sums[_stored(one)], query.as_filter(**outcome_filter(one))) for one in OUTCOMES]


def _environment(query: ReadOverview, row: Any, number: int) -> EnvironmentCount:  # noqa: ANN401 - a row, or none
    key = row.key if row else None
    there = query.as_filter(environment=key or NONE)
    return EnvironmentCount(key, row.name if row else None, bool(row and row.is_production), number, there)


def _there(query: ReadOverview, key: str | None, outcome: str, number: int) -> OutcomeThere:
    there = query.as_filter(environment=key or NONE, **outcome_filter(outcome))
    return OutcomeThere(key, outcome, number, there)
