"""The guard of a check that logs in with a credential: its bindings as they are at this moment."""

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.credentials.repository import list_bound
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.guard import EgressGuard
from app.domain.egress.networks import DialRules
from app.domain.egress.protection import Destination
from app.models import Credential

# Their servers may send a client on to another one, to which the credential may be bound by itself.
_REDIRECTING = frozenset({"sqlserver", "oracle"})


@dataclass(frozen=True, slots=True)
class GuardOfChecks:
    """Makes the guards of checks, saved or not, under the same rules for addresses."""

    rules: DialRules

    def __call__(self, credential: Credential | None, destination: Destination, is_bound: bool) -> EgressGuard:
        """Return the guard of one check; `is_bound`: the credential is allowed at this exact endpoint.

        Without a credential there is no login, or one that came with the call. Reads in the open transaction or
        snapshot where a server may redirect.
        """
        if credential is None:
            return EgressGuard(rules=self.rules)
        endpoint = destination.endpoint
        return EgressGuard(
            rules=self.rules,
            db_type=endpoint.db_type,
            bindings=Bindings(**credential.bindings),
            protection=destination.protection,
            endpoints=_exact(credential, destination, is_bound=is_bound),
        )


def _exact(credential: Credential, destination: Destination, *, is_bound: bool) -> Collection[Endpoint]:
    endpoint = destination.endpoint
    own = {endpoint} if is_bound else set[Endpoint]()
    if endpoint.db_type not in _REDIRECTING:
        return own
    bound = list_bound(credential.id, endpoint.db_type)
    others = {one for one, under in bound.items() if under.admits(destination.protection)}
    return own | (others - {endpoint})
