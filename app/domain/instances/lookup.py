"""Find what a command about an instance refers to: tags, credential, environment, cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import current_session, kept
from app.core.errors import FieldFault
from app.core.fields import clip
from app.domain.instances.commands import RefersToOthers
from app.domain.tags.repository import find_by_names
from app.models import Cluster, Credential, Environment, Tag

LOGINS = ("credential", "admin_credential")
_TAGS = ("tag_names", "add_tags", "remove_tags")


@dataclass(frozen=True, slots=True)
class Logins:
    """The credentials that an instance will have."""

    credential: Credential | None = None
    admin_credential: Credential | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was found; `faults` names what was not."""

    tags: Sequence[Tag]
    environment: Environment | None
    cluster: Cluster | None
    faults: Sequence[FieldFault]


def look_up(command: RefersToOthers) -> Lookup:
    """Look up all but the credentials, which are read together with their bindings; one statement each at most.

    What is found cannot be removed before the transaction ends.
    """
    session = current_session()
    faults: list[FieldFault] = []
    named = {field: getattr(command, field, None) or [] for field in _TAGS}
    tags = find_by_names([name for names in named.values() for name in names])
    for field, names in named.items():
        for position, name in enumerate(names):
            if name not in tags:
                faults.append(unknown_reference(f"{field}.{position}", name))
    if "tag_names" in command.given() and (named["add_tags"] or named["remove_tags"]):
        faults.append(FieldFault("tag_names", "tags_in_two_ways"))
    environment = cluster = None
    if command.environment is not None:
        environment = session.scalar(kept(select(Environment).where(Environment.key == command.environment)))
        if environment is None:
            faults.append(unknown_reference("environment", command.environment))
    if command.cluster_id is not None:
        cluster = session.scalar(kept(select(Cluster).where(Cluster.id == command.cluster_id)))
        if cluster is None:
            faults.append(unknown_reference("cluster_id", command.cluster_id))
    return Lookup(list(tags.values()), environment, cluster, faults)


def login_faults(command: RefersToOthers, logins: Logins) -> list[FieldFault]:
    """Return the faults that no credentials have the ids that the command names."""
    return [
        unknown_reference(f"{name}_id", wanted)
        for name in LOGINS
        if (wanted := getattr(command, f"{name}_id")) is not None and getattr(logins, name) is None
    ]


def all_faults(found: Sequence[FieldFault], references: RefersToOthers) -> list[FieldFault]:
    """Add to the faults of other fields what the sound references fail to name."""
    wanted = {name: getattr(references, f"{name}_id") for name in LOGINS}
    rows = {name: current_session().get(Credential, one) for name, one in wanted.items() if one is not None}
    return [*found, *look_up(references).faults, *login_faults(references, Logins(**rows))]


def unknown_reference(path: str, value: object) -> FieldFault:
    """Return the fault that there is no such thing."""
    return FieldFault(path, "unknown_reference", {"value": clip(str(value))})
