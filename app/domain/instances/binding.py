"""The gate between an instance and its credentials: who may send which secret where, under which TLS."""

from collections.abc import Collection, Mapping, Sequence

from app.domain.access.acting import may_act
from app.domain.audit import trail
from app.domain.credentials.endpoints import (
    NewBinding,
    bind_endpoint,
    bind_endpoints,
    is_allowed_by_rule,
    refusal,
)
from app.domain.egress.protection import Destination, Protection
from app.domain.instances.lookup import LOGINS, Logins
from app.models import Credential


class CredentialGate:
    """Check that a credential may go to an endpoint; whoever manages credentials extends its bindings thereby.

    Hosts, suffixes and networks allow it there under TLS that is no weaker than `FLOOR`; an exact endpoint under one
    that protects as well as that under which it was allowed.
    """

    def check(
        self,
        credential: Credential | None,
        destination: Destination,
        *,
        bound: Protection | None,
        operator_id: int | None,
    ) -> NewBinding | None:
        """Return the binding to add, None when none is needed; `bound` is what the exact endpoint has.

        :raises CredentialNotBound: the endpoint is outside the bindings and the operator may not extend them.
        """
        if credential is None or (bound is not None and bound.admits(destination.protection)):
            return None
        if is_allowed_by_rule(credential, destination):
            return None
        if not may_act(operator_id, "credentials"):
            raise refusal(credential, destination, bound)
        return NewBinding(credential, destination, bound)

    def check_all(
        self,
        logins: Logins,
        destination: Destination,
        *,
        asked: Collection[str] = LOGINS,
        bound: Mapping[str, Protection | None],
        operator_id: int | None,
    ) -> Sequence[NewBinding]:
        """Return the bindings to add for the credentials of one instance that are `asked` about.

        :raises CredentialNotBound: as in `check`.
        """
        checked = (
            self.check(getattr(logins, name), destination, bound=bound[name], operator_id=operator_id)
            for name in LOGINS
            if name in asked
        )
        return [one for one in checked if one is not None]

    def bind(self, new: Sequence[NewBinding]) -> list[trail.Event]:
        """Add the bindings that `check` found necessary for one instance, and return the events to record."""
        events = (bind_endpoint(one) for one in new)
        return [event for event in events if event is not None]

    def bind_all(self, new: Sequence[NewBinding]) -> list[trail.Event]:
        """Add many bindings, and return the events to record."""
        return bind_endpoints(new)
