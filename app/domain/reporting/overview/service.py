"""Put the overview together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import clock
from app.domain.reporting.commands import ReadOverview
from app.domain.reporting.overview import attention, changes, counts, failures
from app.domain.reporting.overview.attention import Attention
from app.domain.reporting.overview.changes import RecentChange
from app.domain.reporting.overview.counts import Counts
from app.domain.reporting.overview.failures import Failures


@dataclass(frozen=True, slots=True)
class Overview:
    """The register at one moment; `first_of_groups` are the first few instances of each group of failures."""

    at: datetime
    filter: Mapping[str, Any]
    counts: Counts
    failures: Failures
    first_of_groups: Sequence[Sequence[Mapping[str, Any]]]
    attention: Mapping[str, Attention]
    changes: Sequence[RecentChange]


def get_overview(query: ReadOverview) -> Overview:
    """Return the overview, in five statements.

    The recycle bin counts nowhere. Each number has the filter that finds the same instances in the list.
    """
    now = clock.now()
    counted = counts.count(query, attention.plain_conditions(now))
    failed = failures.group(query)
    lists, first = attention.look(query, now, counted, failed.groups)
    return Overview(now, query.as_filter(), counted, failed, first, lists, changes.list_recent(query))
