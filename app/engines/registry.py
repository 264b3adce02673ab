"""From `db_type` to its engine, imported on first use: a missing driver disables its engine and nothing else."""

from collections.abc import Mapping
from importlib import import_module

from app.engines.base import Engine
from app.engines.capability import CAPABILITIES, Capabilities
from app.engines.errors import StepFailed

_PACKAGES: Mapping[str, str] = {
    "mysql": "app.engines.mysql",
    "mariadb": "app.engines.mysql",
    "postgresql": "app.engines.postgresql",
    "sqlserver": "app.engines.sqlserver",
    "oracle": "app.engines.oracle",
}
DB_TYPES: tuple[str, ...] = tuple(_PACKAGES)


def find_engine(db_type: str) -> Engine | None:
    """Return the engine of a kind of database, None where there is none yet.

    :raises StepFailed: `driver.missing`: its driver is not installed; the detail names the package.
    """
    package = _PACKAGES.get(db_type)
    if package is None:
        return None
    try:
        engine: Engine = import_module(package).ENGINE
    except ImportError as exc:
        raise StepFailed("driver.missing", detail={"package": exc.name}) from None
    return engine


def capabilities_of(db_type: str) -> Capabilities:
    """Return what the engine of a kind of database can do; without one nothing but `connect` is implemented."""
    try:
        engine = find_engine(db_type)
    except StepFailed:
        engine = None
    if engine is not None:
        return engine.capabilities
    return {one: "supported" if one == "connect" else "not_implemented" for one in CAPABILITIES}
