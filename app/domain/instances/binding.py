"""The gate between an instance and a credential: who may send which secret where."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.access.acting import may_act
from app.domain.audit import trail
from app.domain.credentials.errors import CredentialNotBound
from app.domain.credentials.write_service import bind_endpoint, bind_endpoints
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint
from app.models import Credential


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
        if not may_act(operator_id, "credentials"):
            raise CredentialNotBound(params={"name": credential.name}, extra={"credential_id": credential.id})
        return NewBinding(credential, endpoint)

    def bind(self, new: NewBinding | None) -> list[trail.Event]:
        """Add the binding that `check` found necessary, and return the events to record."""
        event = None if new is None else bind_endpoint(new.credential, new.endpoint)
        return [] if event is None else [event]

    def bind_all(self, new: Sequence[NewBinding]) -> list[trail.Event]:
        """Add many bindings, and return the events to record."""
        return bind_endpoints([(one.credential, one.endpoint) for one in new])
