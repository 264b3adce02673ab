"""Sealed secrets open in their own cell, with their own key, unaltered, or not at all."""

import base64
import stat

import pytest

from app.core.crypto import (
    Key,
    KeyRing,
    KeysUnusable,
    Sealed,
    create_keys_file,
    new_seal_id,
    new_token,
    parse_keys,
    token_hash,
    write_private,
)

CELL = {"table": "credentials", "column": "password", "seal_id": "a1"}


def encoded(byte: int) -> str:
    return base64.b64encode(bytes([byte]) * 32).decode()


def ring(*bytes_: int) -> KeyRing:
    return KeyRing([Key(f"k{byte}", bytes([byte]) * 32) for byte in bytes_])


class TestSealing:
    @pytest.mark.parametrize("secret", ["s3cret", "", "密码 \U0001f511", "x" * 1024])
    def test_opens_to_what_was_sealed(self, secret):
        keys = ring(1)

        assert keys.open(keys.seal(secret, **CELL), **CELL) == secret

    def test_never_seals_the_same_text_to_the_same_bytes(self):
        keys = ring(1)

        assert keys.seal("s3cret", **CELL).blob != keys.seal("s3cret", **CELL).blob

    def test_holds_no_byte_of_the_secret(self):
        sealed = ring(1).seal("planted-secret", **CELL)

        assert b"planted" not in sealed.blob
        assert "blob" not in repr(sealed)

    def test_seals_with_the_first_key_and_opens_with_any(self):
        old, both = ring(1), ring(2, 1)

        assert both.seal("new", **CELL).key_id == "k2"
        assert both.open(old.seal("old", **CELL), **CELL) == "old"


class TestOpeningRefuses:
    @pytest.mark.parametrize("moved", [{"table": "users"}, {"column": "token"}, {"seal_id": "b2"}])
    def test_a_cell_that_was_moved(self, moved):
        keys = ring(1)
        sealed = keys.seal("s3cret", **CELL)

        with pytest.raises(KeysUnusable, match="wrong key, or altered data"):
            keys.open(sealed, **{**CELL, **moved})

    def test_a_boundary_that_was_shifted_between_table_and_column(self):
        keys = ring(1)
        sealed = keys.seal("s3cret", table="ab", column="c", seal_id="d")

        with pytest.raises(KeysUnusable):
            keys.open(sealed, table="a", column="bc", seal_id="d")

    @pytest.mark.parametrize("position", [0, 12, -1])
    def test_a_cell_with_one_bit_changed(self, position):
        keys = ring(1)
        blob = bytearray(keys.seal("s3cret", **CELL).blob)
        blob[position] ^= 1

        with pytest.raises(KeysUnusable):
            keys.open(Sealed("k1", bytes(blob)), **CELL)

    @pytest.mark.parametrize("length", [0, 7, 12, 27])
    def test_a_cell_that_was_cut(self, length):
        keys = ring(1)

        with pytest.raises(KeysUnusable):
            keys.open(Sealed("k1", keys.seal("s3cret", **CELL).blob[:length]), **CELL)

    def test_a_key_that_is_not_on_the_ring(self):
        with pytest.raises(KeysUnusable, match=r"'k1' that sealed credentials\.password is not on the ring"):
            ring(2).open(ring(1).seal("s3cret", **CELL), **CELL)

    def test_another_key_under_the_same_name_even_for_an_empty_secret(self):
        other = KeyRing([Key("k1", bytes(32))])

        with pytest.raises(KeysUnusable):
            other.open(ring(1).seal("", **CELL), **CELL)


class TestARing:
    def test_is_read_from_commas_and_lines(self):
        keys = parse_keys(f"new:{encoded(2)},\n old:{encoded(1)}\n\n")

        assert keys.active_id == "new"
        assert keys.open(KeyRing([Key("old", b"\x01" * 32)]).seal("x", **CELL), **CELL) == "x"

    @pytest.mark.parametrize(
        "entry",
        [
            "PLANTED",
            "k:PLANTED",
            "k:PLANTED密钥",
            f":{encoded(1)}",
            f"{'k' * 65}:{encoded(1)}",
            f"k:{base64.b64encode(b'PLANTED').decode()}",
            f"k:{encoded(1)}:PLANTED",
        ],
    )
    def test_names_the_position_of_a_malformed_key_and_nothing_of_it(self, entry):
        with pytest.raises(KeysUnusable) as caught:
            parse_keys(f"good:{encoded(9)},{entry}")

        assert str(caught.value) == "Key 2 of the ring is not `id:base64 of 32 bytes`."
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None

    @pytest.mark.parametrize("text", ["", " , \n"])
    def test_is_refused_when_it_is_empty(self, text):
        with pytest.raises(KeysUnusable, match="empty"):
            parse_keys(text)

    def test_is_refused_when_two_keys_have_one_name(self):
        with pytest.raises(KeysUnusable, match="same id"):
            parse_keys(f"k:{encoded(1)},k:{encoded(2)}")

    def test_shows_names_and_no_key(self):
        keys = parse_keys(f"k:{encoded(1)}")

        assert repr(keys) == "KeyRing(k)"
        assert repr(Key("k", b"planted")) == "Key(key_id='k')"

    def test_derives_another_secret_for_each_purpose_and_each_key(self):
        keys = ring(2, 1)

        derived = keys.derive("cookie") + keys.derive("csrf")

        assert len(set(derived)) == 4
        assert all(len(secret) == 64 for secret in derived)
        assert keys.derive("cookie")[1] == ring(1).derive("cookie")[0]

    def test_gives_a_text_one_fingerprint_for_each_purpose_and_key(self):
        prints = [keys.fingerprint("text", purpose=purpose) for keys in (ring(1), ring(2)) for purpose in ("a", "b")]

        assert len(set(prints)) == 4
        assert ring(1, 2).fingerprint("text", purpose="a") == prints[0]
        assert ring(1).fingerprint("texT", purpose="a") != prints[0]

    def test_knows_whether_one_of_its_keys_could_have_made_a_mark(self):
        stored = ring(1).mark("text", purpose="a")

        assert len(stored) == 64
        assert ring(2, 1).is_marked("text", stored, purpose="a") is True
        assert ring(2, 1).is_marked("texT", stored, purpose="a") is False
        assert ring(2).is_marked("text", stored, purpose="a") is None
        assert ring(1).is_marked("text", stored, purpose="b") is None
        assert ring(1).fingerprint("text", purpose="a")[:8] != stored[:8]

    def test_recognises_the_fingerprints_of_all_its_keys_and_of_no_other(self):
        stored = ring(1).fingerprint("text", purpose="a")

        assert ring(2, 1).is_fingerprint("text", stored, purpose="a")
        assert ring(2, 1).fingerprints("text", purpose="a") == [ring(2).fingerprint("text", purpose="a"), stored]
        assert not ring(2).is_fingerprint("text", stored, purpose="a")
        assert not ring(2, 1).is_fingerprint("text", stored, purpose="b")
        assert not ring(2, 1).is_fingerprint("texT", stored, purpose="a")


class TestTheKeysFile:
    def test_is_readable_by_its_owner_alone(self, tmp_path, umask):
        umask(0o000)
        path = tmp_path / "keys"

        keys = create_keys_file(path)

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert parse_keys(path.read_text(encoding="utf-8")).open(keys.seal("x", **CELL), **CELL) == "x"

    def test_is_never_written_over(self, tmp_path):
        path = tmp_path / "keys"
        path.write_text("mine", encoding="utf-8")

        with pytest.raises(FileExistsError):
            create_keys_file(path)

        assert [path.name for path in tmp_path.iterdir()] == ["keys"]
        assert path.read_text(encoding="utf-8") == "mine"

    def test_is_there_as_a_whole_or_not_at_all(self, tmp_path, monkeypatch):
        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)

        with pytest.raises(OSError, match="No space left"):
            create_keys_file(tmp_path / "keys")

        assert list(tmp_path.iterdir()) == []

    def test_comes_to_its_name_when_it_is_on_disk_already(self, tmp_path, monkeypatch):
        seen = []
        monkeypatch.setattr("os.fsync", lambda descriptor: seen.append((tmp_path / "keys").exists()))

        create_keys_file(tmp_path / "keys")

        assert seen == [False, True]
        assert [path.name for path in tmp_path.iterdir()] == ["keys"]

    def test_is_on_disk_with_its_folder_before_it_is_used(self, tmp_path, monkeypatch):
        synced = []
        monkeypatch.setattr("os.fsync", lambda descriptor: synced.append(stat.S_ISDIR(_mode(descriptor))))

        write_private(tmp_path / "keys", "k")

        assert synced == [False, True]


def _mode(descriptor: int) -> int:
    import os

    return os.fstat(descriptor).st_mode


class TestTokens:
    def test_are_long_random_and_kept_as_a_hash(self):
        token = new_token()

        assert len(base64.urlsafe_b64decode(token + "=")) == 32
        assert token != new_token()
        assert token not in token_hash(token)
        assert len(token_hash(token)) == 64

    def test_seal_ids_are_known_before_the_row(self):
        assert len({new_seal_id() for _ in range(50)}) == 50
