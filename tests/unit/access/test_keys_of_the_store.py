"""The key of a store: made once for a new one, proven at every start, never replaced in silence."""

import shutil
import stat

import pytest
from sqlalchemy import delete

from app.core.crypto import KeysUnusable, write_private
from app.core.db import Database, install, snapshot, transaction
from app.domain.credentials.keys import open_keys
from app.models import Credential, KeyProbe
from tests.support.store import make_settings

pytestmark = pytest.mark.sqlite  # with a server no key is ever made

KEY, OTHER = "k1:" + "A" * 43 + "=", "k1:" + "B" * 42 + "A="
CELL = {"table": "t", "column": "c", "seal_id": "s"}


@pytest.fixture
def fresh(tmp_path, bare_store):
    """Settings of a store that has tables and nothing in them."""
    settings = make_settings(tmp_path)
    shutil.copy(bare_store, settings.database_path)
    database = Database(settings.database_path)
    install(database)
    yield settings
    database.close()


def probes() -> int:
    with snapshot() as session:
        return session.query(KeyProbe).count()


def with_keys(settings, keys: str):
    return make_settings(settings.data_dir, keys=keys)


class TestANewStore:
    def test_gets_a_private_key_and_a_proof_of_it(self, fresh):
        ring = open_keys(fresh)

        assert stat.S_IMODE(fresh.keys_path.stat().st_mode) == 0o600
        assert probes() == 1
        assert open_keys(fresh).open(ring.seal("x", **CELL), **CELL) == "x"

    def test_writes_no_key_when_the_settings_have_one(self, fresh):
        open_keys(with_keys(fresh, KEY))

        assert not fresh.keys_path.exists()
        assert probes() == 1

    def test_has_its_key_on_disk_before_the_proof_is_committed(self, fresh, monkeypatch):
        seen = []

        def write(path, text) -> None:
            seen.append(probes())
            write_private(path, text)

        monkeypatch.setattr("app.core.crypto.write_private", write)

        open_keys(fresh)

        assert seen == [0]

    def test_uses_the_key_of_a_start_that_died_before_the_proof(self, fresh):
        fresh.keys_path.write_text(KEY, encoding="utf-8")

        assert open_keys(fresh).active_id == "k1"
        assert fresh.keys_path.read_text(encoding="utf-8") == KEY


class TestAStoreWithAProof:
    def test_takes_its_key_from_the_settings_as_well(self, fresh):
        sealed = open_keys(with_keys(fresh, KEY)).seal("x", **CELL)
        fresh.keys_path.write_text(KEY, encoding="utf-8")

        assert open_keys(fresh).open(sealed, **CELL) == "x"

    def test_accepts_a_ring_in_which_another_key_seals_now(self, fresh):
        open_keys(with_keys(fresh, KEY))

        assert open_keys(with_keys(fresh, f"k2:{'C' * 42}A=,{KEY}")).active_id == "k2"

    def test_refuses_another_key_of_the_same_name(self, fresh):
        open_keys(with_keys(fresh, KEY))

        with pytest.raises(KeysUnusable, match="MUSTER_KEYS does not hold it"):
            open_keys(with_keys(fresh, OTHER))

    def test_refuses_a_ring_without_its_key(self, fresh):
        open_keys(with_keys(fresh, KEY))

        with pytest.raises(KeysUnusable, match="'k1', and MUSTER_KEYS does not hold it"):
            open_keys(with_keys(fresh, OTHER.replace("k1", "k2")))

    def test_gets_no_new_key_when_its_own_is_missing(self, fresh):
        open_keys(fresh)
        fresh.keys_path.unlink()

        with pytest.raises(KeysUnusable, match=rf"there is no key: restore {fresh.keys_path} or set MUSTER_KEYS"):
            open_keys(fresh)

        assert not fresh.keys_path.exists()

    @pytest.mark.parametrize("content", [b"", b"planted", b"\xff\xfe\x00"])
    def test_refuses_a_broken_file_and_shows_nothing_of_it(self, fresh, content):
        open_keys(fresh)
        fresh.keys_path.write_bytes(content)

        with pytest.raises(KeysUnusable) as caught:
            open_keys(fresh)

        assert "planted" not in str(caught.value)


class TestAStoreWithSecretsAndNoProof:
    def test_gets_no_new_key(self, fresh):
        open_keys(fresh)
        fresh.keys_path.unlink()
        with transaction() as session:
            session.execute(delete(KeyProbe))
            session.add(
                Credential(name="c", username="u", seal_id="s", password_key_id="k", password_blob=b"b", bindings={})
            )

        with pytest.raises(KeysUnusable, match="no proof of its key"):
            open_keys(fresh)

        assert not fresh.keys_path.exists()
        assert probes() == 0
