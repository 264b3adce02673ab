"""Every SELECT on tags that instances need."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.db import current_session
from app.models import Tag


def find_by_names(names: Sequence[str]) -> dict[str, Tag]:
    """Return the tags of these names, by name; unknown ones are left out."""
    if not names:
        return {}
    return {tag.name: tag for tag in current_session().scalars(select(Tag).where(Tag.name.in_(names)))}
