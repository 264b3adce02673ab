"""Whether Muster can work: the database answers, has the schema of this program, and the keys fit it."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from app.core.db import schema, snapshot
from app.core.errors import Unavailable
from app.domain.credentials.keys import is_proven
from app.http.runtime import NotReady, Runtime


def check_ready(runtime: Runtime) -> None:
    """Return where everything is in order; opens the store where that has not been done, two statements otherwise.

    :raises NotReady: naming the part that is not.
    """
    parts = runtime.parts()
    try:
        revision = schema.current(parts.database.engine)
        if revision != schema.revisions()[-1]:
            raise NotReady("schema")
        with snapshot():
            proven = is_proven(parts.keys)
    except (DBAPIError, sqlite3.Error, Unavailable) as exc:
        if isinstance(exc, NotReady):
            raise
        raise NotReady("database") from exc
    if not proven:
        raise NotReady("keys")
