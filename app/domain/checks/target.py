"""What is to be checked: an endpoint, how to reach it, and the opened secret that logs in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.core.crypto import KeyRing, KeysUnusable
from app.core.errors import Invalid
from app.domain.checks.commands import CheckEndpoint
from app.domain.checks.refused_logins import LoginThere
from app.domain.credentials.endpoints import is_allowed_by_rule, refusal
from app.domain.credentials.repository import find_with_endpoint
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.egress.protection import Destination, Protection, effective_mode
from app.domain.instances import repository as instances
from app.domain.instances.commands import DEFAULTS
from app.domain.instances.connection import open_client_key
from app.domain.instances.lookup import unknown_reference
from app.engines.base import ConnectionSpec, Guard, Login, TlsOptions
from app.models import Credential, Instance

# The fields of an instance, and of an unsaved endpoint, that say where it is and how long it may take.
_WHERE = ("db_type", "host", "port", "database_name", "service_name", "sid", "instance_name")
_HOW_LONG = ("connect_timeout_ms", "statement_timeout_ms", "deadline_ms")

MakeGuard = Callable[[Credential | None, Destination, bool], Guard]


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint; a kept credential is named, so that its use is told and its refusals are counted.

    `unreadable` says which secret does not open, and why: then the specification holds none, and nobody is dialled.
    """

    spec: ConnectionSpec = field(repr=False)
    endpoint: Endpoint
    instance_id: int | None = None
    credential: Credential | None = None
    login: LoginThere | None = None
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class _Secrets:
    """What was opened of an endpoint, or why something of it does not open."""

    login: Login | None = field(default=None, repr=False)
    client_key: str | None = field(default=None, repr=False)
    unreadable: str | None = None


def of_instance(instance_id: int, *, keys: KeyRing, guard: MakeGuard) -> Target:
    """Return a registered instance as it is to be checked.

    :raises InstanceNotFound: no instance has the id; `InstanceInBin` when it is in the recycle bin.
    """
    found = instances.get_to_connect(instance_id)
    instance, credential = found.instance, found.credential
    where = {name: getattr(instance, name) for name in (*_WHERE, *_HOW_LONG)}
    secrets = _opened(credential, instance, keys)
    tls = _tls(instance, client_key=secrets.client_key)
    destination = _destination(where, tls)
    is_bound = found.bound is not None and found.bound.admits(destination.protection)
    spec = ConnectionSpec(**where, tls=tls, login=secrets.login, guard=guard(credential, destination, is_bound))
    there = _login_there(credential, secrets.login, destination.endpoint, tls, keys)
    return Target(spec, destination.endpoint, instance_id, credential, there, secrets.unreadable)


def of_endpoint(command: CheckEndpoint, *, keys: KeyRing, guard: MakeGuard) -> Target:
    """Return an endpoint that is not registered as it is to be checked.

    :raises Invalid: there is no such credential.
    :raises CredentialNotBound: the credential is not bound there, whoever asks.
    """
    where = {name: getattr(command, name) for name in _WHERE}
    times = {name: getattr(command, name) or DEFAULTS[name] for name in _HOW_LONG}
    client_key = command.tls_client_key.get_secret_value() if command.tls_client_key else None
    tls = _tls(command, client_key=client_key)
    destination, credential, is_bound = _destination(where, tls), None, False
    if command.credential_id is not None:
        credential, is_bound = _admitted(command.credential_id, destination)
    secrets = _opened(credential, None, keys)
    login = secrets.login or _inline(command)
    spec = ConnectionSpec(**where, **times, tls=tls, login=login, guard=guard(credential, destination, is_bound))
    there = _login_there(credential, login, destination.endpoint, tls, keys)
    return Target(spec, destination.endpoint, None, credential, there, secrets.unreadable)


def _admitted(credential_id: int, destination: Destination) -> tuple[Credential, bool]:
    """Return the credential, and whether it is bound to this exact endpoint.

    A check extends no binding, so whoever may extend them does that first: nothing is sent unseen.
    """
    found = find_with_endpoint(credential_id, destination.endpoint)
    if found is None:
        raise Invalid([unknown_reference("credential_id", credential_id)])
    credential, bound = found
    is_bound = bound is not None and bound.admits(destination.protection)
    if not is_bound and not is_allowed_by_rule(credential, destination):
        raise refusal(credential, destination, bound)
    return credential, is_bound


def _tls(options: Any, *, client_key: str | None) -> TlsOptions:  # noqa: ANN401 - an instance or a command
    return TlsOptions(
        mode=effective_mode(options.tls_mode, options.tls_ca),
        ca=options.tls_ca,
        client_cert=options.tls_client_cert if client_key is not None else None,
        client_key=client_key,
        legacy=bool(options.tls_legacy),
    )


def _destination(where: dict[str, Any], tls: TlsOptions) -> Destination:
    endpoint = Endpoint(where["db_type"], host_key(where["host"]), where["port"])
    return Destination(endpoint, Protection.of(tls.mode, tls.ca, legacy=tls.legacy))


def _opened(credential: Credential | None, instance: Instance | None, keys: KeyRing) -> _Secrets:
    """Open the secrets; where one does not open, none is handed on."""
    try:
        client_key = open_client_key(instance, keys) if instance is not None else None
        return _Secrets(_open(credential, keys), client_key)
    except KeysUnusable as exc:
        return _Secrets(unreadable=str(exc))


def _open(credential: Credential | None, keys: KeyRing) -> Login | None:
    if credential is None:
        return None
    return Login(username=credential.username, password=CredentialWriteService(keys=keys).open_password(credential))


def _inline(command: CheckEndpoint) -> Login | None:
    if command.username is None or command.password is None:
        return None
    return Login(username=command.username, password=command.password.get_secret_value())


def _login_there(
    credential: Credential | None, login: Login | None, server: Endpoint, tls: TlsOptions, keys: KeyRing
) -> LoginThere | None:
    if credential is None or login is None:
        return None
    return LoginThere.of(credential.id, server, login, tls, ring=keys)
