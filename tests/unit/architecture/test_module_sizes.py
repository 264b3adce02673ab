"""Long files are named, too long ones refused."""

import subprocess

import pytest

from scripts.dev.check_module_sizes import (
    FAIL_ABOVE,
    FUNCTION_FAIL_ABOVE,
    FUNCTION_WARN_ABOVE,
    RESOURCE_METHOD_FAIL_ABOVE,
    WARN_ABOVE,
    main,
)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    # Inside a git hook these would point every git command at the outer repository.
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)

    def write(name, lines):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n" * lines, encoding="utf-8")
        return path

    write.root = tmp_path
    return write


def run(tree):
    return main([str(tree.root)])


class TestLength:
    def test_at_the_limit_of_the_warning_is_not_mentioned(self, tree, capsys):
        tree("app/fine.py", WARN_ABOVE)

        assert run(tree) == 0
        assert "app/fine.py" not in capsys.readouterr().out

    @pytest.mark.parametrize("lines", [WARN_ABOVE + 1, FAIL_ABOVE])
    def test_above_it_is_a_warning(self, tree, capsys, lines):
        tree("app/long.py", lines)

        assert run(tree) == 0
        assert f"{lines}  app/long.py" in capsys.readouterr().out

    def test_above_the_second_limit_fails_and_names_every_such_file(self, tree, capsys):
        tree("app/huge.py", FAIL_ABOVE + 1)
        tree("tests/unit/test_huge.py", FAIL_ABOVE + 2)

        assert run(tree) == 1
        out = capsys.readouterr().out
        assert f"{FAIL_ABOVE + 1}  app/huge.py" in out
        assert f"{FAIL_ABOVE + 2}  tests/unit/test_huge.py" in out


def function(lines: int, *, name: str = "f", indent: str = "") -> str:
    body = f"{indent}    x = 1\n" * (lines - 1)
    return f"{indent}def {name}():\n{body}"


@pytest.fixture
def source(tree):
    def write(name: str, text: str) -> None:
        path = tree.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


class TestAFunction:
    @pytest.mark.parametrize(("lines", "told"), [(FUNCTION_WARN_ABOVE, 0), (FUNCTION_WARN_ABOVE + 1, 1)])
    def test_of_app_above_the_first_limit_is_a_warning(self, tree, source, capsys, lines, told):
        source("app/a.py", f"@cache\n{function(lines)}")
        source("tests/test_a.py", function(lines))

        assert run(tree) == 0
        out = capsys.readouterr().out
        assert out.count(f"{lines}  app/a.py:2 f\n") == told
        assert "test_a.py" not in out

    @pytest.mark.parametrize("name", ["app/a.py", "scripts/a.py", "tests/test_a.py"])
    def test_above_the_second_limit_fails(self, tree, source, capsys, name):
        source(name, function(FUNCTION_FAIL_ABOVE + 1))

        assert run(tree) == 1
        assert f"{FUNCTION_FAIL_ABOVE + 1}  {name}:1 f\n" in capsys.readouterr().out

    def test_at_the_second_limit_passes(self, tree, source):
        source("app/a.py", function(FUNCTION_FAIL_ABOVE))

        assert run(tree) == 0

    def test_of_a_migration_may_be_as_long_as_the_schema(self, tree, source):
        source("app/migrations/versions/0001_x.py", function(FUNCTION_FAIL_ABOVE + 1))

        assert run(tree) == 0


class TestAMethodOfAResource:
    def resource(self, lines: int, *, name: str = "post", base: str = "BaseResource") -> str:
        return f"class A({base}):\n{function(lines, name=name, indent='    ')}"

    @pytest.mark.parametrize(("lines", "code"), [(RESOURCE_METHOD_FAIL_ABOVE, 0), (RESOURCE_METHOD_FAIL_ABOVE + 1, 1)])
    @pytest.mark.parametrize("base", ["BaseResource", "resource.BaseResource"])
    def test_fails_above_its_own_limit(self, tree, source, capsys, lines, code, base):
        source("app/a.py", self.resource(lines, base=base))

        assert run(tree) == code
        assert ("app/a.py:2 A.post" in capsys.readouterr().out) is bool(code)

    def test_counts_behind_a_class_in_between(self, tree, source):
        source("app/a.py", self.resource(RESOURCE_METHOD_FAIL_ABOVE + 1, base="Between"))
        source("app/b.py", "class Between(BaseResource):\n    pass\n")

        assert run(tree) == 1

    @pytest.mark.parametrize("other", [{"name": "_work"}, {"base": "Service"}])
    def test_is_one_that_answers_a_verb(self, tree, source, other):
        source("app/a.py", self.resource(RESOURCE_METHOD_FAIL_ABOVE + 1, **other))

        assert run(tree) == 0


class TestWhichFiles:
    @pytest.mark.parametrize(
        "name",
        [
            "app/a.py",
            "app/domain/instances/b.py",
            "benchmarks/c.py",
            "scripts/dev/d.py",
            "tests/unit/test_e.py",
            "console/src/f.ts",
            "console/src/pages/g.tsx",
            "console/src/pages/h.css",
            "console/scripts/i.mjs",
        ],
    )
    def test_sources_count(self, tree, name):
        tree(name, FAIL_ABOVE + 1)

        assert run(tree) == 1

    @pytest.mark.parametrize("name", ["app/data.json", "console/vite.config.ts", "elsewhere/a.py"])
    def test_other_files_do_not(self, tree, name):
        tree(name, FAIL_ABOVE + 1)

        assert run(tree) == 0

    def test_ignored_files_do_not(self, tree):
        (tree.root / ".gitignore").write_text("built/\n", encoding="utf-8")
        tree("app/built/a.py", FAIL_ABOVE + 1)

        assert run(tree) == 0

    def test_tracked_files_count_until_they_are_deleted(self, tree):
        path = tree("app/a.py", FAIL_ABOVE + 1)
        subprocess.run(["git", "-C", str(tree.root), "add", "."], check=True)
        assert run(tree) == 1

        path.unlink()

        assert run(tree) == 0
