"""The guard of a check that logs in with a credential: its bindings as they are at this moment."""

from app.domain.credentials.repository import iter_bound
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.guard import EgressGuard
from app.domain.egress.networks import DialRules
from app.models import Credential

# Their servers may send a client on to another one, which the credential may be bound to by itself.
_REDIRECTING = frozenset({"sqlserver", "oracle"})


def guard_of(credential: Credential | None, endpoint: Endpoint, *, rules: DialRules) -> EgressGuard:
    """Return the guard of a check of this endpoint, saved or not; reads once in the open transaction or snapshot.

    Without a credential nobody logs in, and nothing is read.
    """
    if credential is None:
        return EgressGuard(rules=rules, db_type=endpoint.db_type, bindings=Bindings())
    everywhere = endpoint.db_type in _REDIRECTING
    return EgressGuard(
        rules=rules,
        db_type=endpoint.db_type,
        bindings=Bindings(**credential.bindings),
        endpoints=frozenset(iter_bound(credential.id, endpoint, everywhere=everywhere)),
    )
