"""Every SELECT that shows checks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.core import clock
from app.core.db import current_session
from app.domain.checks.commands import ListChecks
from app.domain.checks.deadlines import is_overdue
from app.domain.checks.ending import INTERRUPTED
from app.domain.checks.errors import CheckNotFound
from app.domain.instances import repository as instances
from app.domain.references.listing import Page
from app.models import Check, CheckStep

_COLUMNS = (
    "id", "instance_id", "db_type", "host", "port", "username", "source", "attended", "started_at", "deadline_at",
    "status", "outcome", "cause", "took_ms", "address", "server", "tls", "privileges",
)  # fmt: skip


def get_check(check_id: int) -> Mapping[str, Any]:
    """Return a check with its steps so far, in two statements.

    :raises CheckNotFound: there is none of this id, or it was among the oldest of its instance.
    """
    check = current_session().get(Check, check_id)
    if check is None:
        raise CheckNotFound(params={"id": check_id})
    return _shown(check, _steps([check_id])[check_id])


def list_of_instance(instance_id: int, query: ListChecks) -> Page:
    """Return a page of the checks of an instance, the newest first.

    :raises InstanceNotFound: no instance has the id.
    """
    instances.check_exists(instance_id)
    session, own = current_session(), [Check.instance_id == instance_id]
    if query.outcome is not None:
        own.append(Check.outcome.in_(query.outcome))
    total = session.scalar(select(func.count()).select_from(Check).where(*own))
    wanted = select(Check).where(*own).order_by(Check.id.desc()).offset(query.offset).limit(query.limit)
    checks = session.scalars(wanted).all()
    steps = _steps([check.id for check in checks])
    return Page([_shown(check, steps[check.id]) for check in checks], total)


def _steps(check_ids: Sequence[int]) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    columns = (CheckStep.check_id, CheckStep.step, CheckStep.outcome, CheckStep.took_ms, CheckStep.cause)
    wanted = select(*columns, CheckStep.detail).where(CheckStep.check_id.in_(check_ids))
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in current_session().execute(wanted.order_by(CheckStep.check_id, CheckStep.position)).mappings():
        found[row["check_id"]].append({name: row[name] for name in row if name != "check_id"})
    return found


def _shown(check: Check, steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return a check as it is; one that nobody can be running any more is over, whoever writes that down."""
    shown: dict[str, Any] = {name: getattr(check, name) for name in _COLUMNS}
    shown["actor"] = {"id": check.actor_id, "username": check.actor_name}
    if is_overdue(check, clock.now()):
        shown.update(status="finished", outcome=INTERRUPTED.outcome, cause=INTERRUPTED.cause)
    return {**shown, "steps": list(steps)}
