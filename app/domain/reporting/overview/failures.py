"""Failures by what they have in common: cause, credential and network; the biggest group first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, null, select

from app.core.db import UtcDateTime, current_session
from app.domain.instances.filter import NONE
from app.domain.instances.repository import matching
from app.domain.reporting.commands import ReadOverview
from app.models import Credential, Instance

GROUPS_MOST = 20


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Instances whose last check failed alike; without a credential or a network where they have none.

    `since` is when the first of them began to fail so.
    """

    cause: str
    credential: Mapping[str, Any] | None
    network: str | None
    count: int
    since: datetime | None
    filter: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failures:
    """The biggest groups, how many there are in all, and of how many instances."""

    groups: Sequence[FailureGroup]
    groups_total: int
    total: int


def group(query: ReadOverview) -> Failures:
    """Return the failures in groups, in one statement."""
    by = (Instance.last_cause, Instance.credential_id, Instance.last_network)
    number = func.count()
    grouped = (
        select(
            *by,
            number.label("number"),
            func.min(Instance.outcome_since, type_=UtcDateTime).label("since"),
            func.count().over().label("groups_total"),
            func.sum(number).over().label("total"),
        )
        .where(*matching(query.matching(outcome="failed")))
        .group_by(*by)
        .order_by(number.desc(), *by)
        .limit(GROUPS_MOST)
        .subquery()
    )
    named = select(grouped, Credential.name, Credential.username)
    named = named.outerjoin(Credential, Credential.id == grouped.c.credential_id)
    ranked = named.order_by(
        grouped.c.number.desc(), grouped.c.last_cause, grouped.c.credential_id, grouped.c.last_network
    )
    rows = current_session().execute(ranked).all()
    groups = [_group(query, row) for row in rows]
    return Failures(groups, rows[0].groups_total if rows else 0, int(rows[0].total) if rows else 0)


def members(query: ReadOverview, one: FailureGroup) -> list[ColumnElement[bool]]:
    """Return what holds for the instances of a group: what its filter says.

    The credential is compared so that SQLite does not look by it: it would read all instances of each credential.
    """
    known = query.matching(outcome="failed", cause=one.cause, network=one.network or NONE)
    credential_id = one.credential["id"] if one.credential else None
    return [*matching(known), func.coalesce(Instance.credential_id, null()).is_not_distinct_from(credential_id)]


def _group(query: ReadOverview, row: Any) -> FailureGroup:  # noqa: ANN401 - a row
    own = {
        "outcome": "failed",
        "cause": row.last_cause or NONE,
        "credential_id": row.credential_id or NONE,
        "network": row.last_network or NONE,
    }
    credential = {"id": row.credential_id, "name": row.name, "username": row.username} if row.credential_id else None
    return FailureGroup(row.last_cause, credential, row.last_network, row.number, row.since, query.as_filter(**own))
