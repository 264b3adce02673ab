"""`muster` on a PostgreSQL database: when it starts, when it refuses to, and what it says."""

import json
from urllib.parse import quote_plus

import pytest
from sqlalchemy import URL

from app.core.db.schema import revisions
from tests.support import postgresql
from tests.support.api import an_instance
from tests.support.server import run, serving
from tests.support.store import KEYS, migrated


@pytest.fixture
def prepared():
    """A database at the newest schema, without a user."""
    url = postgresql.new_database(template=migrated())
    yield url
    postgresql.drop(url)


def on(url: URL, **more: object) -> dict[str, object]:
    return {"database_url": postgresql.text_of(url), "keys": KEYS, **more}


def set_revision(url: URL, revision: str) -> None:
    with postgresql.as_admin(database=url.database) as cursor:
        cursor.execute("UPDATE alembic_version SET version_num = %s", (revision,))


def refusal(*arguments: str, folder, **settings: object) -> str:
    done = run(*arguments, folder=folder, **settings)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "Traceback" not in done.stderr
    assert not [form for form in (postgresql.PASSWORD, quote_plus(postgresql.PASSWORD)) if form in done.stderr]
    return done.stderr.removeprefix("Error: ").rstrip()


class TestAnEmptyDatabase:
    def test_is_not_served_until_its_schema_is_made(self, url, tmp_path):
        settings = on(url)

        assert "run `muster db upgrade`" in refusal("serve", folder=tmp_path / "data", **settings)
        done = run("db", "upgrade", folder=tmp_path / "data", **settings)
        assert done.stdout == f"The store is at revision {revisions()[-1]}.\n", done

        with serving(tmp_path / "data", workers=2, **settings) as server, server.caller() as admin:
            assert admin.post("/api/v1/instances", an_instance()).status_code == 201
            assert "127.0.0.1" in server.log
            assert postgresql.PASSWORD not in server.log
            assert quote_plus(postgresql.PASSWORD) not in server.log
        assert not (tmp_path / "data").exists(), "with a server nothing lies in the data folder"


class TestAnotherSchema:
    def test_that_is_newer_is_refused_by_name(self, prepared, tmp_path):
        set_revision(prepared, "0999")

        for command in ("serve", "upgrade"):
            words = ("serve",) if command == "serve" else ("db", command)
            sentence = refusal(*words, folder=tmp_path / "data", **on(prepared))
            assert sentence.startswith("The store is at schema revision 0999, which this Muster does not know")

    def test_is_shown_by_current(self, prepared, tmp_path):
        set_revision(prepared, "0999")

        done = run("db", "current", folder=tmp_path / "data", **on(prepared))

        assert done.stdout == f"0999 (newest: {revisions()[-1]})\n"


class TestAMissingKey:
    def test_stops_the_start_and_none_is_made(self, prepared, tmp_path):
        sentence = refusal("serve", folder=tmp_path / "data", **on(prepared, keys=None))

        assert "no key is made" in sentence
        assert "MUSTER_KEYS" in sentence
        assert not (tmp_path / "data").exists()
        with postgresql.as_admin(database=prepared.database) as cursor:
            assert cursor.execute("SELECT count(*) FROM key_probes").fetchone() == (0,)

    def test_may_lie_in_the_data_folder(self, prepared, tmp_path):
        (tmp_path / "data").mkdir(mode=0o700)
        (tmp_path / "data" / "keys").write_text(KEYS, encoding="ascii")

        assert run("user", "list", folder=tmp_path / "data", **on(prepared, keys=None)).returncode == 0


class TestADatabaseThatDoesNotFit:
    @pytest.mark.parametrize("locale", ["LC_COLLATE 'C' LC_CTYPE 'C'", "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C'"])
    def test_is_refused_before_anything_is_made_in_it(self, url, tmp_path, locale):
        postgresql.drop(url)
        with postgresql.as_admin() as cursor:
            cursor.execute(
                f"CREATE DATABASE {url.database} OWNER {url.username} TEMPLATE template0 ENCODING 'UTF8' {locale}"
            )

        sentence = refusal("db", "upgrade", folder=tmp_path / "data", **on(url.set(drivername="postgresql")))

        assert "CREATE DATABASE muster TEMPLATE template0 ENCODING 'UTF8'" in sentence
        with postgresql.as_admin(database=url.database) as cursor:
            assert cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


class TestAServerThatIsNotThere:
    def test_is_told_in_one_sentence(self, url, tmp_path):
        gone = url.set(drivername="postgresql", port=1)

        assert "Connection refused" in refusal("serve", folder=tmp_path / "data", **on(gone))

    def test_with_a_wrong_password_too(self, url, tmp_path):
        wrong = url.set(drivername="postgresql", password="planted-password")

        sentence = refusal("db", "current", folder=tmp_path / "data", **on(wrong))

        assert "password authentication failed" in sentence
        assert "planted-password" not in json.dumps(sentence)
