"""What whoever acts may do: the operator of a service call, or somebody at the machine itself."""

from sqlalchemy import select

from app.core.db import current_session
from app.domain.access.permissions import Action, may
from app.domain.audit import origin
from app.models import User


def may_act(operator_id: int | None, action: Action) -> bool:
    """Tell whether the operator's role includes the action; without an operator it must be nobody's request."""
    actor = origin.current().actor
    if operator_id is None:
        return actor.id is None  # somebody at the machine itself, not a user
    role = actor.role if actor.id == operator_id else None
    if role is None:
        role = current_session().scalar(select(User.role).where(User.id == operator_id))
    return may(role, action)
