"""How a step says that another server answers than the known one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.core.db import current_session
from app.domain.checks.stored_facts import plain
from app.models import CheckStep, Fingerprint

_SHOWN = 80  # characters of a name; the fingerprint has them whole


def mark_identify(check_id: int, fingerprint: Fingerprint | None) -> None:
    """Let the step that saw another server name both, and say why unless it has something to say already."""
    of_check = select(CheckStep).where(CheckStep.check_id == check_id, CheckStep.step == "identify")
    step = current_session().scalars(of_check).one_or_none()
    if step is None:
        return
    step.cause = step.cause or "identity.changed"
    if fingerprint is not None and fingerprint.pending is not None:
        known = {"lineage": fingerprint.lineage, "node": fingerprint.node}
        step.detail = {**step.detail, "known": _short(known), "pending": _short(fingerprint.pending)}
    current_session().flush()


def _short(identity: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: identity.get(name) for name in ("lineage", "node")}
    return {
        name: plain(text if text is None or len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
        for name, text in texts.items()
    }
