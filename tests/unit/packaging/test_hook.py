"""What wheel and sdist hold of the console, and what is asked for to build them; hatchling runs here, Node.js never."""

import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling import build as hatchling
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from scripts.packaging import backend
from scripts.packaging.console import NODE, Console, ConsoleNotBuilt
from tests.support.examples import ROOT

BUILT = {"index.html": "page", "assets/index-1a2b.js": "script", "assets/index-1a2b.js.br": "brotli"}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A small project with the build of ours, and with a console that was never built."""
    root = tmp_path / "project"
    for name in ("pyproject.toml", ".gitignore", "README.md", "LICENSE", "app/__init__.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in ("docs/design.md", "docs/reference/openapi.json", "console/package.json", "console/package-lock.json"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="ascii")
    shutil.copytree(
        ROOT / "scripts/packaging", root / "scripts/packaging", ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def npm(monkeypatch):
    """An npm that lays the build where it belongs."""
    calls = []

    def run(console, *arguments):
        calls.append(arguments)
        for name, content in BUILT.items():
            (console.built / name).parent.mkdir(parents=True, exist_ok=True)
            (console.built / name).write_text(content, encoding="ascii")

    monkeypatch.setattr(Console, "npm", run)
    return calls


def build(builder) -> Path:
    return Path(next(builder(str(Path.cwd())).build(directory="out", versions=["standard"])))


class TestTheWheel:
    def test_holds_the_console_which_is_built_first(self, root, npm):
        with zipfile.ZipFile(build(WheelBuilder)) as wheel:
            found = {name for name in wheel.namelist() if name.startswith("app/web/static/")}

        assert found >= {f"app/web/static/{name}" for name in BUILT}
        assert npm == [("run", "build")]

    def test_takes_a_current_build_as_it_is(self, root, npm):
        Console(root).ensure()

        build(WheelBuilder)

        assert len(npm) == 1

    def test_is_not_made_without_a_console(self, root):
        shutil.rmtree(root / "console")

        with pytest.raises(ConsoleNotBuilt):
            build(WheelBuilder)

    def test_asks_for_node_where_there_is_something_to_build(self, root, npm):
        asked = hatchling.get_requires_for_build_wheel()
        Console(root).ensure()

        assert [one for one in asked if one.startswith(NODE)] == [Console(root).node_requirement]
        assert not any(one.startswith(NODE) for one in hatchling.get_requires_for_build_wheel())


class TestAnEditableInstall:
    def test_builds_nothing(self, root, npm):
        [hook] = WheelBuilder(str(root)).get_build_hooks("out").values()

        hook.initialize("editable", {})

        assert npm == []
        assert not (root / "app/web/static").exists()

    def test_asks_for_no_node(self, root):
        assert any(one.startswith(NODE) for one in hatchling.get_requires_for_build_editable())
        assert not any(one.startswith(NODE) for one in backend.get_requires_for_build_editable())


class TestTheSdist:
    def test_holds_the_console_and_makes_a_wheel_without_node(self, root, npm, tmp_path, monkeypatch):
        with tarfile.open(build(SdistBuilder)) as archive:
            archive.extractall(tmp_path / "unpacked", filter="data")
        [unpacked] = (tmp_path / "unpacked").iterdir()
        monkeypatch.chdir(unpacked)

        asked = backend.get_requires_for_build_wheel()
        with zipfile.ZipFile(build(WheelBuilder)) as wheel:
            names = set(wheel.namelist())

        assert not (unpacked / "console").exists()
        assert not any(one.startswith(NODE) for one in asked)
        assert names >= {f"app/web/static/{name}" for name in BUILT}
        assert npm == [("run", "build")]


class TestTheBackend:
    def test_has_every_function_of_hatchlings(self):
        assert [name for name in hatchling.__all__ if name != "__all__" and not hasattr(backend, name)] == []
