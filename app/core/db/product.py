"""Which database the store lies on."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import column, func, select, table

from app.core.db.session import current_session


@dataclass(frozen=True, slots=True)
class Product:
    """The kind of the store, the version of what keeps it, and the revision of its schema."""

    kind: Literal["sqlite", "postgresql"]
    version: str
    schema_revision: str


def get_product() -> Product:
    """Return what the open session works on, in one statement."""
    session = current_session()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    version = func.sqlite_version() if is_sqlite else func.current_setting("server_version")
    revision = select(column("version_num")).select_from(table("alembic_version")).scalar_subquery()
    row = session.execute(select(version, revision)).one()
    return Product("sqlite" if is_sqlite else "postgresql", row[0], row[1])
