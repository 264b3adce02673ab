"""Which instances an import wrote: its record tells, so that this needs the session of an open transaction."""

from sqlalchemy import ColumnElement, bindparam, select

from app.core.db import current_session
from app.models import Import, Instance


def written_by(import_id: int) -> ColumnElement[bool]:
    """Return the condition that an import made or changed the instance; an import that is unknown wrote none."""
    rows = current_session().scalar(select(Import.rows).where(Import.id == import_id)) or []
    ids = sorted({row["id"] for row in rows if row["action"] in {"insert", "update"}})
    # Up to 10,000 numbers of our own: as parameters they are more than some stores take.
    return Instance.id.in_(bindparam("written", ids, expanding=True, literal_execute=True, unique=True))
