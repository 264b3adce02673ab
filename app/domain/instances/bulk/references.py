"""What the steps of a batch refer to, read once for all of them."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import current_session, kept
from app.core.errors import FieldFault
from app.core.fields import is_storable
from app.domain.credentials.endpoints import NewBinding
from app.domain.credentials.repository import iter_endpoints
from app.domain.egress.endpoint import Endpoint
from app.domain.egress.protection import Protection
from app.domain.instances.bulk.step import Step
from app.domain.instances.commands import RefersToOthers
from app.domain.instances.lookup import LOGINS, Lookup, unknown_reference
from app.domain.instances.repository.many import chunks
from app.models import Cluster, Credential, Environment, Tag

M = TypeVar("M", bound=Any)
# Which fields of an instance refer to things of which kind, by id or by name.
_KINDS: Mapping[str, str] = {"credential": "credential", "admin_credential": "credential", "cluster": "cluster"}


class References:
    """Tags, environments, clusters and credentials by what the steps call them."""

    def __init__(self) -> None:
        self.tags: dict[str, Tag] = {}
        self.environments: dict[str, Environment] = {}
        self.clusters: dict[int, Cluster] = {}
        self.credentials: dict[int, Credential] = {}
        self._named: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS.values()}
        self._endpoints: dict[int, dict[Endpoint, Protection]] = {}

    def load(self, steps: Iterable[Step]) -> None:
        """Read what the steps name, by id or by name; one statement a kind and chunk."""
        tags: set[str] = set()
        keys: set[str] = set()
        ids: dict[str, set[int]] = {kind: set() for kind in _KINDS.values()}
        names: dict[str, set[str]] = {kind: set() for kind in _KINDS.values()}
        for step in steps:
            tags.update(name for _, name in step.tags)
            if step.references.environment is not None:
                keys.add(step.references.environment)
            for field, kind in _KINDS.items():
                wanted = getattr(step.references, f"{field}_id")
                if wanted is not None:
                    ids[kind].add(wanted)
            for field, name in step.named.items():
                if is_storable(name):
                    names[_KINDS[field]].add(name)
        self.tags |= {tag.name: tag for tag in _find(Tag.name, tags)}
        self.environments |= {row.key: row for row in _find(Environment.key, keys)}
        for column, wanted in ((Cluster.id, ids["cluster"]), (Cluster.name, names["cluster"])):
            for cluster in _find(column, wanted):
                self.clusters[cluster.id] = cluster
                self._named["cluster"][cluster.name] = cluster.id
        self._keep(_find(Credential.name, names["credential"]))
        self.load_credentials(ids["credential"])

    def load_credentials(self, ids: Iterable[int]) -> None:
        """Read credentials with the endpoints that they are bound to."""
        self._keep(_find(Credential.id, set(ids) - self.credentials.keys()))

    def get_credential(self, credential_id: int) -> Credential:
        """Return a credential that an instance has, read now if no step made it known before."""
        self.load_credentials({credential_id})
        return self.credentials[credential_id]

    def _keep(self, found: Iterable[Credential]) -> None:
        new = {row.id: row for row in found if row.id not in self.credentials}
        self.credentials |= new
        self._named["credential"] |= {row.name: row.id for row in new.values()}
        self._endpoints |= {credential_id: {} for credential_id in new}
        for some in chunks(sorted(new)):
            for credential_id, endpoint, protection in iter_endpoints(some):
                self._endpoints[credential_id][endpoint] = protection

    def id_of(self, field: str, name: str) -> int | None:
        """Return the id of the thing of this name that the field may refer to, None for an unknown one."""
        return self._named[_KINDS[field]].get(name)

    def bound_under(self, credential: Credential, endpoint: Endpoint) -> Protection | None:
        """Return under which TLS the credential is bound to this exact endpoint, or will be by a step before."""
        return self._endpoints[credential.id].get(endpoint)

    def note_bound(self, new: NewBinding) -> None:
        """Keep in mind what a step binds."""
        self._endpoints[new.credential.id][new.destination.endpoint] = new.destination.protection

    def look_up(self, step: Step) -> Lookup:
        """Return what the step refers to, with the faults of what there is not, as for a single write."""
        wanted: RefersToOthers = step.references
        faults: list[FieldFault] = []
        tags = []
        for path, name in step.tags:
            if name in self.tags:
                tags.append(self.tags[name])
            else:
                faults.append(unknown_reference(f"data.{path}", name))
        environment = self.environments.get(wanted.environment or "")
        if environment is None and wanted.environment is not None:
            faults.append(unknown_reference("data.environment", wanted.environment))
        cluster = self.clusters.get(wanted.cluster_id or 0)
        if cluster is None and wanted.cluster_id is not None:
            faults.append(unknown_reference("data.cluster_id", wanted.cluster_id))
        for name in LOGINS:
            login = getattr(wanted, f"{name}_id")
            if login is not None and login not in self.credentials:
                faults.append(unknown_reference(f"data.{name}_id", login))
        return Lookup(tags, environment, cluster, faults)


def _find(column: InstrumentedAttribute[Any], wanted: Iterable[Any]) -> list[Any]:
    statement: Select[tuple[Any]] = kept(select(column.class_))
    return [
        row for some in chunks(sorted(wanted)) for row in current_session().scalars(statement.where(column.in_(some)))
    ]
