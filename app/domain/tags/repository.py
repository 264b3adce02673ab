"""Every SELECT on tags that instances need."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.db import current_session, kept
from app.models import Tag


def find_by_names(names: Sequence[str]) -> dict[str, Tag]:
    """Return the tags of these names, by name; unknown ones are left out. None of them can be removed meanwhile."""
    if not names:
        return {}
    named = kept(select(Tag).where(Tag.name.in_(names)))
    return {tag.name: tag for tag in current_session().scalars(named)}
