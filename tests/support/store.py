"""Settings for tests, and a store that can be filled anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

from app.core.settings import Settings
from tests.support.api import PASSWORD


def make_settings(folder: Path, **changes: object) -> Settings:
    """Return settings that touch nothing else: a folder of its own, cheap hashes, a known first administrator."""
    values: dict[str, object] = {
        "data_dir": folder,
        "admin_password": PASSWORD,
        "argon2_memory_kib": 8192,
        "argon2_time_cost": 1,
        "audit_seal_seconds": 0,
        "log_level": "error",
    }
    return Settings(**{**values, **changes})


def refill(store: Path, template: Path) -> None:
    """Give an open store the content of the template; its connections, and what they have compiled, stay."""
    with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(store)) as target:
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
