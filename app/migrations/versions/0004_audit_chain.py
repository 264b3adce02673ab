"""The audit trail only grows, its batches are sealed, and a revert names what it undoes.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEYS = {"audit_events": "id", "audit_seals": "number"}

SQLITE_TRIGGERS = (
    "CREATE TRIGGER %(table)s_refuse_update BEFORE UPDATE ON %(table)s"
    " BEGIN SELECT RAISE(ABORT, '%(table)s only grows'); END",
    "CREATE TRIGGER %(table)s_refuse_delete BEFORE DELETE ON %(table)s"
    " BEGIN SELECT RAISE(ABORT, '%(table)s only grows'); END",
    # INSERT OR REPLACE removes the old row without asking the trigger for DELETE.
    "CREATE TRIGGER %(table)s_refuse_replace BEFORE INSERT ON %(table)s"
    " WHEN EXISTS (SELECT 1 FROM %(table)s WHERE %(key)s = NEW.%(key)s)"
    " BEGIN SELECT RAISE(ABORT, '%(table)s only grows'); END",
)
POSTGRESQL_FUNCTION = (
    "CREATE FUNCTION muster_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only grows', ERRCODE = 'restrict_violation'; END $$"
)
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER %(table)s_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s"
    " FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse_change()"
)


def upgrade() -> None:
    op.create_table('audit_seals',
    sa.Column('number', BIG_ID, autoincrement=False, nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('last_id', BIG_ID, nullable=False),
    sa.Column('digests', sa.JSON(), nullable=False),
    sa.Column('until', MOMENT, nullable=False),
    sa.Column('sealed_at', MOMENT, nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('mac', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('number', name='pk_audit_seals'),
    )
    op.add_column('audit_events', sa.Column('reverts_id', BIG_ID, nullable=True))
    op.create_index('ix_audit_events_actor_id_id', 'audit_events', ['actor_id', 'id'])
    op.create_index('ix_audit_events_action_id', 'audit_events', ['action', 'id'])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(POSTGRESQL_FUNCTION)
    for table, key in KEYS.items():
        for trigger in SQLITE_TRIGGERS if on_sqlite else (POSTGRESQL_TRIGGER,):
            op.execute(sa.DDL(trigger, context={"table": table, "key": key}))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEYS:
            for what in ("update", "delete", "replace"):
                op.execute(sa.DDL("DROP TRIGGER %(table)s_refuse_%(what)s", context={"table": table, "what": what}))
    else:
        op.execute("DROP FUNCTION muster_refuse_change() CASCADE")
    op.drop_index('ix_audit_events_action_id', table_name='audit_events')
    op.drop_index('ix_audit_events_actor_id_id', table_name='audit_events')
    op.drop_column('audit_events', 'reverts_id')
    op.drop_table('audit_seals')
