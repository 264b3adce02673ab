"""PRELOGIN: both sides say whether they encrypt."""

import pytest

from app.engines.sqlserver import prelogin
from app.engines.sqlserver.prelogin import Encryption, NotTds, Prelogin
from tests.support.databases import tds_tokens as tokens


class TestTheQuestion:
    def test_says_how_to_encrypt_and_names_the_instance(self) -> None:
        sent = prelogin.question(Encryption.ON, "PROD")

        options = tokens.prelogin_options(sent[8:])
        assert sent[:2] == b"\x12\x01"
        assert int.from_bytes(sent[2:4], "big") == len(sent)
        assert options[1] == b"\x01"
        assert options[2] == b"PROD\x00"

    def test_names_no_instance_where_there_is_none(self) -> None:
        assert tokens.prelogin_options(prelogin.question(Encryption.NOT_SUPPORTED, None)[8:])[2] == b"\x00"


class TestTheAnswer:
    @pytest.mark.parametrize("encryption", list(Encryption))
    def test_says_version_and_encryption(self, encryption: Encryption) -> None:
        payload = tokens.prelogin((16, 0, 4105, 2), "MSSQLSERVER", encryption, {})

        assert prelogin.read(payload) == Prelogin("16.0.4105", encryption, instance_matches=True)

    def test_says_that_another_instance_was_meant(self) -> None:
        payload = tokens.prelogin((16, 0, 1, 0), "OTHER", 1, {2: b"PROD\x00"})

        assert not prelogin.read(payload).instance_matches

    def test_that_says_nothing_of_encryption_has_none(self) -> None:
        assert prelogin.read(b"\xff") == Prelogin(None, Encryption.NOT_SUPPORTED, instance_matches=True)

    @pytest.mark.parametrize(
        "payload",
        [b"", b"\x00", b"\x00\x00\x06\x00\x06", b"\x00\xff\xff\xff\xff\xff", b"\x01\x00\x06\x00\x01\xff\x09"],
        ids=["nothing", "cut", "no end", "beyond", "encryption that nobody knows"],
    )
    def test_is_none_where_it_does_not_add_up(self, payload: bytes) -> None:
        with pytest.raises(NotTds):
            prelogin.read(payload)
