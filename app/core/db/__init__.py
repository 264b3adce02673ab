"""The store as the rest of Muster sees it: one write transaction, one read snapshot, the session in them.

Nobody else commits. What is particular to SQLite is in `sqlite`, what concerns revisions in `schema`.
"""

from app.core.db.by_code_point import by_code_point
from app.core.db.json_rows import json_rows
from app.core.db.json_text import json_text
from app.core.db.locks import hold_lock, insert_all_absent, insert_if_absent, keep_row, kept, lock_row, lock_rows
from app.core.db.product import Product, get_product
from app.core.db.session import (
    CommitOutcomeUnknown,
    Database,
    NoTransaction,
    StillRunning,
    current_session,
    install,
    is_open,
    moment,
    outside,
    snapshot,
    transaction,
)
from app.core.db.types import Base, ExactJson, UtcDateTime, same_json

__all__ = [
    "Base",
    "CommitOutcomeUnknown",
    "Database",
    "ExactJson",
    "NoTransaction",
    "Product",
    "StillRunning",
    "UtcDateTime",
    "by_code_point",
    "current_session",
    "get_product",
    "hold_lock",
    "insert_all_absent",
    "insert_if_absent",
    "install",
    "is_open",
    "json_rows",
    "json_text",
    "keep_row",
    "kept",
    "lock_row",
    "lock_rows",
    "moment",
    "outside",
    "same_json",
    "snapshot",
    "transaction",
]
