"""Indexes for what lists of instances filter and sort by most: owner, host, engine, criticality.

Those of PostgreSQL hold no instance of the recycle bin and sort texts by code point; those of SQLite begin with
deleted_at, since without statistics it takes no partial index for an order.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BY_CODE_POINT = {
    "owner": sa.text('owner COLLATE "C"'),
    "host": sa.text('host COLLATE "C"'),
    "db_type": sa.text('db_type COLLATE "C"'),
}
# Name, columns, and whether the first one is a text that sorts.
_INDEXES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("ix_instances_live_by_owner", ("owner", "id"), True),
    ("ix_instances_live_by_owner_created_at", ("owner", "created_at", "id"), False),
    ("ix_instances_live_by_host_key", ("host_key", "created_at", "id"), False),
    ("ix_instances_live_by_host", ("host", "id"), True),
    ("ix_instances_live_by_db_type", ("db_type", "id"), True),
    ("ix_instances_live_by_criticality", ("criticality", "id"), False),
)
# PostgreSQL has such ones since 0005, or needs none; without statistics SQLite does not walk the index of a constraint.
_ON_SQLITE = (
    ("ix_instances_live_by_name", ("name", "id"), True),
    ("ix_instances_live_by_id", ("id",), False),
)


def _wanted(*, on_sqlite: bool) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    return (*_INDEXES, *_ON_SQLITE) if on_sqlite else _INDEXES


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, columns, sorts in _wanted(on_sqlite=on_sqlite):
        if on_sqlite:
            op.create_index(name, "instances", ["deleted_at", *columns])
            continue
        first = _BY_CODE_POINT[columns[0]] if sorts else columns[0]
        op.create_index(name, "instances", [first, *columns[1:]], postgresql_where=sa.text("deleted_at IS NULL"))


def downgrade() -> None:
    for name, _, _ in reversed(_wanted(on_sqlite=op.get_bind().dialect.name == "sqlite")):
        op.drop_index(name, table_name="instances")
