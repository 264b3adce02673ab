"""What became of a batch: one result for each instance that a step meant, in order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import FieldFault, Invalid
from app.domain.credentials.endpoints import NewBinding
from app.domain.instances.bulk.register import Draft

DONE = ("created", "updated", "deleted", "restored", "unchanged")
NOT_WRITTEN = "not_written"


@dataclass(slots=True)
class Result:
    """What a step did to one instance; `status` is one of `DONE`, or `error`."""

    index: int
    op: str
    status: str
    name: str | None = None
    draft: Draft | None = None
    faults: Sequence[FieldFault] = ()
    changes: Sequence[Mapping[str, Any]] = ()

    @property
    def id(self) -> int | None:
        """Return the id of the instance; a new one has one once it is written."""
        return self.draft.id if self.draft else None

    @property
    def is_new(self) -> bool:
        """Tell whether the instance is one that the batch makes."""
        return self.draft is not None and self.draft.made_by is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All results; `written` is false when one fault held all of them back, or nobody wanted them written.

    `newly_bound` are the endpoints that credentials are bound to by it.
    """

    results: Sequence[Result] = field(default_factory=list)
    written: bool = False
    newly_bound: Sequence[NewBinding] = ()

    @property
    def faulty(self) -> bool:
        """Tell whether anything is wrong anywhere."""
        return any(result.faults for result in self.results)

    def status_of(self, result: Result) -> str:
        """Return the status of a result, `not_written` where the fault of another one held it back."""
        is_held_back = not self.written and not result.faults and result.status != "unchanged"
        return NOT_WRITTEN if is_held_back else result.status

    @property
    def summary(self) -> dict[str, int]:
        """Return how many results have which status."""
        counted = Counter(map(self.status_of, self.results))
        return {status: counted[status] for status in (*DONE, "error", NOT_WRITTEN)}


class BatchRefused(Invalid):
    """Steps are wrong, and nothing was written; `extra.results` tells of each."""

    def __init__(self, outcome: Outcome, *, path: str = "operations") -> None:
        super().__init__(
            [
                FieldFault(f"{path}.{result.index}.{fault.path}", fault.code, fault.params)
                for result in outcome.results
                for fault in result.faults
            ]
        )
        self.outcome = outcome
