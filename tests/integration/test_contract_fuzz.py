"""schemathesis against the real server, with every check: as admin, as viewer and as nobody."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import Server, inherited, serving

ROOT = Path(__file__).parents[2]
SCHEMATHESIS = Path(sys.executable).with_name("st")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
ROLES = ["admin", "viewer", ""]
NAMES = ["as admin", "as viewer", "as nobody"]
ALL_BUT_COVERAGE = ["--phases", "examples,fuzzing,stateful", "--max-examples", "3", "--no-shrink"]
# The coverage phase has no bound of its own; a few operations stand for the shapes there are.
COVERAGE = ["--phases", "coverage"]
COVERED = ["createEnvironment", "deleteTag", "listTags"]
LONG = ["--max-examples", "150"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, new_store: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("fuzzed") / "data"
    shutil.copytree(new_store, folder)
    limits = {"login_failures_per_user": 1000, "login_failures_per_address": 100_000}
    with serving(folder, log_level="warning", egress_networks="127.0.0.0/8", **limits) as running:
        with running.caller() as admin:
            admin.post("/api/v1/tags", {"name": "fuzzed"})
        yield running


def fuzz(server: Server, role: str, options: list[str]) -> subprocess.CompletedProcess[str]:
    command = [SCHEMATHESIS, "--config-file", CONFIGURATION, "run", f"{server.url}/api/v1/openapi.json", *options]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**inherited(), "FUZZ_URL": server.url, "FUZZ_ROLE": role, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )


@pytest.mark.parametrize("role", ROLES, ids=NAMES)
class TestTheServerKeepsWhatItsDocumentSays:
    def test_by_examples_by_chance_and_along_links(self, server: Server, role: str) -> None:
        done = fuzz(server, role, ALL_BUT_COVERAGE)

        assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-4_000:]}"
        assert "Traceback" not in server.log

    def test_at_the_borders_of_its_schemas(self, server: Server, role: str) -> None:
        only = [word for name in COVERED for word in ("--include-operation-id", name)]

        done = fuzz(server, role, [*COVERAGE, *only])

        assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-4_000:]}"
        assert "Traceback" not in server.log

    @pytest.mark.slow
    def test_in_a_long_run_with_everything(self, server: Server, role: str) -> None:
        done = fuzz(server, role, LONG)

        assert done.returncode == 0, f"{done.stdout[-40_000:]}\n{done.stderr[-4_000:]}"
        assert "Traceback" not in server.log
