"""Alembic's entry: runs on the connection that `app.core.db.schema` hands over."""

from alembic import context

import app.models  # noqa: F401 - registers every table on Base.metadata
from app.core.db import Base

connection = context.config.attributes["connection"]

if connection.dialect.name == "sqlite":
    # Batch operations rebuild tables, which enforced references would forbid; they are checked at the end.
    connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
# Alembic thinks that SQLite cannot roll back DDL; it can, since `app.core.db.sqlite` says BEGIN itself.
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transactional_ddl=True)
try:
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} broken references; nothing was changed")
finally:
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
