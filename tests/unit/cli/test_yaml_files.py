"""YAML in and out: values of JSON, each with its line."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.cli.yaml_files import dump, read_documents

FILE = Path("file.yaml")
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


def read(text):
    faults = []
    return [document.value for document in read_documents(FILE, text, faults)], [str(fault) for fault in faults]


class TestReading:
    def test_takes_for_texts_what_yaml_1_1_takes_for_other_things(self):
        text = "[yes, off, 0777, 0x1f, 1_000, 12:30:00, 2026-01-02, NULL, .inf, '12', =]"

        assert read(text)[0] == [
            ["yes", "off", "0777", "0x1f", "1_000", "12:30:00", "2026-01-02", "NULL", ".inf", "12", "="]
        ]
        assert read("[true, null, ~, -12, 1.5, 1e3]")[0] == [[True, None, None, -12, 1.5, 1000.0]]

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("a: 1\nb: &x 2\nc: *x", "file.yaml:3: Aliases are not taken"),
            ("a: 1\na: 2", "file.yaml:2: The key a stands here twice"),
            ("a: !!binary aGk=", "file.yaml:1: The tag"),
            ("a: [1\nb: 2", "file.yaml:2: This is no YAML"),
            ("a: \x00", "file.yaml:1: This is no YAML"),
            ("? [a]\n: 1", "file.yaml:1: A key is a text"),
        ],
    )
    def test_names_the_line_of_what_it_does_not_take(self, text, fault):
        (said,) = read(text)[1]

        assert said.startswith(fault)

    def test_knows_the_line_of_each_value(self):
        (document,) = read_documents(FILE, "a:\n  - b: 1\n    c:\n      d: 2\n", [])

        assert [document.line_of(path) for path in ((), ("a", "0"), ("a", "0", "c", "d"), ("a", "0", "x"))] == [
            1,
            2,
            4,
            2,
        ]


class TestWriting:
    @given(_VALUE)
    def test_is_read_as_it_was(self, value):
        (again,), faults = read(dump({"value": value}))

        assert (repr(again), faults) == (repr({"value": value}), [])

    def test_means_the_same_to_readers_of_yaml_1_1(self):
        value = {"a": "yes", "b": "0777", "c": "1e5", "d": "2026-01-02", "e": "12:30", "f": None, "g": True, "h": 2}

        assert yaml.safe_load(dump(value)) == value
