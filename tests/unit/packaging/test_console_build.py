"""When the console is built, with what, and what is said where that is not possible; nothing here starts Node.js."""

import shutil

import pytest

from scripts.packaging import console as program
from scripts.packaging.console import Console, ConsoleNotBuilt, main, reason
from tests.support.examples import ROOT


@pytest.fixture
def npm(monkeypatch):
    """An npm that notes what it was asked, and builds a page."""
    calls = []

    def run(console, *arguments):
        calls.append(" ".join(arguments))
        if arguments[0] == "ci":
            (console.folder / "node_modules").mkdir(exist_ok=True)
        if arguments == ("run", "build"):
            console.built.mkdir(parents=True, exist_ok=True)
            (console.built / "index.html").write_text("built", encoding="ascii")

    monkeypatch.setattr(Console, "_run_npm", run)
    return calls


@pytest.fixture
def root(tmp_path):
    """A copy of the repository as far as the build looks."""
    root = tmp_path / "copy"
    for name in ("pyproject.toml", *program.TAKEN):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in ("package.json", "package-lock.json", "src/main.tsx", "public/favicon.svg"):
        path = root / "console" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="ascii")
    return root


class TestBuilding:
    def test_installs_and_builds_once(self, root, npm):
        Console(root).ensure()
        Console(root).ensure()

        assert npm == ["ci --ignore-scripts", "run build"]
        assert Console(root).is_current

    @pytest.mark.parametrize(
        "name", ["console/src/main.tsx", "console/package.json", "docs/design.md", "docs/reference/openapi.json"]
    )
    def test_is_due_again_when_a_source_has_changed(self, root, npm, name):
        Console(root).ensure()
        (root / name).write_text("changed", encoding="ascii")

        assert not Console(root).is_current
        Console(root).ensure()

        assert npm == ["ci --ignore-scripts", "run build", "run build"]

    def test_is_due_again_when_a_source_is_new_or_gone(self, root, npm):
        Console(root).ensure()
        (root / "console/src/new.ts").touch()
        assert not Console(root).is_current

        (root / "console/src/new.ts").unlink()
        assert Console(root).is_current

        (root / "console/src/main.tsx").unlink()
        assert not Console(root).is_current

    def test_is_due_again_when_node_is_another(self, root, npm):
        Console(root).ensure()
        pyproject = root / "pyproject.toml"
        pyproject.write_text(pyproject.read_text(encoding="utf-8").replace(f"{program.NODE}==", f"{program.NODE}==9"))

        assert not Console(root).is_current

    @pytest.mark.parametrize(
        "name", ["node_modules/react/index.js", "src/api/rules.gen.ts", "src/api/schema.d.ts", "dist/a.js"]
    )
    def test_does_not_look_at_what_is_installed_or_generated(self, root, npm, name):
        Console(root).ensure()
        path = root / "console" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

        assert Console(root).is_current

    def test_installs_again_when_the_lock_has_changed(self, root, npm):
        Console(root).npm("run", "check")
        (root / "console/package-lock.json").write_text("changed", encoding="ascii")
        Console(root).npm("run", "test")

        assert npm == ["ci --ignore-scripts", "run check", "ci --ignore-scripts", "run test"]

    def test_that_broke_off_is_not_current(self, root, npm, monkeypatch):
        Console(root).ensure()
        (root / "console/src/main.tsx").write_text("changed", encoding="ascii")

        def fail(console, *arguments):
            raise ConsoleNotBuilt("npm run build ended with 1")

        monkeypatch.setattr(Console, "_run_npm", fail)
        with pytest.raises(ConsoleNotBuilt):
            Console(root).ensure()

        assert not Console(root).is_current
        assert Console(root).is_built

    def test_that_leaves_no_page_has_failed(self, root, monkeypatch):
        (root / "console/node_modules").mkdir()
        monkeypatch.setattr(Console, "_run_npm", lambda *_: None)

        with pytest.raises(ConsoleNotBuilt, match=r"no index\.html"):
            Console(root).ensure()

    def test_without_sources_takes_what_was_built(self, root, npm):
        Console(root).ensure()
        shutil.rmtree(root / "console")

        Console(root).ensure()

        assert len(npm) == 2

    def test_with_neither_says_so(self, root, npm):
        shutil.rmtree(root / "console")

        with pytest.raises(ConsoleNotBuilt, match="neither"):
            Console(root).ensure()

    def test_never_takes_the_node_of_the_machine(self, root, monkeypatch):
        monkeypatch.setattr(program, "find_spec", lambda name: None)

        with pytest.raises(ConsoleNotBuilt, match=program.NODE):
            Console(root).ensure()


class TestThePin:
    def test_is_one_version_everywhere(self):
        pinned = Console(ROOT).node_requirement
        lines = (ROOT / program.PINS).read_text(encoding="utf-8").splitlines()

        assert pinned.startswith(f"{program.NODE}==")
        assert f"{pinned} \\" in lines

    def test_is_no_requirement_of_the_product(self):
        assert program.NODE not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
        assert program.NODE.replace("-", "_") not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


class TestTheReason:
    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("", ""),
            ("one\nlast words.\n\n", " (last words)"),
            ("npm warn x\nnpm error code E1\nnpm error nothing there\nnpm error log", " (npm error nothing there)"),
            (
                "npm error syscall\nnpm error request to x failed, reason: y\n",
                " (npm error request to x failed, reason: y)",
            ),
            ("Resolving\nerror: no\n  Caused by: Failed to fetch: `x`", " (Caused by: Failed to fetch: `x`)"),
            ("vite\nsrc/a.ts(1,2): error TS2322: no number.\nlast", " (src/a.ts(1,2): error TS2322: no number)"),
        ],
    )
    def test_is_the_line_that_says_most(self, said, told):
        assert reason(said) == told


class TestGoingOnWithoutTheConsole:
    @pytest.fixture
    def failing(self, root, monkeypatch):
        """A machine that has the wheel with Node.js, but no network."""

        def fail(console, *arguments):
            raise ConsoleNotBuilt("npm ci ended with 1 (npm error network)")

        monkeypatch.setattr(Console, "_run_npm", fail)
        monkeypatch.setattr(program, "find_spec", lambda name: object())
        monkeypatch.setattr(Console.__init__, "__defaults__", (root,))
        return root

    def test_is_one_sentence_and_no_failure(self, failing, capsys):
        assert main(["build", "--or-go-on"]) == 0

        [line] = capsys.readouterr().err.splitlines()
        assert line == (
            "The console could not be built, so Muster serves the API alone: npm ci ended with 1 (npm error network)."
        )

    def test_says_when_an_older_one_is_served(self, failing, capsys):
        page = failing / "app/web/static/index.html"
        page.parent.mkdir(parents=True)
        page.touch()

        assert main(["build", "--or-go-on"]) == 0
        assert "serves the one that was built before" in capsys.readouterr().err

    def test_is_a_failure_of_make_console(self, failing, capsys):
        assert main([]) == 1
        assert capsys.readouterr().err == "npm ci ended with 1 (npm error network).\n"

    def test_tells_that_uv_could_not_get_node(self, failing, monkeypatch, capsys, tmp_path):
        uv = tmp_path / "bin" / "uv"
        uv.parent.mkdir()
        uv.write_text("#!/bin/sh\necho 'error: no network.' >&2\nexit 2\n", encoding="ascii")
        uv.chmod(0o755)
        monkeypatch.setenv("PATH", str(uv.parent))
        monkeypatch.setattr(program, "find_spec", lambda name: None)

        assert main(["build", "--or-go-on"]) == 0
        [line] = capsys.readouterr().err.splitlines()
        assert line.endswith("uv could not get Node.js (error: no network).")
