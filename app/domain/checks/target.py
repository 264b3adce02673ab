"""What is to be checked: an endpoint, how to reach it, and the opened secret that logs in."""

from dataclasses import dataclass, field, replace

from app.core.crypto import KeyRing
from app.core.errors import Invalid
from app.domain.checks.commands import CheckEndpoint
from app.domain.checks.refused_logins import LoginThere
from app.domain.credentials.guarding import guard_of
from app.domain.credentials.repository import find_with_endpoint
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.guard import EgressGuard, guard_of_typed_login
from app.domain.egress.networks import DialRules
from app.domain.egress.protection import Destination, Protection, effective_mode
from app.domain.instances import repository as instances
from app.domain.instances.binding import CredentialGate
from app.domain.instances.checking import login_of, spec_of
from app.domain.instances.commands import DEFAULTS
from app.domain.instances.lookup import unknown_reference
from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.models import Credential

_WHERE = ("db_type", "host", "port", "database_name", "service_name", "sid", "instance_name")
_HOW_LONG = ("connect_timeout_ms", "statement_timeout_ms", "deadline_ms")


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint; a kept credential is named, so that its use is told and its refusals are counted."""

    spec: ConnectionSpec = field(repr=False)
    endpoint: Endpoint
    instance_id: int | None = None
    credential: Credential | None = None
    login: LoginThere | None = None


def of_instance(instance_id: int, *, keys: KeyRing, rules: DialRules) -> Target:
    """Return a registered instance as it is to be checked.

    :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
    :raises KeysUnusable: a secret of it does not open.
    """
    instance, credential = instances.get_to_connect(instance_id)
    spec = spec_of(instance, credential, rules=rules, keys=keys)
    endpoint = Endpoint(instance.db_type, instance.host_key, instance.port)
    return Target(spec, endpoint, instance_id, credential, _login_there(credential, spec.login, endpoint, keys))


def of_endpoint(command: CheckEndpoint, *, keys: KeyRing, rules: DialRules, operator_id: int | None) -> Target:
    """Return an endpoint that is not registered as it is to be checked.

    :raises Invalid: there is no such credential.
    :raises CredentialNotBound: the credential may not go there, and the operator may not allow it.
    """
    endpoint, tls, credential = Endpoint(command.db_type, host_key(command.host), command.port), _tls(command), None
    guard, login = guard_of_typed_login(rules), _typed(command)
    if command.credential_id is not None:
        protection = Protection.of(tls.mode, tls.ca, legacy=tls.legacy)
        credential = _admitted(command.credential_id, Destination(endpoint, protection), operator_id)
        guard, login = _once(credential, endpoint, rules), login_of(credential, keys)
    spec = ConnectionSpec(
        **{name: getattr(command, name) for name in _WHERE},
        **{name: getattr(command, name) or DEFAULTS[name] for name in _HOW_LONG},
        tls=tls,
        login=login,
        guard=guard,
    )
    return Target(spec, endpoint, None, credential, _login_there(credential, login, endpoint, keys))


def _admitted(credential_id: int, destination: Destination, operator_id: int | None) -> Credential:
    """Return the credential; whoever may allow it there may try it there, and what is tried once stays unbound."""
    found = find_with_endpoint(credential_id, destination.endpoint)
    if found is None:
        raise Invalid([unknown_reference("credential_id", credential_id)])
    credential, bound = found
    CredentialGate().check(credential, destination, bound=bound, operator_id=operator_id)
    return credential


def _once(credential: Credential, endpoint: Endpoint, rules: DialRules) -> EgressGuard:
    guard = guard_of(credential, endpoint, rules=rules)
    return replace(guard, endpoints=frozenset({*guard.endpoints, endpoint}))


def _tls(command: CheckEndpoint) -> TlsOptions:
    key = command.tls_client_key
    return TlsOptions(
        mode=effective_mode(command.tls_mode, command.tls_ca),
        ca=command.tls_ca,
        client_cert=command.tls_client_cert if key is not None else None,
        client_key=key.get_secret_value() if key is not None else None,
        legacy=bool(command.tls_legacy),
    )


def _typed(command: CheckEndpoint) -> Login | None:
    if command.username is None or command.password is None:
        return None
    return Login(username=command.username, password=command.password.get_secret_value())


def _login_there(
    credential: Credential | None, login: Login | None, server: Endpoint, keys: KeyRing
) -> LoginThere | None:
    if credential is None or login is None:
        return None
    return LoginThere.of(credential.id, server, login.username, login.password, ring=keys)
