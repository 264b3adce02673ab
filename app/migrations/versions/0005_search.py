"""Search: the folded text of an instance, and an index of all its parts of one to three characters.

The index finds candidates for a term of any length in any script; whoever searches compares the text itself.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BATCH = 1000

# Hexadecimal, so that no character is one that the tokenizer would fold or drop.
_GRAMS = """
    SELECT group_concat(
        hex(substr({row}.search_text, place.n, 1)) || ' ' || hex(substr({row}.search_text, place.n, 2)) || ' '
        || hex(substr({row}.search_text, place.n, 3)), ' ')
    FROM (
        WITH RECURSIVE places (n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM places WHERE n < length({row}.search_text)
        ) SELECT n FROM places
    ) AS place
"""
_OLD, _NEW = _GRAMS.format(row="old"), _GRAMS.format(row="new")
_ADD = f"INSERT INTO instance_grams (rowid, grams) VALUES (new.id, ({_NEW}));"
_REMOVE = f"INSERT INTO instance_grams (instance_grams, rowid, grams) VALUES ('delete', old.id, ({_OLD}));"
_FILL = f"INSERT INTO instance_grams (rowid, grams) SELECT new.id, ({_NEW}) FROM instances AS new"
_SQLITE = (
    "CREATE VIRTUAL TABLE instance_grams"
    " USING fts5(grams, content='', detail='none', columnsize=0, tokenize='ascii')",
    f"CREATE TRIGGER instance_grams_insert AFTER INSERT ON instances BEGIN {_ADD} END",
    f"CREATE TRIGGER instance_grams_delete AFTER DELETE ON instances BEGIN {_REMOVE} END",
    "CREATE TRIGGER instance_grams_update AFTER UPDATE OF search_text ON instances"
    f" WHEN old.search_text <> new.search_text BEGIN {_REMOVE} {_ADD} END",
)
_POSTGRESQL = (
    """
    CREATE FUNCTION muster_grams(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT array_agg(substr($1, place, 1)) || array_agg(substr($1, place, 2)) || array_agg(substr($1, place, 3))
        FROM generate_series(1, length($1)) AS place
    $$
    """,
    # Without fastupdate: every search would read the list of what is not in the index yet.
    "CREATE INDEX ix_instances_grams ON instances USING gin (muster_grams(search_text)) WITH (fastupdate = off)",
    # The planner cannot be left to choose: it would rather call muster_grams for every row than build a bitmap,
    # and compile the plan first.
    # A term that many of the first rows hold is common; for those the index would return most of the table.
    """
    CREATE FUNCTION muster_instances_holding(term text, grams text[], most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE
    SET enable_seqscan = off
    SET max_parallel_workers_per_gather = 0
    SET jit = off
    AS $$
    BEGIN
        IF (
            SELECT count(*) FROM (SELECT search_text FROM instances LIMIT 2000) AS sample
            WHERE strpos(search_text, term) > 0
        ) > 200 THEN
            RETURN QUERY SELECT CAST(generate_series(1, most) AS bigint);
        ELSE
            RETURN QUERY SELECT id FROM instances WHERE muster_grams(search_text) @> grams LIMIT most;
        END IF;
    END
    $$
    """,
    'CREATE INDEX ix_instances_name_by_code_point ON instances (name COLLATE "C", id)',
    # An index that begins with deleted_at gives no order here, even where deleted_at is null for all that is read.
    "CREATE INDEX ix_instances_live_by_created_at ON instances (created_at, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_instances_live_by_updated_at ON instances (updated_at, id) WHERE deleted_at IS NULL",
)


def upgrade() -> None:
    op.add_column("instances", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    _fold_what_is_there()
    op.create_index("ix_instances_deleted_at_updated_at_id", "instances", ["deleted_at", "updated_at", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
        op.execute(_FILL)
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)


def _fold_what_is_there() -> None:
    instances = sa.table(
        "instances",
        *(sa.column(name) for name in ("id", "name", "host", "description", "search_text")),
    )
    texts = sa.select(instances.c.id, instances.c.name, instances.c.host, instances.c.description)
    fold = instances.update().where(instances.c.id == sa.bindparam("this")).values(search_text=sa.bindparam("folded"))
    bind, last = op.get_bind(), 0
    while rows := bind.execute(texts.where(instances.c.id > last).order_by(instances.c.id).limit(_BATCH)).all():
        bind.execute(fold, [{"this": row.id, "folded": _folded(row.name, row.host, row.description)} for row in rows])
        last = rows[-1].id


def _folded(name, host, description) -> str:
    return "\x1f" + "\x1e".join(part.lower() for part in (name, host, description or ""))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("DROP TRIGGER instance_grams_insert", "DROP TRIGGER instance_grams_delete",
                        "DROP TRIGGER instance_grams_update"):
            op.execute(trigger)
        op.execute("DROP TABLE instance_grams")
    else:
        op.execute("DROP INDEX ix_instances_live_by_updated_at")
        op.execute("DROP INDEX ix_instances_live_by_created_at")
        op.execute("DROP INDEX ix_instances_name_by_code_point")
        op.execute("DROP FUNCTION muster_instances_holding(text, text[], integer)")
        op.execute("DROP INDEX ix_instances_grams")
        op.execute("DROP FUNCTION muster_grams(text)")
    op.drop_index("ix_instances_deleted_at_updated_at_id", table_name="instances")
    op.drop_column("instances", "search_text")
