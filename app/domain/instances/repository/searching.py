"""Find a part of a text among all instances, at the same cost for any number of them.

An index of all parts of one to three characters (see the migration that makes it) names candidates; the text
decides. A term that more than `CANDIDATES` instances hold is found soon by whoever reads in the order of the
list, so there the index is not used.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, column, func, select, table

from app.core.db import current_session
from app.models import Instance

CANDIDATES = 1000
_LONGEST = 3  # characters of a gram
_MOST_GRAMS = 8
_SQLITE_GRAMS = table("instance_grams", column("rowid"), column("instance_grams"))


def searched(term: str) -> list[ColumnElement[bool]]:
    """Return what holds for the instances whose name, host or description holds the term, in any case of letters.

    Asks the index first, in one statement.
    """
    folded = term.lower()
    found = candidates(folded)
    holds = holding(folded)
    return [holds] if found is None else [Instance.id.in_(found), holds]


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
    """Return the parts to look up: the text itself when it is short, else some of it, the first and the last too.

    Each further one narrows what is found and costs time.
    """
    last = len(folded) - _LONGEST
    if last <= 0:
        return [folded]
    step = max(_LONGEST, -(-last // (_MOST_GRAMS - 1)))
    return list(dict.fromkeys(folded[place : place + _LONGEST] for place in (*range(0, last, step), last)))
