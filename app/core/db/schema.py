"""Which revision the store is at, and how it gets to the one that this program knows."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app.core.db import postgresql
from app.core.db.options import READ_ONLY, UNHURRIED, StoreUnusable

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class SchemaUnusable(StoreUnusable):
    """The schema is not the one of this program; the message says how that is mended."""


@cache
def revisions() -> tuple[str, ...]:
    """Return all revisions that this program knows, the oldest first."""
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    return tuple(re.split(r"_", file.stem, maxsplit=1)[0] for file in files)


def current(engine: Engine) -> str | None:
    """Return the revision of the store, None for an empty one."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        try:
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except DBAPIError:
            connection.rollback()
            if inspect(connection).has_table("alembic_version"):
                raise
            return None
        return revision


def ensure_current(engine: Engine) -> None:
    """Bring the store to the newest revision; the caller sees to it that no other process does the same.

    :raises StoreUnusable: the store was made by a newer Muster, or the database is not fit for one.
    """
    revision = _known(engine)
    if revision == revisions()[-1]:
        return
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            postgresql.check_fit(connection)
    migrate(engine, "head")


def check_current(engine: Engine) -> None:
    """Do nothing for a store at the newest revision.

    :raises SchemaUnusable: it is empty, older or newer; names both revisions.
    """
    revision = _known(engine)
    if revision is None:
        raise SchemaUnusable("The database has no schema of Muster: run `muster db upgrade` to make it.")
    if revision != revisions()[-1]:
        raise SchemaUnusable(
            f"The store is at schema revision {revision}, and this Muster needs {revisions()[-1]}: stop every Muster"
            " that uses it, then run `muster db upgrade`."
        )


def _known(engine: Engine) -> str | None:
    revision = current(engine)
    if revision is not None and revision not in revisions():
        raise SchemaUnusable(
            f"The store is at schema revision {revision}, which this Muster does not know (its newest is"
            f" {revisions()[-1]}): a newer Muster wrote it. Start that version, or restore an older backup."
        )
    return revision


def migrate(engine: Engine, target: str) -> None:
    """Run the migrations up or down to `target`: a revision, `head` or `base`."""
    # Web workers that find the store current never load Alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(**{UNHURRIED: True}) as connection:
        config.attributes["connection"] = connection
        goes_up = target == "head" or (target in revisions() and target > (current(engine) or ""))
        (command.upgrade if goes_up else command.downgrade)(config, target)
