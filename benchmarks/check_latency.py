"""How long a list takes while a thousand checks run, beside how long it takes when nothing does.

Run, as root on Debian (it starts a PostgreSQL and a MariaDB server of its own):
uv run python benchmarks/check_latency.py [--checks 1000] [--workers 1] [--callers 8]

One `muster serve`; one client asks for the first page of the list again and again, before and while another one has
every instance checked (`POST /instances/<id>/check?wait=false`, so many calls at a time). What counts is the ratio of
the medians, and that of the 95th percentiles. With as many callers as a worker has threads (8) a list may also have to
wait until one of the calls is answered; fewer callers show what is left without that. The floor is the same list while
the bare drivers of `check_cost.py` visit the same servers from a process of their own: what is left there the machine
owes to the database servers alone.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.check_cost import ADMIN_PASSWORD, Floor, Muster, endpoints, servers, statements
from tests.support.server import HttpCaller, Server, serving

_IDLE_CALLS = 300
_CHECK_THREADS = 32
_PAGE = "/api/v1/instances?limit=20"


def latency_ms(caller: HttpCaller) -> float:
    """Return how long one page takes."""
    began = time.perf_counter()
    assert caller.get(_PAGE).status_code == 200
    return (time.perf_counter() - began) * 1000


def check_all(server: Server, ids: list[int], callers: int) -> None:
    """Have every instance checked; a busy Muster is asked again."""
    with server.caller("admin", ADMIN_PASSWORD) as caller, ThreadPoolExecutor(callers) as pool:

        def check(instance_id: int) -> None:
            while caller.post(f"/api/v1/instances/{instance_id}/check?wait=false").status_code != 202:
                time.sleep(0.2)

        list(pool.map(check, ids))


def running(caller: HttpCaller, total: int) -> bool:
    """Tell whether there is an instance whose check has not ended yet."""
    return int(caller.get("/api/v1/instances?checked=true&limit=1").json()["data"]["total"]) < total


def while_running(work: Callable[[], None], caller: HttpCaller, goes_on: Callable[[], bool]) -> list[float]:
    """Return how long each page takes while a process of its own works, and for as long as something goes on."""
    # its threads are not to slow down the client that measures
    driver = multiprocessing.get_context("fork").Process(target=work)
    driver.start()
    taken: list[float] = []
    while driver.is_alive() or goes_on():
        taken += [latency_ms(caller) for _ in range(10)]
    driver.join()
    return taken


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checks", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--callers", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, servers(Path(name)) as ports, ExitStack() as stack:
        wanted = endpoints(given.checks, ports, stack)
        bare = Floor(wanted, statements(ports), threads=_CHECK_THREADS)
        folder = Path(name) / "store"
        folder.mkdir(mode=0o700)
        register = Muster(folder, wanted, threads=_CHECK_THREADS)
        register.close()
        server = stack.enter_context(serving(folder, workers=given.workers, allow_loopback=True))
        caller = stack.enter_context(server.caller("admin", ADMIN_PASSWORD))
        idle = [latency_ms(caller) for _ in range(_IDLE_CALLS)]
        floor = while_running(bare.run, caller, lambda: False)
        began = time.monotonic()
        check = partial(check_all, server, register.ids, given.callers)
        busy = while_running(check, caller, lambda: running(caller, len(wanted)))
        print(f"{len(wanted)} checks in {time.monotonic() - began:.1f} s, {given.workers} worker(s)")
        for title, at in (("median", 50), ("95th percentile", 95)):
            a, b, c = (statistics.quantiles(one, n=100)[at - 1] for one in (busy, idle, floor))
            print(
                f"{title:16} while checking {a:7.2f} ms   idle {b:7.2f} ms, ratio {a / b:.2f}"
                f"   floor {c:7.2f} ms, ratio {a / c:.2f}"
            )


if __name__ == "__main__":
    main()
