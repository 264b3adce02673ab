"""Answers kept under the keys of their calls; a credential that gains an endpoint gets another version.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

# In the store and not in the program: it must not cost every assignment a statement of its own.
SQLITE = """
CREATE TRIGGER credential_endpoints_count AFTER INSERT ON credential_endpoints
BEGIN
    UPDATE credentials SET version = version + 1, updated_at = NEW.bound_at WHERE id = NEW.credential_id;
END
"""
FUNCTION = """
CREATE FUNCTION credential_endpoints_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE credentials SET version = version + 1, updated_at = NEW.bound_at WHERE id = NEW.credential_id;
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER credential_endpoints_count AFTER INSERT ON credential_endpoints
FOR EACH ROW EXECUTE FUNCTION credential_endpoints_count()
"""


def upgrade() -> None:
    op.create_table(
        "kept_answers",
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_kept_answers_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_kept_answers"),
    )
    op.create_index("ix_kept_answers_at", "kept_answers", ["at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE)
    else:
        op.execute(FUNCTION)
        op.execute(TRIGGER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER credential_endpoints_count")
    else:
        op.execute("DROP TRIGGER credential_endpoints_count ON credential_endpoints")
        op.execute("DROP FUNCTION credential_endpoints_count()")
    op.drop_table("kept_answers")
