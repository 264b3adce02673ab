"""Find a part of a text among all instances, at the same cost for any number of them.

An index of all parts of one to three characters (see the migration that makes it) names candidates; the text
decides. A term that more than `CANDIDATES` instances hold is found soon by whoever reads in the order of the
list, so there the index is not used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, column, func, select, table

from app.core.db import current_session
from app.models import Instance

CANDIDATES = 1000
_LONGEST = 3  # characters of a gram
_MOST_GRAMS = 6
_SQLITE_GRAMS = table("instance_grams", column("rowid"), column("instance_grams"))


@dataclass(frozen=True, slots=True)
class Search:
    """What holds for the instances that a search finds, and whether they are few and named by id."""

    conditions: Sequence[ColumnElement[bool]] = ()
    has_few: bool = False


NO_SEARCH = Search()


def searched(term: str) -> Search:
    """Search for the instances whose name, host or description holds the term, in any case of letters.

    Asks the index, in one statement.
    """
    folded = term.lower()
    found = candidates(folded)
    holds = holding(folded)
    return Search([holds]) if found is None else Search([Instance.id.in_(found), holds], has_few=True)


def holding(folded: str) -> ColumnElement[bool]:
    """Return what holds for the instances with this text, which is in lower case already."""
    return Instance.search_text.contains(folded, autoescape=True)


def candidates(folded: str) -> Sequence[int] | None:
    """Return the ids of all instances that may hold the text, in the recycle bin or not; None for too many."""
    session, grams = current_session(), grams_of(folded)
    if session.get_bind().dialect.name == "sqlite":
        wanted = " ".join(gram.encode().hex() for gram in grams)
        statement = select(_SQLITE_GRAMS.c.rowid).where(_SQLITE_GRAMS.c.instance_grams.op("MATCH")(wanted))
        found = session.scalars(statement.limit(CANDIDATES + 1)).all()
    else:
        found = session.scalars(select(func.muster_instances_holding(folded, list(grams), CANDIDATES + 1))).all()
    return None if len(found) > CANDIDATES else found


def grams_of(folded: str) -> Sequence[str]:
    """Return the parts to look up: the text itself when it is short, else a few of its parts of three characters.

    Each narrows what is found and costs time. Those with a digit or a character beyond ASCII come first: in names
    and addresses they tell more than words do.
    """
    if len(folded) <= _LONGEST:
        return [folded]
    parts = dict.fromkeys(folded[place : place + _LONGEST] for place in range(len(folded) - _LONGEST + 1))
    telling = [part for part in parts if any(one.isdigit() or not one.isascii() for one in part)]
    plain = [part for part in parts if part not in set(telling)]
    chosen = _spread(telling, _MOST_GRAMS)
    return [*chosen, *_spread(plain, _MOST_GRAMS - len(chosen))]


def _spread(parts: Sequence[str], most: int) -> Sequence[str]:
    """Return so many of the parts at most, from the first to the last at even distances."""
    if len(parts) <= most or most <= 1:
        return parts[:most]
    return [parts[round(place * (len(parts) - 1) / (most - 1))] for place in range(most)]
