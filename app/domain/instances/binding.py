"""The gate between an instance and a credential: who may send which secret where."""

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import current_session
from app.domain.access.permissions import may
from app.domain.audit import origin, trail
from app.domain.credentials.errors import CredentialNotBound
from app.domain.credentials.write_service import bind_endpoint
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint
from app.models import Credential, User


@dataclass(frozen=True, slots=True)
class NewBinding:
    """An endpoint that has to be added to a credential's bindings."""

    credential: Credential
    endpoint: Endpoint


class CredentialGate:
    """Check that a credential may go to an endpoint; whoever manages credentials extends its bindings thereby."""

    def check(
        self, credential: Credential | None, endpoint: Endpoint, *, bound: bool, operator_id: int | None
    ) -> NewBinding | None:
        """Return the binding to add, None when none is needed.

        :raises CredentialNotBound: the endpoint is outside the bindings and the operator may not extend them.
        """
        if credential is None or bound or Bindings(**credential.bindings).allow(endpoint):
            return None
        if not self._may_extend(operator_id):
            raise CredentialNotBound(params={"name": credential.name}, extra={"credential_id": credential.id})
        return NewBinding(credential, endpoint)

    def bind(self, new: NewBinding | None) -> list[trail.Event]:
        """Add the binding that `check` found necessary, and return the events to record."""
        event = None if new is None else bind_endpoint(new.credential, new.endpoint)
        return [] if event is None else [event]

    @staticmethod
    def _may_extend(operator_id: int | None) -> bool:
        actor = origin.current().actor
        if operator_id is None:
            return actor.id is None  # somebody at the machine itself, not a user
        role = actor.role if actor.id == operator_id else None
        if role is None:
            role = current_session().scalar(select(User.role).where(User.id == operator_id))
        return may(role, "credentials")
