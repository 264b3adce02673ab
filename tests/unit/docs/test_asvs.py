"""The page that maps OWASP ASVS to tests: each test is there, no requirement is missing, what is shown names a test."""

import ast
import re
from functools import cache

import pytest

from tests.support.examples import ROOT

PAGE = ROOT / "docs" / "reference" / "asvs.md"
# Of each section of ASVS 5.0.0 the last requirement of levels 1 and 2; those of level 3 come behind.
LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
WHOLE_CHAPTERS = {"10.1.1–10.7.3", "17.1.1–17.3.2"}
_TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


@cache
def names_in(path):
    """Return the tests of a file as pytest calls them, without importing it."""
    found = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + one.name for one in inner if isinstance(one, ast.FunctionDef) and one.name[:5] == "test_"}
    return found


def numbers(cell):
    """Return the requirements of a row: one, or several of one section."""
    first, _, last = cell.partition("–")
    section, begin = first.rsplit(".", 1)
    return [f"{section}.{number}" for number in range(int(begin), int((last or first).rsplit(".", 1)[1]) + 1)]


def test_every_requirement_stands_there_once():
    wanted = [f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)]

    told = [number for cell, *_ in ROWS if cell not in WHOLE_CHAPTERS for number in numbers(cell)]

    assert told == wanted
    assert {cell for cell, *_ in ROWS} >= WHOLE_CHAPTERS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_row_names_tests_that_exist_or_a_reason(row):
    _, about, state, why = row
    named = _TEST.findall(why)
    words = re.sub(r"[\s,;]+", "", _TEST.sub("", why))

    assert about
    assert state in {"shown", "partly", "not met", "n/a"}
    assert named or state not in {"shown", "partly"}
    assert words or state == "shown"
    assert [f"{path}::{test}" for path, test in named if test not in names_in(path)] == []
    assert why.count("tests/") == len(named)
