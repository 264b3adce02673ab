"""What a check fills in of an instance: version and flavour, as the server tells them."""

from typing import Any

from app.domain.audit import trail
from app.engines.errors import clean
from app.engines.facts import ServerFact
from app.models import Instance

# How many numbers of a version name a release line; of PostgreSQL since 10 and of Oracle it is the first one.
_PARTS = {"postgresql": 1, "oracle": 1}
_USUAL_PARTS = 2
_FIRST_OF_ONE_NUMBER = 10
_LENGTHS = {"main_version": 50, "database_version": 255, "detailed_version": 500, "flavour": 50}


def main_version(engine: str, version: str) -> str:
    """Return the release line: 15 of PostgreSQL 15.7, 9.6 of 9.6.24, 10.11 of MariaDB 10.11.19, 19 of Oracle 19.3."""
    parts = version.split(".")
    first = int(parts[0]) if parts[0].isdigit() else 0
    count = _PARTS.get(engine, _USUAL_PARTS)
    if engine == "postgresql" and first < _FIRST_OF_ONE_NUMBER:
        count = _USUAL_PARTS
    return ".".join(parts[:count])


def fill(instance: Instance, server: ServerFact) -> list[trail.Event]:
    """Set what the server told, and return the event where that is news; what it did not tell stays."""
    if server.version is None:
        return []
    told: dict[str, Any] = {
        "main_version": main_version(server.engine, server.version),
        "database_version": server.version,
        "detailed_version": server.version_text or instance.detailed_version,
        "flavour": server.flavour,
    }
    cut = {name: None if value is None else clean(value)[: _LENGTHS[name]] for name, value in told.items()}
    changes = trail.difference({name: getattr(instance, name) for name in cut}, cut)
    for name, value in cut.items():
        setattr(instance, name, value)
    if not changes:
        return []
    return [
        trail.Event(
            action="detect", entity_type="instance", entity_id=instance.id, entity_name=instance.name, changes=changes
        )
    ]
