"""How an instance is connected to: TLS, times, a second login; and under which TLS a credential was bound.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FOREIGN_KEY = "fk_instances_admin_credential_id_credentials"
SQLITE_REFERENCE = """
ALTER TABLE instances ADD COLUMN admin_credential_id INTEGER
CONSTRAINT fk_instances_admin_credential_id_credentials REFERENCES credentials (id)
"""
# Who may receive a secret is told by its endpoints, so another TLS is another version of the credential.
SQLITE = """
CREATE TRIGGER credential_endpoints_recount AFTER UPDATE ON credential_endpoints
BEGIN
    UPDATE credentials SET version = version + 1, updated_at = NEW.bound_at WHERE id = NEW.credential_id;
END
"""
TRIGGER = """
CREATE TRIGGER credential_endpoints_recount AFTER UPDATE ON credential_endpoints
FOR EACH ROW EXECUTE FUNCTION credential_endpoints_count()
"""



def of_instances() -> list[sa.Column]:
    return [
        sa.Column("tls_mode", sa.String(length=20), nullable=True),
        sa.Column("tls_ca", sa.Text(), nullable=True),
        sa.Column("tls_client_cert", sa.Text(), nullable=True),
        sa.Column("tls_client_key_seal_id", sa.String(length=32), nullable=True),
        sa.Column("tls_client_key_key_id", sa.String(length=64), nullable=True),
        sa.Column("tls_client_key_blob", sa.LargeBinary(), nullable=True),
        sa.Column("tls_client_key_digest", sa.String(length=64), nullable=True),
        sa.Column("tls_legacy", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("connect_timeout_ms", sa.Integer(), nullable=False, server_default="3000"),
        sa.Column("statement_timeout_ms", sa.Integer(), nullable=False, server_default="5000"),
        sa.Column("deadline_ms", sa.Integer(), nullable=False, server_default="15000"),
    ]


def of_endpoints() -> list[sa.Column]:
    """What was bound before had no choice: encrypted, nothing verified."""
    return [
        sa.Column("tls_mode", sa.String(length=20), nullable=False, server_default="require"),
        sa.Column("tls_ca_digest", sa.String(length=64), nullable=True),
        sa.Column("tls_legacy", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for column in of_instances():
        op.add_column("instances", column)
    for column in of_endpoints():
        op.add_column("credential_endpoints", column)
    if on_sqlite:  # to add a reference, Alembic would rebuild the table, and the triggers of searches with it
        op.execute(SQLITE_REFERENCE)
    else:
        op.add_column("instances", sa.Column("admin_credential_id", BIG_ID, nullable=True))
        op.create_foreign_key(_FOREIGN_KEY, "instances", "credentials", ["admin_credential_id"], ["id"])
    op.create_index("ix_instances_admin_credential_id", "instances", ["admin_credential_id"])
    op.execute(SQLITE if on_sqlite else TRIGGER)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        op.execute("DROP TRIGGER credential_endpoints_recount")
    else:
        op.execute("DROP TRIGGER credential_endpoints_recount ON credential_endpoints")
    op.drop_index("ix_instances_admin_credential_id", table_name="instances")
    if not on_sqlite:
        op.drop_constraint(_FOREIGN_KEY, "instances", type_="foreignkey")
    op.drop_column("instances", "admin_credential_id")
    for column in reversed(of_endpoints()):
        op.drop_column("credential_endpoints", column.name)
    for column in reversed(of_instances()):
        op.drop_column("instances", column.name)
