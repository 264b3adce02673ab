"""The API against a plain dictionary: whatever is called in whatever order, on both databases."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.register_calls import SEED
from tests.integration.register_machine import RegisterMachine
from tests.support.refilled import STORES, Refilled

# The same lives in each run; a loaded machine is no finding.
SHORT = settings(
    max_examples=25,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=400, stateful_step_count=100, derandomize=False, print_blob=True)


@pytest.fixture(scope="module", params=STORES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refilled]:
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() else tmp_path_factory.mktemp("lives")  # the disk is no part of what this shows
    folder = Path(tempfile.mkdtemp(prefix="muster-lives-", dir=parent))
    made = Refilled(request.param, folder / "data")
    admin = made.callers["admin"]
    for kind, bodies in {
        "tag": [{"name": "t1"}, {"name": "t2"}],
        "cluster": [{"name": "c1", "kind": "galera"}],
        "credential": [{"name": "l1", "username": "muster", "password": "s3cret-of-a-login"}],
    }.items():
        assert {admin.post(f"/api/v1/{kind}s", body).status_code for body in bodies} == {201}
    *_, last = [admin.post("/api/v1/instances", body).json["data"]["instance"]["id"] for body in SEED]
    assert admin.delete(f"/api/v1/instances/{last}").status_code == 200
    made.keep()
    yield made
    made.close()
    shutil.rmtree(folder)


def live(house: Refilled, how: settings) -> None:
    machine = type("Machine", (RegisterMachine,), {"house": house})
    run_state_machine_as_test(machine, settings=how)


class TestTheRegister:
    def test_does_what_a_dictionary_would(self, house: Refilled) -> None:
        live(house, SHORT)

    @pytest.mark.slow
    def test_does_so_for_long(self, house: Refilled) -> None:
        live(house, LONG)
