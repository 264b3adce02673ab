"""The store as the rest of Muster sees it: one write transaction, one read snapshot, the session in them.

Nobody else commits. What is particular to SQLite is in `sqlite`, what concerns revisions in `schema`.
"""

from app.core.db.session import (
    CommitOutcomeUnknown,
    Database,
    NoTransaction,
    current_session,
    install,
    snapshot,
    transaction,
)
from app.core.db.types import Base, UtcDateTime

__all__ = [
    "Base",
    "CommitOutcomeUnknown",
    "Database",
    "NoTransaction",
    "UtcDateTime",
    "current_session",
    "install",
    "snapshot",
    "transaction",
]
