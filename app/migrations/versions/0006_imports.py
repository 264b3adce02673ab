"""Files that were taken into the register, and what became of each of their rows.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", BIG_ID, nullable=True),
        sa.Column("undone_by_name", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_imports_actor_id_users"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name="fk_imports_undone_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_imports_at", "imports", ["at"])


def downgrade() -> None:
    op.drop_table("imports")
