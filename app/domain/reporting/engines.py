"""Which kinds of databases this Muster can check, and what keeps it from the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.egress.endpoint import DB_TYPES
from app.engines import registry
from app.engines.capability import Capabilities
from app.engines.errors import Cause, StepFailed


@dataclass(frozen=True, slots=True)
class EngineState:
    """One kind of database.

    `cause`: why no login is tried, None where one is. `package`: the driver that is missing.
    """

    db_type: str
    default_port: int | None
    capabilities: Capabilities
    cause: Cause | None = None
    package: str | None = None


def list_engines() -> Sequence[EngineState]:
    """Return every kind that can be registered; loads the drivers."""
    return [_state(db_type) for db_type in DB_TYPES]


def _state(db_type: str) -> EngineState:
    capabilities = registry.capabilities_of(db_type)
    try:
        engine = registry.find_engine(db_type)
    except StepFailed as exc:
        return EngineState(db_type, None, capabilities, exc.cause, exc.detail.get("package"))
    if engine is None:
        return EngineState(db_type, None, capabilities, "not_implemented")
    return EngineState(db_type, engine.default_port, capabilities)
