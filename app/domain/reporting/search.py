"""One search over all that has a name: instances, tags, credentials, clusters, environments.

What is called exactly so comes first, then names that begin so, then names that hold it, then other fields.
The recycle bin is left out, and so is every secret.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import by_code_point, current_session
from app.domain.credentials.endpoints import endpoint_text
from app.domain.egress.endpoint import Endpoint
from app.domain.instances.repository import candidates, holding
from app.domain.reporting.commands import SearchEverything
from app.models import NAME_BEGINS, PART_ENDS, Cluster, Credential, Environment, Instance, Tag

Kind = Literal["instance", "cluster", "credential", "environment", "tag"]
_EXACT, _BEGINS, _HOLDS, _ELSEWHERE = range(4)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found; `matched_field` is the first of its fields that holds the text."""

    type: Kind
    id: int
    name: str
    detail: str | None
    matched_field: str
    rank: int


@dataclass(frozen=True, slots=True)
class _Searched:
    """A table that is small beside the instances: its title, what tells more, and where else to look."""

    kind: Kind
    title: InstrumentedAttribute[Any]
    detail: InstrumentedAttribute[Any]
    others: Mapping[str, InstrumentedAttribute[Any]]


_SMALL = (
    _Searched(
        "cluster",
        Cluster.name,
        Cluster.kind,
        {"external_id": Cluster.external_id, "description": Cluster.description},
    ),
    _Searched(
        "credential",
        Credential.name,
        Credential.username,
        {"username": Credential.username, "description": Credential.description},
    ),
    _Searched("environment", Environment.key, Environment.name, {"name": Environment.name}),
    _Searched("tag", Tag.name, Tag.description, {"description": Tag.description}),
)
_KINDS: Sequence[Kind] = ("instance", *(one.kind for one in _SMALL))


def search(query: SearchEverything) -> list[Found]:
    """Return what holds the text, the best first."""
    found = [*_instances(query.q, query.limit), *_small_things(query.q, query.limit)]
    return sorted(found, key=lambda one: (one.rank, _KINDS.index(one.type), one.name))[: query.limit]


def _instances(text: str, limit: int) -> Iterator[Found]:
    """Look among the candidates first; for a text that very many hold, fill up by name with any of them."""
    folded = text.lower()
    pool, is_whole = _pool(folded)
    rows = current_session().execute(_best(folded, limit).where(Instance.id.in_(pool))).all() if pool else []
    if not is_whole and len(rows) < limit:
        further = _best(folded, limit - len(rows), by_rank=False).where(Instance.id.not_in([row.id for row in rows]))
        rows = [*rows, *current_session().execute(further)]
    for row in rows:
        fields = {"name": row.name, "host": row.host, "description": row.description or ""}
        where = next((name for name, value in fields.items() if folded in value.lower()), "name")
        detail = endpoint_text(Endpoint(row.db_type, row.host, row.port))
        yield Found("instance", row.id, row.name, detail, where, row.rank)


def _pool(folded: str) -> tuple[Sequence[int], bool]:
    """Return a bounded number of ids among which the best are, and whether they are all that hold the text."""
    found = candidates(folded)
    if found is not None:
        return found, True
    for name in (NAME_BEGINS + folded, NAME_BEGINS + folded + PART_ENDS):
        found = candidates(name)
        if found is not None:
            return found, False
    return [], False


def _best(folded: str, limit: int, *, by_rank: bool = True) -> Select[*tuple[Any, ...]]:
    begins, text = NAME_BEGINS + folded, Instance.search_text
    rank = case(
        (text.startswith(begins + PART_ENDS, autoescape=True), _EXACT),
        (text.startswith(begins, autoescape=True), _BEGINS),
        (func.lower(Instance.name).contains(folded, autoescape=True), _HOLDS),
        else_=_ELSEWHERE,
    ).label("rank")
    columns = (Instance.id, Instance.name, Instance.host, Instance.port, Instance.db_type, Instance.description)
    order = [by_code_point(Instance.name), Instance.id]
    found = select(*columns, rank).where(Instance.deleted_at.is_(None), holding(folded))
    return found.order_by(*([rank, *order] if by_rank else order)).limit(limit)


def _small_things(text: str, limit: int) -> Iterator[Found]:
    """Look through the small tables in one statement."""
    parts = [select(_best_of(one, text, limit).subquery(one.kind)) for one in _SMALL]
    for row in current_session().execute(union_all(*parts)):
        yield Found(row.kind, row.id, row.title, row.detail, row.matched_field, row.rank)


def _best_of(one: _Searched, text: str, limit: int) -> Select[*tuple[Any, ...]]:
    holds = {name: _holds(column, text) for name, column in one.others.items()}
    rank = case(
        (func.lower(one.title) == func.lower(text), _EXACT),
        (one.title.istartswith(text, autoescape=True), _BEGINS),
        (_holds(one.title, text), _HOLDS),
        else_=_ELSEWHERE,
    ).label("rank")
    where = case(
        (_holds(one.title, text), one.title.key), *((condition, name) for name, condition in holds.items()), else_=""
    )
    return (
        select(
            literal(one.kind).label("kind"),
            one.title.class_.id,
            one.title.label("title"),
            one.detail.label("detail"),
            where.label("matched_field"),
            rank,
        )
        .where(or_(_holds(one.title, text), *holds.values()))
        .order_by(rank, by_code_point(one.title))
        .limit(limit)
    )


def _holds(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    return and_(column.is_not(None), column.icontains(text, autoescape=True))
