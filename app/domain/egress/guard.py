"""The guard of one check: which addresses it may dial, and where its login may be sent."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.core.settings import Settings
from app.domain.egress.bindings import Bindings
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.networks import DialRules
from app.domain.egress.protection import FLOOR, Destination, Protection


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressGuard:
    """Answers as `app.engines.base.Guard` wants it; asks no store, so that a check holds no transaction open.

    `bindings` None: there is no login, or it came with the call and is kept nowhere, so whoever typed it may send it
    where he may check. `endpoints` are the exact ones of the credential that this check may need, and that allow its
    TLS; the bindings allow none that is weaker than `FLOOR`.
    """

    rules: DialRules
    db_type: str = "other"
    bindings: Bindings | None = None
    protection: Protection = FLOOR
    endpoints: Collection[Endpoint] = field(default_factory=frozenset)

    def refuses(self, address: str) -> bool:
        """Tell whether an IP address must never be dialled."""
        return self.rules.refuses(address)

    def admits_login(self, host: str, port: int) -> bool:
        """Tell whether the login of this check may be sent to this host (a name or an address) and port."""
        if self.bindings is None:
            return True
        endpoint = Endpoint(self.db_type, host_key(host), port)
        return endpoint in self.endpoints or self.bindings.admit(Destination(endpoint, self.protection))


def rules_of(settings: Settings) -> DialRules:
    """Return what the settings say; where they do not speak of loopback it is refused."""
    return DialRules(bool(settings.allow_loopback), settings.egress_networks)
