"""The metrics of a server with several processes: summed, kept over the death of one, served at two doors."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.server import Server, free_port, run, serving, wait_until

TOKEN = "planted-token-of-the-metrics"
PATH = "/api/v1/auth/csrf-token"
COUNTED = f'muster_http_requests_total{{method="GET",route="{PATH}",status="200"}}'


@pytest.fixture
def at() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def measured(tmp_path: Path, at: str) -> Iterator[Server]:
    with serving(tmp_path / "data", workers=2, metrics_token=TOKEN, metrics_address=at) as server:
        yield server


def count(text: str, name: str) -> float:
    [value] = [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(value)


def by_token(server: Server) -> str:
    answer = httpx.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
    assert answer.status_code == 200
    return answer.text


def by_address(at: str) -> str | None:
    try:
        answer = httpx.get(f"http://{at}/metrics", trust_env=False)
    except httpx.TransportError:
        return None
    assert answer.status_code == 200
    return answer.text


def wait_for_workers_that_count(server: Server, number: int) -> None:
    """Return once so many workers hold a place of their own; one that answers does, the others may be starting."""
    wait_until(
        lambda: len(list((server.folder / "metrics").glob("counter_*.db"))) == number,
        seconds=30,
        what=f"{number} workers that count",
    )


class TestTheMetrics:
    def test_are_summed_over_the_workers_and_outlive_one(self, measured: Server, at: str) -> None:
        wait_for_workers_that_count(measured, 2)
        before = count(by_token(measured), COUNTED)
        for _ in range(20):
            with measured.client() as client:  # a connection of its own, so that both workers get some
                client.get(PATH)
        wait_until(lambda: by_address(at) is not None, what="the metrics' address")

        assert count(by_token(measured), COUNTED) == before + 20
        assert count(by_address(at) or "", COUNTED) == before + 20

        workers = measured.workers()
        for worker in workers:  # one of them served the address
            os.kill(worker, signal.SIGKILL)
        wait_until(
            lambda: len(measured.workers()) == 2 and not set(workers) & set(measured.workers()),
            seconds=30,
            what="two new workers",
        )
        measured.wait()
        wait_until(lambda: by_address(at) is not None, seconds=30, what="another process at the metrics' address")
        wait_for_workers_that_count(measured, 2)

    def test_go_on_where_a_dead_worker_left_them(self, measured: Server) -> None:
        wait_for_workers_that_count(measured, 2)
        before = count(by_token(measured), COUNTED)
        [victim, _] = measured.workers()

        os.kill(victim, signal.SIGKILL)
        wait_until(
            lambda: len(measured.workers()) == 2 and victim not in measured.workers(), seconds=30, what="a new worker"
        )
        measured.wait()

        assert count(by_token(measured), COUNTED) >= before
        wait_for_workers_that_count(measured, 2)

    def test_lie_in_a_folder_of_the_owner_alone(self, measured: Server) -> None:
        assert (measured.folder / "metrics").stat().st_mode & 0o777 == 0o700


class TestAnAddressThatIsTaken:
    def test_stops_the_start(self, measured: Server, at: str, tmp_path: Path) -> None:
        wait_until(lambda: by_address(at) is not None, what="the metrics' address")

        done = run("serve", "--port", str(free_port()), folder=tmp_path / "other", metrics_address=at)

        assert done.returncode == 1
        assert at.rpartition(":")[2] in done.stderr
