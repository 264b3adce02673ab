"""Change the table of credentials; passwords are sealed before they reach it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import SecretStr

from app.core import crypto
from app.core.crypto import KeyRing, Sealed
from app.core.db import current_session, insert_all_absent, insert_if_absent, moment
from app.domain.audit import trail
from app.domain.credentials import repository
from app.domain.credentials.commands import BindingsPart, CreateCredential, EndpointBinding, UpdateCredential
from app.domain.credentials.errors import CredentialInUse, CredentialNameTaken, CredentialNotFound
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.references.write_service import Kind, ReferenceWriteService
from app.models import Credential, CredentialEndpoint, Instance

RULES = ("hosts", "suffixes", "networks", "engines")
_CELL = {"table": "credentials", "column": "password"}


class CredentialWriteService(ReferenceWriteService[Credential]):
    """Create, change and delete credentials."""

    kind = Kind(
        model=Credential,
        entity_type="credential",
        title=Credential.name,
        link=Instance.credential_id,
        order=(Credential.name,),
        fields=("name", "username", "description"),
        create_command=CreateCredential,
        update_command=UpdateCredential,
        not_found=CredentialNotFound,
        taken=CredentialNameTaken,
        in_use=CredentialInUse,
    )

    def __init__(self, *, keys: KeyRing) -> None:
        self._keys = keys

    def _values(self, command: Any) -> dict[str, Any]:  # noqa: ANN401 - either of the two commands
        values = super()._values(command)
        if "bindings" in command.given():
            values["bindings"] = command.bindings or BindingsPart(**dict.fromkeys((*RULES, "endpoints")))
        if command.password is not None:
            values["password"] = command.password
        return values

    def _new(self, values: Mapping[str, Any]) -> Credential:
        plain = {name: values[name] for name in self.kind.fields}
        row = Credential(**plain, seal_id=crypto.new_seal_id(), bindings={rule: [] for rule in RULES})
        self._seal(row, values["password"])
        return row

    def create(self, payload: Any, *, operator_id: int | None) -> Credential:  # noqa: ANN401 - as in the parent
        """Add a credential with its bindings."""
        command = CreateCredential.parse(payload)
        row = super().create(command, operator_id=operator_id)
        if command.bindings is not None:
            before = self._record(row)
            self._bind(row, command.bindings)
            changes = trail.difference(before, self._record(row))
            if changes:
                self._trace("bind", row, changes, operator_id)
            current_session().refresh(row, ["version", "updated_at"])  # the store counts each new endpoint
        return row

    def _assign(self, row: Credential, values: Mapping[str, Any]) -> set[str]:
        super()._assign(row, {name: value for name, value in values.items() if name in self.kind.fields})
        if "bindings" in values:
            self._bind(row, values["bindings"])
        password = values.get("password")
        if password is None or password.get_secret_value() == self.open_password(row):
            return set()
        self._seal(row, password)
        return {"password"}

    def _record(self, row: Credential) -> dict[str, Any]:
        endpoints = repository.list_endpoints([row.id]).get(row.id, [])
        return {
            **super()._record(row),
            **{rule: row.bindings[rule] for rule in RULES},
            "endpoints": [endpoint_text(Endpoint(one.db_type, one.host_key, one.port)) for one in endpoints],
        }

    def open_password(self, row: Credential) -> str:
        """Return the password in clear, for a login only.

        :raises KeysUnusable: the key is missing or wrong; never an empty password instead.
        """
        sealed = Sealed(row.password_key_id, row.password_blob)
        return self._keys.open(sealed, **_CELL, seal_id=row.seal_id)

    def _seal(self, row: Credential, password: SecretStr) -> None:
        sealed = self._keys.seal(password.get_secret_value(), **_CELL, seal_id=row.seal_id)
        row.password_key_id, row.password_blob = sealed.key_id, sealed.blob

    def _bind(self, row: Credential, bindings: BindingsPart) -> None:
        given = bindings.given()
        rules = {rule: sorted(set(given[rule] or ())) for rule in RULES if rule in given}
        row.bindings = {**row.bindings, **rules}
        if "endpoints" in given:
            _replace_endpoints(row.id, given["endpoints"] or ())


def _replace_endpoints(credential_id: int, wanted: Sequence[EndpointBinding]) -> None:
    session = current_session()
    missing = {(one.db_type, host_key(one.host), one.port) for one in wanted}
    for known in repository.list_endpoints([credential_id]).get(credential_id, []):
        key = (known.db_type, known.host_key, known.port)
        if key in missing:
            missing.remove(key)
        else:
            session.delete(known)
    session.add_all(CredentialEndpoint(**_row(credential_id, Endpoint(*key))) for key in sorted(missing))
    session.flush()


def _row(credential_id: int, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "credential_id": credential_id,
        "db_type": endpoint.db_type,
        "host_key": endpoint.host_key,
        "port": endpoint.port,
        "bound_at": moment(),
    }


def endpoint_text(endpoint: Endpoint) -> str:
    """Return an endpoint as people read it: `postgresql db1.example.com:5432`."""
    host = f"[{endpoint.host_key}]" if ":" in endpoint.host_key else endpoint.host_key
    return f"{endpoint.db_type} {host}:{endpoint.port}"


def bind_endpoint(credential: Credential, endpoint: Endpoint) -> trail.Event | None:
    """Allow a credential for one exact endpoint, and return the event to record; None when another was faster.

    The caller has checked that the operator may.
    """
    if not insert_if_absent(CredentialEndpoint, _row(credential.id, endpoint)):
        return None
    return _bound(credential, endpoint)


def bind_endpoints(new: Sequence[tuple[Credential, Endpoint]]) -> list[trail.Event]:
    """Allow credentials for endpoints, a few hundred in a statement, and return the events, as `bind_endpoint` does."""
    rows = [_row(credential.id, endpoint) for credential, endpoint in new]
    inserted = insert_all_absent(CredentialEndpoint, rows, key=("credential_id", "db_type", "host_key", "port"))
    return [
        _bound(credential, endpoint)
        for credential, endpoint in new
        if (credential.id, endpoint.db_type, endpoint.host_key, endpoint.port) in inserted
    ]


def _bound(credential: Credential, endpoint: Endpoint) -> trail.Event:
    return trail.Event(
        action="bind",
        entity_type="credential",
        entity_id=credential.id,
        entity_name=credential.name,
        changes=[{"field": "endpoints", "before": None, "after": endpoint_text(endpoint)}],
    )
