"""Rules of the house that no linter knows: who commits, who catches everything, how SQL is written."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# The boundaries: whatever happened becomes an envelope, or is told by a thread that nobody else would hear of, or is
# handed to the thread that waits for it and raises it. All others have to raise again.
CATCHES_ALL = {
    ("app/cli/checks/running.py", "run"),
    ("app/api/v1/resource.py", "safe_call"),
    ("app/domain/checks/pool.py", "_run"),
    ("app/domain/checks/recorder.py", "_tell"),
    ("app/domain/checks/recorder.py", "_write"),
    ("app/domain/audit/upkeep.py", "_run_in_thread"),
    ("app/engines/check.py", "run_check"),
}
# PRAGMA takes no parameters; what stands in these is made here, never read from a request.
FORMATS_SQL = {"app/core/db/sqlite.py"}
RUNS_SQL = {"execute", "executemany", "executescript", "exec_driver_sql", "text", "scalar", "scalars"}


@cache
def trees():
    """Return the modules of the program by their paths, parsed by the process that runs these tests alone."""
    modules = sorted((ROOT / "app").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in modules}


def commits(tree):
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def swallows(tree):
    """Yield (function, line) of each handler that catches everything and does not raise at its end."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and not isinstance(node.body[-1], ast.Raise):
                yield function.name, node.lineno


def is_broad(caught):
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"} for name in names)


def formatted_sql(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RUNS_SQL and is_formatted(node.args[0]):
                yield node.lineno


def is_formatted(value):
    if isinstance(value, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in value.values)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Mod):
        return any(isinstance(side, ast.Constant | ast.JoinedStr) for side in (value.left, value.right))
    is_format = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format"
    return is_format and isinstance(value.func.value, ast.Constant)


class TestCommit:
    def test_is_called_in_one_place_of_core_db_alone(self):
        found = [name for name, tree in trees().items() for _ in commits(tree)]

        assert found == ["app/core/db/session.py"]


class TestCatchingEverything:
    def test_ends_in_raising_but_for_the_boundary(self):
        found = {(name, function) for name, tree in trees().items() for function, _ in swallows(tree)}

        assert found == CATCHES_ALL

    @pytest.mark.parametrize(
        "caught", ["", " Exception", " BaseException", " (ValueError, Exception)", " Exception as e"]
    )
    def test_is_seen(self, caught):
        tree = ast.parse(f"def f():\n    try:\n        g()\n    except{caught}:\n        pass\n")

        assert list(swallows(tree)) == [("f", 4)]


class TestSql:
    def test_is_never_put_together_from_text(self):
        found = {name: list(formatted_sql(tree)) for name, tree in trees().items() if name not in FORMATS_SQL}

        assert {name: lines for name, lines in found.items() if lines} == {}

    @pytest.mark.parametrize(
        "call",
        [
            'session.execute(f"SELECT {x}")',
            'text("SELECT " + x)',
            'text("SELECT %s" % x)',
            'connection.exec_driver_sql("SELECT {}".format(x))',
        ],
    )
    def test_that_is_put_together_is_seen(self, call):
        assert list(formatted_sql(ast.parse(call))) == [1]

    def test_that_is_formatted_is_a_pragma(self):
        for name in FORMATS_SQL:
            source = (ROOT / name).read_text(encoding="utf-8").splitlines()

            assert [line for line in formatted_sql(trees()[name]) if '(f"PRAGMA ' not in source[line - 1]] == []


class TestEveryModule:
    def test_opens_with_a_sentence_about_what_lives_there(self):
        first = {name: (ast.get_docstring(tree) or "").partition("\n")[0] for name, tree in trees().items()}

        assert [name for name, line in first.items() if "/versions/" not in name and not line.endswith(".")] == []

    def test_has_a_name_that_says_what_is_inside(self):
        words = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base_service"}

        assert [name for name in trees() if words & set(Path(name).with_suffix("").parts)] == []


def choices(tree):
    """Yield (name, choices) of each module-level name that stands for one of some texts."""
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Subscript):
            continue
        if getattr(node.value.value, "id", "") == "Literal" and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.unparse(node.value)


class TestAChoice:
    def test_of_some_texts_is_declared_once(self):
        places = {}
        for path, tree in trees().items():
            for _, told in choices(tree):
                places.setdefault(told, []).append(path)

        assert {told: paths for told, paths in places.items() if len(paths) > 1} == {}


class TestTheOptionsOfAConnection:
    def test_are_declared_once_for_what_is_registered_and_what_is_not(self):
        own = {
            (path, node.target.id)
            for path, tree in trees().items()
            if path.startswith("app/domain/") and path.endswith(("commands.py", "connection.py"))
            for node in ast.walk(tree)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }

        for field in ("tls_ca", "tls_client_cert", "connect_timeout_ms", "deadline_ms"):
            assert [path for path, name in own if name == field] == ["app/domain/instances/connection.py"], field
