"""The borders inside app/ hold, and the linter that keeps them sees every way of crossing one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LAYERS = "Read app/ top to bottom: nothing imports upward"
DOMAINS = "Domains depend only downward"
CORE = "core/ is a closed list"
HTTP = "cli, jobs and everything below http know no HTTP server library"
RESTX = "Only app.api.v1 speaks RESTX"
DRIVERS = "A driver is imported only by its engine, the queue only by app.jobs.runner"
MODELS = "Inside app/, only domains import ORM models"
CYCLES = "No cycles anywhere"

# What is planted: a file, the line that is added to it, and the contract that has to break.
PLANTED = {
    "a domain imports flask": ("domain/tags/errors.py", "import flask", HTTP),
    "core imports a domain": ("core/clock.py", "import app.domain.tags", LAYERS),
    "the API imports models": ("api/v1/listing.py", "from app.models import Tag", MODELS),
    "a package has no place": ("reports/__init__.py", "", LAYERS),
    "a second importer of flask_restx": ("http/language.py", "import flask_restx", RESTX),
    "the API imports the command line": ("api/legacy.py", "import app.cli.users", LAYERS),
    "the command line imports app.http": ("cli/users.py", "import app.http.caller", HTTP),
    "a domain imports one above it": ("domain/tags/errors.py", "import app.domain.instances.errors", DOMAINS),
    "a domain has no place": ("domain/reports/__init__.py", "", DOMAINS),
    "a part of core has no place": ("core/strings.py", "", CORE),
    "a driver outside of its engine": ("domain/egress/endpoint.py", "import psycopg", DRIVERS),
    "two modules import each other": (
        "domain/instances/errors.py",
        "import app.domain.instances.write_service",
        CYCLES,
    ),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of app/ that may be spoiled; the rules are the committed ones."""
    folder = tmp_path_factory.mktemp("borders")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "importlinter.ini", folder)
    return folder


def broken(folder):
    """Return the names of the contracts that do not hold."""
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--config", "importlinter.ini", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"COLUMNS": "200", "PYTHONPATH": str(folder)},
        check=False,
    )
    names = set(re.findall(r"^(.+) BROKEN(?: \(.*\))?$", done.stdout, flags=re.MULTILINE))
    assert (done.returncode == 0) == (not names), done.stdout + done.stderr
    return names


def test_the_tree_is_clean(tree):
    assert broken(tree) == set()


class TestLinter:
    @pytest.fixture
    def planted(self, tree, request):
        name, line, contract = request.param
        path = tree / "app" / name
        before = path.read_text(encoding="utf-8") if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        yield contract
        if before is None:
            path.unlink()
            if path.name == "__init__.py":
                path.parent.rmdir()
        else:
            path.write_text(before, encoding="utf-8")

    @pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED, indirect=True)
    def test_sees_that(self, tree, planted):
        assert planted in broken(tree)
