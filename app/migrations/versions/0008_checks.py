"""Checks and their steps, what an instance remembers of its last one, refused logins, fingerprints.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MEMORY = {
    "last_attempt_at": MOMENT,
    "last_error_at": MOMENT,
    "last_outcome": sa.String(length=10),
    "last_cause": sa.String(length=40),
    # No reference: the newest check of an instance refers to the instance already.
    "last_check_id": BIG_ID,
}


def upgrade() -> None:
    for name, kind in MEMORY.items():
        op.add_column("instances", sa.Column(name, kind, nullable=True))
    _make_checks()
    op.create_table(
        "check_steps",
        sa.Column("check_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name="fk_check_steps_check_id_checks", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("check_id", "position", name="pk_check_steps"),
    )
    _make_login_suspensions()
    _make_fingerprints()


def _make_checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", BIG_ID, nullable=True),
        sa.Column("db_type", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("host_key", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("credential_id", BIG_ID, nullable=True),
        sa.Column("username", sa.String(length=128), nullable=True),
        sa.Column("actor_id", BIG_ID, nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("holds_login", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("server", sa.JSON(), nullable=True),
        sa.Column("tls", sa.JSON(), nullable=True),
        sa.Column("privileges", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name="fk_checks_instance_id_instances", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_checks_actor_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_checks_instance_id_id", "checks", ["instance_id", "id"])
    running = sa.text("status = 'running'")
    op.create_index("ix_checks_running", "checks", ["deadline_at"], sqlite_where=running, postgresql_where=running)


def _make_login_suspensions() -> None:
    op.create_table(
        "login_suspensions",
        sa.Column("credential_id", BIG_ID, nullable=False),
        sa.Column("db_type", sa.String(length=20), nullable=False),
        sa.Column("host_key", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("login_key", sa.String(length=64), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
            name="fk_login_suspensions_credential_id_credentials",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("credential_id", "db_type", "host_key", "port", name="pk_login_suspensions"),
    )


def _make_fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("instance_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("lineage", sa.String(length=255), nullable=True),
        sa.Column("node", sa.String(length=255), nullable=True),
        sa.Column("strength", sa.String(length=10), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("pending", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name="fk_fingerprints_instance_id_instances", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("instance_id", name="pk_fingerprints"),
    )
    for column in ("lineage", "node"):
        op.create_index(f"ix_fingerprints_{column}", "fingerprints", [column])


def downgrade() -> None:
    for table in ("fingerprints", "login_suspensions", "check_steps", "checks"):
        op.drop_table(table)
    for name in MEMORY:
        op.drop_column("instances", name)
