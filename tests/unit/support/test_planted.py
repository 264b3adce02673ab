"""The search for planted secrets finds each form of one, made here by other means, and nothing where there is none."""

import base64
import json
import pickle
import re
import sqlite3
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.support import pem
from tests.support.planted import find, hits, reachable, secrets_of_key

SECRET = 'Pl4nted "geheim"-Ä/密 ÿ+?'
WIDE = SECRET.encode("utf-16-le")
SWAPPED = bytes(int(f"{one:02x}"[::-1], 16) ^ 0xA5 for one in WIDE)  # [MS-TDS] 2.2.6.4
JSON = json.dumps({"password": SECRET})


def around(data: bytes) -> bytes:
    return b"before " + data + b" after"


PLANTED = {
    "plain": SECRET.encode(),
    "other case": SECRET.encode().upper(),
    "read as latin": SECRET.encode().decode("latin-1").encode(),
    "utf-16": WIDE,
    "utf-16 read as latin": WIDE.decode("latin-1").encode(),
    "hex": SECRET.encode().hex().encode(),
    "upper hex": SECRET.encode().hex().upper().encode(),
    "hex of utf-16": WIDE.hex().encode(),
    "percent": quote(SECRET, safe="").encode(),
    "lower percent": quote(SECRET, safe="").lower().encode(),
    "json": JSON.encode(),
    "json in json": json.dumps({"body": JSON}).encode(),
    "json below base64": base64.b64encode(JSON.encode()),
    "hex below base64": base64.b64encode(SECRET.encode().hex().encode()),
    "base64 below base64": base64.b64encode(base64.b64encode(around(SECRET.encode()))),
    "pickle below base64": base64.b64encode(pickle.dumps({"arguments": [1, {"password": SECRET}]})),
    "wrapped base64": base64.encodebytes(b"x" * 50 + SECRET.encode()),
    "wrapped base64 as text": base64.encodebytes(b"x" * 50 + SECRET.encode()).replace(b"\n", b"\\n"),
    "tds": SWAPPED,
    "tds read as text": SWAPPED.decode("utf-16-le").encode(),
    "tds read as latin": SWAPPED.decode("latin-1").encode(),
    "hex of tds": SWAPPED.hex().encode(),
    **{
        f"{name} of {kind}, behind {shift} bytes": code(b"#" * shift + data + b"!")
        for name, code in {"base64": base64.b64encode, "url-safe base64": base64.urlsafe_b64encode}.items()
        for kind, data in {"plain": SECRET.encode(), "utf-16": WIDE, "tds": SWAPPED}.items()
        for shift in range(4)
    },
}


class TestFind:
    @pytest.mark.parametrize("data", PLANTED.values(), ids=PLANTED)
    def test_finds_a_secret_that_was_planted(self, data):
        assert find(SECRET, around(data))

    @pytest.mark.parametrize("shift", range(3))
    def test_names_the_base64_that_it_has_found(self, shift):
        assert f"base64 of plain, shifted by {shift}" in find(SECRET, base64.b64encode(bytes(shift) + SECRET.encode()))

    def test_finds_a_planted_pickle(self):
        stored = base64.b64encode(pickle.dumps({"password": "short-1"})).decode()

        assert find("short-1", f'{{"inputs": "{stored}"}}')

    def test_finds_what_a_page_of_sqlite_holds(self, tmp_path):
        path = tmp_path / "some.db"
        with sqlite3.connect(path) as store:
            store.execute("CREATE TABLE some (detail TEXT)")
            store.execute("INSERT INTO some VALUES (?)", (JSON,))
        store.close()

        assert find(SECRET, path.read_bytes())

    @pytest.mark.parametrize("data", ["", "a line that holds nothing", SECRET[:-1], base64.b64encode(bytes(5000))])
    def test_finds_nothing_where_there_is_none(self, data):
        assert find(SECRET, data) == []

    def test_is_not_misled_by_another_secret(self):
        assert [name for name, data in PLANTED.items() if find("an0ther-secret", around(data))] == []


class TestAPlantedKey:
    CERTIFICATE, KEY = pem.client("planted")

    def test_is_found_as_pem_as_der_and_by_its_number(self):
        line, number = secrets_of_key(self.KEY)
        key = load_pem_private_key(self.KEY.encode(), None)
        der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        words = re.sub(r"\s+", " ", self.KEY)  # as server text is shown

        assert all(find(line, text) for text in (self.KEY, words, json.dumps(self.KEY)))
        assert all(find(number, text) for text in (self.KEY, json.dumps(self.KEY), der, der.hex()))

    def test_is_not_what_its_certificate_shows(self):
        assert [one for one in secrets_of_key(self.KEY) if find(one, self.CERTIFICATE)] == []


class TestHits:
    def test_name_the_secret_the_place_and_the_form_alone(self):
        found = hits({"password": SECRET, "key": b"\x01\x02\x03\x04\x05\x06"}, {"log": SECRET, "page": b"\0\0"})

        assert found == ["password in log: plain"]


class Holder:
    __slots__ = ("inner",)

    def __init__(self, inner: object) -> None:
        self.inner = inner


def raised(attach) -> Exception:
    try:
        raise ValueError("outer")  # noqa: TRY301 - with a traceback, as it has outside of a test
    except ValueError as exc:
        attach(exc)
        return exc


class TestReachable:
    @pytest.mark.parametrize(
        "attach",
        [
            lambda exc: setattr(exc, "args", (SECRET,)),
            lambda exc: setattr(exc, "detail", {"a": [{"b": SECRET}]}),
            lambda exc: setattr(exc, "detail", {SECRET: 1}),
            lambda exc: setattr(exc, "connection", Holder(Holder(SECRET.encode()))),
            lambda exc: setattr(exc, "__cause__", ValueError(SECRET)),
            lambda exc: setattr(exc, "__context__", ValueError(Holder(SECRET))),
            lambda exc: exc.add_note(SECRET),
        ],
        ids=["args", "attribute", "key", "slots", "cause", "context", "note"],
    )
    def test_shows_what_hangs_on_an_exception(self, attach):
        assert find(SECRET, reachable(raised(attach)))

    def test_leaves_the_variables_of_frames_out(self):
        held = SECRET

        assert find(SECRET, reachable(raised(lambda exc: exc.add_note(str(len(held)))))) == []
