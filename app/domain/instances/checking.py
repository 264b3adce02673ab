"""What a check of a registered instance is told: where, how, and with which login."""

from app.core.crypto import KeyRing
from app.domain.credentials.guarding import guard_of
from app.domain.credentials.write_service import CredentialWriteService
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.networks import DialRules
from app.domain.egress.protection import effective_mode
from app.domain.instances.connection import open_client_key
from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.models import Credential, Instance


def spec_of(
    instance: Instance, credential: Credential | None, *, rules: DialRules, keys: KeyRing, suspended: bool = False
) -> ConnectionSpec:
    """Return how to check an instance; reads bindings and opens secrets in the open transaction or snapshot.

    A credential is the instance's own, for monitoring or for what needs more rights; None: nobody logs in.

    :raises KeysUnusable: a secret does not open.
    """
    endpoint = Endpoint(instance.db_type, instance.host_key, instance.port)
    return ConnectionSpec(
        db_type=instance.db_type,
        host=instance.host,
        port=instance.port,
        guard=guard_of(credential, endpoint, rules=rules),
        database_name=instance.database_name,
        service_name=instance.service_name,
        sid=instance.sid,
        instance_name=instance.instance_name,
        login=login_of(credential, keys),
        suspended=suspended,
        tls=tls_of(instance, keys),
        connect_timeout_ms=instance.connect_timeout_ms,
        statement_timeout_ms=instance.statement_timeout_ms,
        deadline_ms=instance.deadline_ms,
    )


def login_of(credential: Credential | None, keys: KeyRing) -> Login | None:
    """Return who logs in, with the password in clear.

    :raises KeysUnusable: it does not open.
    """
    if credential is None:
        return None
    password = CredentialWriteService(keys=keys).open_password(credential)
    return Login(username=credential.username, password=password)


def tls_of(instance: Instance, keys: KeyRing) -> TlsOptions:
    """Return the TLS of an instance; a certificate and its key count where both are there.

    :raises KeysUnusable: the client key does not open.
    """
    key = open_client_key(instance, keys) if instance.tls_client_cert is not None else None
    return TlsOptions(
        mode=effective_mode(instance.tls_mode, instance.tls_ca),
        ca=instance.tls_ca,
        client_cert=instance.tls_client_cert if key is not None else None,
        client_key=key,
        legacy=instance.tls_legacy,
    )
