"""Migrations go up and down with rows in the tables, end where the models are, and never half way."""

import shutil
from datetime import UTC, datetime
from functools import partial

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from app import models
from app.core.db import Base, Database, schema
from app.core.db.options import StoreUnusable
from app.core.db.schema import check_current, current, ensure_current, migrate, revisions
from tests.support.store import new_place

NOW = datetime(2027, 1, 31, tzinfo=UTC)
A_SEAL = partial(
    models.AuditSeal, number=1, previous="0", last_id=1, digests=[], until=NOW, sealed_at=NOW, hash="h", mac="m"
)


@pytest.fixture
def empty(tmp_path):
    database = Database(new_place(tmp_path), pool_size=2)
    yield database
    database.close()


@pytest.fixture
def full(empty):
    """A store at the newest schema with a row in every table."""
    migrate(empty.engine, "head")
    with empty.transaction() as session:
        user = models.User(username="ann", password_hash="x", role="admin")
        credential = models.Credential(
            name="c", username="u", seal_id="s", password_key_id="k", password_blob=b"b", bindings={}
        )
        tag, cluster = models.Tag(name="core"), models.Cluster(name="c", kind="other")
        session.add_all([user, credential, tag, cluster])
        session.flush()
        endpoint = {"db_type": "mysql", "host": "db1", "host_key": "db1", "port": 3306}
        kinds = {"is_active": True, "lifecycle": "active", "endpoint_kind": "server", "platform": "self_hosted"}
        refers = {"credential_id": credential.id, "admin_credential_id": credential.id, "cluster_id": cluster.id}
        kinds |= {"tls_mode": "verify-ca", "tls_legacy": True, "deadline_ms": 60_000, "tls_client_key_blob": b"b"}
        instance = models.Instance(name="orders-01", **endpoint, **kinds, **refers)
        session.add(instance)
        session.flush()
        session.add_all(
            [
                models.InstanceExternalId(instance_id=instance.id, system="cmdb", external_id="1"),
                models.CredentialEndpoint(
                    credential_id=credential.id, db_type="mysql", host_key="db1", port=3306, bound_at=NOW
                ),
                models.KeyProbe(seal_id="s", key_id="k", blob=b"b"),
                models.UserSession(id_hash="h", user_id=user.id, address="::1", created_at=NOW, last_seen_at=NOW),
                models.KeptAnswer(
                    user_id=user.id, key="k", fingerprint="f", status=201, headers={}, body=b"{}", at=NOW
                ),
                models.Import(at=NOW, actor_name="ann", file_name="x.csv", summary={}, rows=[]),
                models.ApiToken(
                    user_id=user.id, name="ci", secret_hash="h", role="dba", networks=[], created_at=NOW, expires_at=NOW
                ),
                models.Process(process_id="p", host="h", pid=1, started_at=NOW, seen_at=NOW, key_ids=["k"]),
                models.LoginFailure(name_key="n", address="::1", at=NOW),
                A_SEAL(),
                *what_checks_leave(credential, instance),
                models.AuditEvent(
                    at=NOW, actor_name="ann", action="tag.create", entity_type="tag", source="cli", changes=[]
                ),
            ]
        )
        session.flush()
        step = {"position": 1, "step": "guard", "outcome": "ok", "took_ms": 0, "detail": {}}
        session.add(models.CheckStep(check_id=session.scalar(select(models.Check.id)), **step))
        session.execute(Base.metadata.tables["instance_tags"].insert().values(instance_id=instance.id, tag_id=tag.id))
    return empty


def what_checks_leave(credential: models.Credential, instance: models.Instance) -> list[Base]:
    where = {"db_type": "mysql", "host_key": "db1", "port": 3306}
    check = {"host": "db1", "actor_name": "ann", "source": "api", "attended": True, "started_at": NOW}
    return [
        models.Check(instance_id=instance.id, deadline_at=NOW, **where, **check),
        models.LoginSuspension(credential_id=credential.id, login_key="k", refusals=1, since=NOW, **where),
        models.Fingerprint(instance_id=instance.id, strength="strong", since=NOW, seen_at=NOW),
    ]


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


# What SQLAlchemy's models cannot say: the index of searches, and an order that SQLite has anyway.
_UNMODELLED = ("instance_grams", "ix_instances_grams", "ix_instances_name_by_code_point", "ix_instances_live_by_")


def _is_modelled(_thing, name, *_) -> bool:
    return not str(name).startswith(_UNMODELLED)


class TestMigrations:
    def test_end_where_the_models_are(self, empty):
        ensure_current(empty.engine)

        with empty.engine.connect() as connection:
            options = {"compare_type": True, "render_as_batch": True, "include_object": _is_modelled}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, Base.metadata) == []

    def test_fill_every_table_in_the_fixture_of_this_file(self, full):
        with full.snapshot() as session:
            empty_ones = [name for name in Base.metadata.tables if not _count(session, name)]

        assert empty_ones == []

    @pytest.mark.parametrize("lower", [*revisions()[:-1], "base"])
    def test_go_down_and_up_again_with_rows_in_the_tables(self, full, lower):
        migrate(full.engine, lower)

        assert current(full.engine) == (None if lower == "base" else lower)
        migrate(full.engine, "head")
        assert current(full.engine) == revisions()[-1]

    def test_leave_nothing_at_base(self, full):
        migrate(full.engine, "base")

        assert tables(full) - {"sqlite_sequence"} == {"alembic_version"}

    def test_bring_the_known_environments(self, empty):
        ensure_current(empty.engine)

        with empty.snapshot() as session:
            found = session.execute(text("SELECT key, is_production FROM environments ORDER BY position")).all()
        assert [tuple(row) for row in found] == [
            ("production", 1),
            ("staging", 0),
            ("test", 0),
            ("development", 0),
            ("disaster_recovery", 1),
        ]

    @pytest.mark.sqlite
    def test_leave_references_enforced(self, empty):
        ensure_current(empty.engine)

        with empty.engine.connect() as connection:
            assert connection.connection.dbapi_connection.execute("PRAGMA foreign_keys").fetchone() == (1,)

    def test_run_once(self, empty):
        ensure_current(empty.engine)
        with empty.transaction() as session:
            session.execute(text("DELETE FROM environments WHERE key = 'staging'"))

        ensure_current(empty.engine)

        with empty.snapshot() as session:
            assert _count(session, "environments") == 4


def _count(session, table: str) -> int:
    return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


class TestAMigrationThatFails:
    @pytest.fixture
    def planted(self, tmp_path, monkeypatch):
        """The migrations and one more, whose body is given."""
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder)

        def plant(body: str) -> None:
            (folder / "versions" / "9999_planted.py").write_text(
                "from alembic import op\n\n"
                f"revision = '9999'\ndown_revision = '{revisions()[-1]}'\n\n"
                f"def upgrade():\n    {body}\n\ndef downgrade():\n    pass\n",
                encoding="utf-8",
            )
            monkeypatch.setattr(schema, "MIGRATIONS", folder)
            revisions.cache_clear()

        yield plant
        monkeypatch.undo()
        revisions.cache_clear()

    def test_leaves_nothing_behind(self, empty, planted):
        ensure_current(empty.engine)
        before = tables(empty), revisions()[-1]
        planted("op.execute('CREATE TABLE half (id INTEGER)'); op.execute('SELECT 1 FROM nowhere')")

        with pytest.raises(Exception, match="nowhere"):
            ensure_current(empty.engine)

        assert (tables(empty), current(empty.engine)) == before

    @pytest.mark.sqlite  # PostgreSQL refuses at the statement
    def test_leaves_nothing_behind_when_it_breaks_a_reference(self, full, planted):
        newest = revisions()[-1]
        planted("op.execute('DELETE FROM clusters')")

        with pytest.raises(RuntimeError, match="broken references; nothing was changed"):
            ensure_current(full.engine)

        with full.snapshot() as session:
            assert _count(session, "clusters") == 1
        assert current(full.engine) == newest

    def test_leaves_an_empty_store_empty(self, empty, planted):
        planted("op.execute('SELECT 1 FROM nowhere')")

        with pytest.raises(Exception, match="nowhere"):
            ensure_current(empty.engine)

        assert tables(empty) == set()


class TestAStoreThatIsOnlyOpened:
    def test_is_refused_when_it_is_empty(self, empty):
        with pytest.raises(StoreUnusable, match="no schema of Muster: run `muster db upgrade`"):
            check_current(empty.engine)

        assert tables(empty) == set()

    def test_is_refused_when_it_is_older_and_both_revisions_are_named(self, full, monkeypatch):
        known = revisions()
        monkeypatch.setattr(schema, "revisions", lambda: (*known, "9999"))

        with pytest.raises(StoreUnusable, match=f"revision {known[-1]}, and this Muster needs 9999: .*db upgrade"):
            check_current(full.engine)

    def test_is_refused_when_it_is_newer(self, full):
        with full.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0999_later'"))

        with pytest.raises(StoreUnusable, match=f"revision 0999_later, .*newest is {revisions()[-1]}.* newer Muster"):
            check_current(full.engine)

    def test_is_taken_when_it_is_current(self, full):
        check_current(full.engine)


class TestTheRevision:
    def test_of_an_empty_store_is_none(self, empty):
        assert current(empty.engine) is None

    def test_is_read_without_the_write_lock(self, full):
        with full.transaction() as session:
            session.execute(text("SELECT 1"))

            assert current(full.engine) == revisions()[-1]

    def test_of_a_newer_muster_is_refused_by_name(self, full):
        with full.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '0999_later'"))

        with pytest.raises(StoreUnusable, match=f"revision 0999_later, .*newest is {revisions()[-1]}.* newer Muster"):
            ensure_current(full.engine)

        assert current(full.engine) == "0999_later"
