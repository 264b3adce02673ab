"""Show what became of many changes: results with their faults as sentences."""

from collections.abc import Sequence
from typing import Any

from app.core.errors import FieldFault
from app.core.messages import fault_sentence
from app.domain.instances.bulk.outcome import Outcome
from app.http import write_request
from app.http.language import language


def shown_faults(faults: Sequence[FieldFault]) -> list[dict[str, str]]:
    """Return faults as answers tell them."""
    spoken = language() if faults else "zh"
    return [{"field": fault.path, "code": fault.code, "message": fault_sentence(fault, spoken)} for fault in faults]


def shown_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return `results` in order and their `summary`."""
    # An id that nothing will have is none.
    is_there = outcome.written and not write_request.current().dry_run
    results = [
        {
            "index": result.index,
            "op": result.op,
            "id": result.id if is_there or not result.is_new else None,
            "name": result.name,
            "status": outcome.status_of(result),
            "errors": shown_faults(result.faults),
        }
        for result in outcome.results
    ]
    return {"results": results, "summary": outcome.summary}
