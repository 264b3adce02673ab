"""The register: users, sessions, instances and everything they refer to, the audit trail.

Revision ID: 0001
Revises:
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

ENVIRONMENTS = (
    ("production", "生产 / Production", True),
    ("staging", "预发 / Staging", False),
    ("test", "测试 / Test", False),
    ("development", "开发 / Development", False),
    ("disaster_recovery", "灾备 / Disaster recovery", True),
)


def upgrade() -> None:
    op.create_table('audit_events',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor_id', BIG_ID, nullable=True),
    sa.Column('actor_name', sa.String(length=100), nullable=False),
    sa.Column('action', sa.String(length=50), nullable=False),
    sa.Column('entity_type', sa.String(length=30), nullable=False),
    sa.Column('entity_id', BIG_ID, nullable=True),
    sa.Column('entity_name', sa.String(length=255), nullable=True),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('ticket', sa.String(length=100), nullable=True),
    sa.Column('request_id', sa.String(length=64), nullable=True),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_audit_events'),
    sqlite_autoincrement=True,
    )
    op.create_index('ix_audit_events_at', 'audit_events', ['at'])
    op.create_index('ix_audit_events_entity_type_entity_id_id', 'audit_events', ['entity_type', 'entity_id', 'id'])
    op.create_table('clusters',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('external_id', sa.String(length=200), nullable=True),
    sa.Column('description', sa.String(length=500), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_clusters'),
    sa.UniqueConstraint('name', name='uq_clusters_name'),
    sqlite_autoincrement=True,
    )
    op.create_table('credentials',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('description', sa.String(length=500), nullable=True),
    sa.Column('seal_id', sa.String(length=32), nullable=False),
    sa.Column('password_key_id', sa.String(length=64), nullable=False),
    sa.Column('password_blob', sa.LargeBinary(), nullable=False),
    sa.Column('bindings', sa.JSON(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_credentials'),
    sa.UniqueConstraint('name', name='uq_credentials_name'),
    sqlite_autoincrement=True,
    )
    op.create_table('environments',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=50), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=True),
    sa.Column('is_production', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_environments'),
    sa.UniqueConstraint('key', name='uq_environments_key'),
    sqlite_autoincrement=True,
    )
    op.create_table('key_probes',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('seal_id', sa.String(length=32), nullable=False),
    sa.Column('key_id', sa.String(length=64), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_key_probes'),
    sqlite_autoincrement=True,
    )
    op.create_table('tags',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('color', sa.String(length=7), nullable=True),
    sa.Column('description', sa.String(length=500), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_tags'),
    sa.UniqueConstraint('name', name='uq_tags_name'),
    sqlite_autoincrement=True,
    )
    op.create_table('users',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('password_hash', sa.String(length=256), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_users'),
    sa.UniqueConstraint('username', name='uq_users_username'),
    sqlite_autoincrement=True,
    )
    op.create_table('credential_endpoints',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('credential_id', BIG_ID, nullable=False),
    sa.Column('db_type', sa.String(length=20), nullable=False),
    sa.Column('host_key', sa.String(length=255), nullable=False),
    sa.Column('port', sa.Integer(), nullable=False),
    sa.Column('bound_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['credential_id'], ['credentials.id'], name='fk_credential_endpoints_credential_id_credentials', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_credential_endpoints'),
    sa.UniqueConstraint('credential_id', 'db_type', 'host_key', 'port', name='uq_credential_endpoints_credential_id_db_type_host_key_port'),
    sqlite_autoincrement=True,
    )
    op.create_table('instances',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('db_type', sa.String(length=20), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('host_key', sa.String(length=255), nullable=False),
    sa.Column('port', sa.Integer(), nullable=False),
    sa.Column('database_name', sa.String(length=64), nullable=True),
    sa.Column('service_name', sa.String(length=128), nullable=True),
    sa.Column('sid', sa.String(length=128), nullable=True),
    sa.Column('instance_name', sa.String(length=128), nullable=True),
    sa.Column('description', sa.String(length=500), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('environment_id', BIG_ID, nullable=True),
    sa.Column('owner', sa.String(length=100), nullable=True),
    sa.Column('contact', sa.String(length=100), nullable=True),
    sa.Column('location', sa.String(length=100), nullable=True),
    sa.Column('criticality', sa.Integer(), nullable=True),
    sa.Column('lifecycle', sa.String(length=20), nullable=False),
    sa.Column('endpoint_kind', sa.String(length=20), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('flavour', sa.String(length=50), nullable=True),
    sa.Column('cluster_id', BIG_ID, nullable=True),
    sa.Column('credential_id', BIG_ID, nullable=True),
    sa.Column('custom', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('muted_until', MOMENT, nullable=True),
    sa.Column('main_version', sa.String(length=50), nullable=True),
    sa.Column('database_version', sa.String(length=255), nullable=True),
    sa.Column('detailed_version', sa.String(length=500), nullable=True),
    sa.Column('active_db_count', sa.Integer(), nullable=True),
    sa.Column('active_account_count', sa.Integer(), nullable=True),
    sa.Column('last_sync_time', MOMENT, nullable=True),
    sa.Column('last_connected', MOMENT, nullable=True),
    sa.Column('deleted_at', MOMENT, nullable=True),
    sa.Column('deleted_by_id', BIG_ID, nullable=True),
    sa.Column('delete_reason', sa.String(length=500), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cluster_id'], ['clusters.id'], name='fk_instances_cluster_id_clusters'),
    sa.ForeignKeyConstraint(['credential_id'], ['credentials.id'], name='fk_instances_credential_id_credentials'),
    sa.ForeignKeyConstraint(['deleted_by_id'], ['users.id'], name='fk_instances_deleted_by_id_users'),
    sa.ForeignKeyConstraint(['environment_id'], ['environments.id'], name='fk_instances_environment_id_environments'),
    sa.PrimaryKeyConstraint('id', name='pk_instances'),
    sa.UniqueConstraint('name', name='uq_instances_name'),
    sqlite_autoincrement=True,
    )
    op.create_index('ix_instances_cluster_id', 'instances', ['cluster_id'])
    op.create_index('ix_instances_credential_id', 'instances', ['credential_id'])
    op.create_index('ix_instances_deleted_at_created_at_id', 'instances', ['deleted_at', 'created_at', 'id'])
    op.create_index('ix_instances_endpoint', 'instances', ['db_type', 'host_key', 'port'])
    op.create_index('ix_instances_environment_id', 'instances', ['environment_id'])
    op.create_table('login_failures',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('name_key', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_login_failures'),
    sqlite_autoincrement=True,
    )
    op.create_index('ix_login_failures_address_at', 'login_failures', ['address', 'at'])
    op.create_index('ix_login_failures_at', 'login_failures', ['at'])
    op.create_index('ix_login_failures_name_key_at', 'login_failures', ['name_key', 'at'])
    op.create_table('sessions',
    sa.Column('id_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', BIG_ID, nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_seen_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_sessions_user_id_users', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id_hash', name='pk_sessions')
    )
    op.create_index('ix_sessions_last_seen_at', 'sessions', ['last_seen_at'])
    op.create_index('ix_sessions_user_id', 'sessions', ['user_id'])
    op.create_table('instance_external_ids',
    sa.Column('id', BIG_ID, autoincrement=True, nullable=False),
    sa.Column('instance_id', BIG_ID, nullable=False),
    sa.Column('system', sa.String(length=50), nullable=False),
    sa.Column('external_id', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instances.id'], name='fk_instance_external_ids_instance_id_instances', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_instance_external_ids'),
    sa.UniqueConstraint('instance_id', 'system', name='uq_instance_external_ids_instance_id_system'),
    sa.UniqueConstraint('system', 'external_id', name='uq_instance_external_ids_system_external_id'),
    sqlite_autoincrement=True,
    )
    op.create_table('instance_tags',
    sa.Column('instance_id', BIG_ID, nullable=False),
    sa.Column('tag_id', BIG_ID, nullable=False),
    sa.ForeignKeyConstraint(['instance_id'], ['instances.id'], name='fk_instance_tags_instance_id_instances', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tags.id'], name='fk_instance_tags_tag_id_tags'),
    sa.PrimaryKeyConstraint('instance_id', 'tag_id', name='pk_instance_tags')
    )
    op.create_index('ix_instance_tags_tag_id', 'instance_tags', ['tag_id'])

    now = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    table = sa.table(
        "environments",
        sa.column("key"),
        sa.column("name"),
        sa.column("is_production"),
        sa.column("position"),
        sa.column("created_at", MOMENT),
        sa.column("updated_at", MOMENT),
        sa.column("version"),
    )
    op.bulk_insert(
        table,
        [
            {
                "key": key,
                "name": name,
                "is_production": is_production,
                "position": position,
                "created_at": now,
                "updated_at": now,
                "version": 1,
            }
            for position, (key, name, is_production) in enumerate(ENVIRONMENTS, start=1)
        ],
    )


def downgrade() -> None:
    op.drop_index('ix_instance_tags_tag_id', table_name='instance_tags')
    op.drop_table('instance_tags')
    op.drop_table('instance_external_ids')
    op.drop_index('ix_sessions_user_id', table_name='sessions')
    op.drop_index('ix_sessions_last_seen_at', table_name='sessions')
    op.drop_table('sessions')
    op.drop_index('ix_login_failures_name_key_at', table_name='login_failures')
    op.drop_index('ix_login_failures_at', table_name='login_failures')
    op.drop_index('ix_login_failures_address_at', table_name='login_failures')
    op.drop_table('login_failures')
    op.drop_index('ix_instances_environment_id', table_name='instances')
    op.drop_index('ix_instances_endpoint', table_name='instances')
    op.drop_index('ix_instances_deleted_at_created_at_id', table_name='instances')
    op.drop_index('ix_instances_credential_id', table_name='instances')
    op.drop_index('ix_instances_cluster_id', table_name='instances')
    op.drop_table('instances')
    op.drop_table('credential_endpoints')
    op.drop_table('users')
    op.drop_table('tags')
    op.drop_table('key_probes')
    op.drop_table('environments')
    op.drop_table('credentials')
    op.drop_table('clusters')
    op.drop_index('ix_audit_events_entity_type_entity_id_id', table_name='audit_events')
    op.drop_index('ix_audit_events_at', table_name='audit_events')
    op.drop_table('audit_events')
