"""Pages of imports."""

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from app.core.db import current_session
from app.domain.references.listing import ListPage, Page
from app.models import Import


def list_page(query: ListPage) -> Page:
    """Return one page of imports, the newest first, without what became of their rows."""
    session = current_session()
    total = session.scalar(select(func.count()).select_from(Import))
    newest = select(Import).options(defer(Import.rows, raiseload=True)).order_by(Import.id.desc())
    return Page(session.scalars(newest.offset(query.offset).limit(query.limit)).all(), total)
