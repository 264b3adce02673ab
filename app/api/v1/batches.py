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
    rehearsed = write_request.current().dry_run  # an id that nothing will have is none
    results = [
        {
            "index": result.index,
            "op": result.op,
            "id": None if rehearsed and result.status == "created" else result.id,
            "name": result.name,
            "status": result.status if outcome.written or result.faults else _held_back(result.status),
            "errors": shown_faults(result.faults),
        }
        for result in outcome.results
    ]
    return {"results": results, "summary": outcome.summary}


def _held_back(status: str) -> str:
    return status if status == "unchanged" else "not_written"
