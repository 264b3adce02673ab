"""Every cause of a check is met by a test: a test that only lists the causes, or hands one to a script, meets none."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engines.errors import CAUSES

TESTS = Path(__file__).resolve().parents[2]
# What stands in these is what a fake is told to answer with.
_INPUTS = {"failing", "StepFailed", "skip"}


def met(tree: ast.Module) -> Iterator[str]:
    """Yield the texts that tests expect: in assertions, and in the cases of a test, or the table that has them."""
    tables = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield from texts(node.test)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("parametrize"):
            yield from texts(node)
            for name in {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} & tables.keys():
                yield from texts(tables[name])


def texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in _INPUTS:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


@pytest.fixture(scope="module")
def expected() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.rglob("test_*.py"))
    suites = (ast.parse(path.read_text(encoding="utf-8")) for path in (TESTS / "engine_suite").glob("*.py"))
    return {text for tree in (*trees, *suites) for text in met(tree)}


@pytest.mark.parametrize("cause", CAUSES)
def test_is_expected_by_a_test(cause: str, expected: set[str]) -> None:
    assert cause in expected


class TestTheLook:
    def test_takes_no_input_and_no_list_for_an_expectation(self) -> None:
        source = 'LIST = ["a"]\nengine.script = failing("login", "b")\nassert found(failing("c")) == "d"'

        assert set(met(ast.parse(source))) == {"d"}
