"""Checks on a served Muster: seen from every process, bounded, ended by whoever is left, and TCP alone for real."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pytest

from tests.support.api import an_instance
from tests.support.ports import free_port
from tests.support.register import stored
from tests.support.server import HttpCaller, Server, serving, wait_until
from tests.support.store import open_store

CHECK_THREADS = 2
PATIENT = {"connect_timeout_ms": 60_000, "deadline_ms": 60_000}  # whoever ends it, no limit of its own does


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers that run two checks each, and let none wait."""
    folder = tmp_path_factory.mktemp("checks") / "data"
    with serving(folder, workers=2, check_threads=CHECK_THREADS, check_queue=0) as running:
        yield running


@pytest.fixture(scope="module")
def admin(server: Server) -> Iterator[HttpCaller]:
    with server.caller() as caller:
        yield caller


@contextmanager
def listening() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener.getsockname()[1]


@contextmanager
def gated() -> Iterator[tuple[int, Callable[[], None]]]:
    """A port whose queue is full, so that a connection is neither taken nor refused, until the gate is opened.

    Yields the port, and what opens the gate; the next attempt of the system's TCP gets in then.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        taking = threading.Thread(target=_take_all, args=(listener,))
        try:
            yield listener.getsockname()[1], taking.start
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # which ends an `accept` that waits
            if taking.ident is not None:
                taking.join(10)


def _take_all(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            listener.accept()[0].close()


@contextmanager
def silent() -> Iterator[int]:
    """A port that neither takes nor refuses a connection."""
    with gated() as (port, _):
        yield port


_names = iter(range(1, 1_000))


def registered(admin: HttpCaller, port: int, **fields: Any) -> int:
    body = an_instance(name=f"db-{next(_names)}", db_type="redis", host="127.0.0.1", port=port, **fields)
    answer = admin.post("/api/v1/instances", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["data"]["instance"]["id"])


def begin(caller: HttpCaller, instance_id: int, query: str = "?wait=false") -> Any:
    return caller.post(f"/api/v1/instances/{instance_id}/check{query}")


def on_new_connections(server: Server, admin: HttpCaller, path: str, times: int) -> list[dict[str, Any]]:
    """Ask over connections of their own: the workers share the port, and each connection goes to one of them."""

    def ask(_: int) -> dict[str, Any]:
        with server.client(cookies=admin.client.cookies) as client:
            found: dict[str, Any] = client.get(path).json()["data"]["check"]
            return found

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(times)))


class TestAnEngineWithoutAnAdapter:
    def test_is_dialled_and_no_more(self, admin: HttpCaller) -> None:
        with listening() as port:
            answer = begin(admin, registered(admin, port), query="")

        check = answer.json()["data"]["check"]
        assert answer.status_code == 200
        assert (check["outcome"], check["cause"], check["address"]) == ("reachable", "not_implemented", "127.0.0.1")
        assert [one["step"] for one in check["steps"] if one["outcome"] == "ok"] == ["guard", "resolve", "connect"]

    def test_fails_where_nobody_listens(self, admin: HttpCaller) -> None:
        check = begin(admin, registered(admin, free_port()), query="").json()["data"]["check"]

        assert (check["outcome"], check["cause"]) == ("failed", "connect.refused")
        assert str(check["port"]) in check["remedy"]

    def test_is_given_up_at_the_deadline(self, admin: HttpCaller) -> None:
        with silent() as port:
            instance_id = registered(admin, port, connect_timeout_ms=60_000, deadline_ms=1_000)
            took = [begin(admin, instance_id, query="").json()["data"]["check"] for _ in range(3)]

        assert {(one["outcome"], one["cause"]) for one in took} == {("failed", "connect.timeout")}
        assert min(one["took_ms"] for one in took) < 1_500


class TestACheckThatRuns:
    def test_is_seen_from_every_worker(self, server: Server, admin: HttpCaller) -> None:
        with gated() as (port, let_in):
            instance_id = registered(admin, port, **PATIENT)
            begun = begin(admin, instance_id)
            path = begun.headers["Location"]
            wait_until(lambda: len(admin.get(path).json()["data"]["check"]["steps"]) == 2, what="two steps")

            seen = on_new_connections(server, admin, path, times=24)
            let_in()
            wait_until(
                lambda: admin.get(path).json()["data"]["check"]["status"] == "finished", seconds=50, what="the end"
            )
            ended = on_new_connections(server, admin, path, times=24)

        assert begun.status_code == 202
        assert {(one["status"], len(one["steps"])) for one in seen} == {("running", 2)}
        assert {(one["status"], one["cause"]) for one in ended} == {("finished", "not_implemented")}

    def test_leaves_no_place_for_more_than_the_pools_take(self, server: Server, admin: HttpCaller) -> None:
        clients = [server.client(cookies=admin.client.cookies) for _ in range(24)]
        callers = [HttpCaller(client, admin.token) for client in clients]
        with gated() as (port, let_in):
            instance_id = registered(admin, port, **PATIENT)
            with ThreadPoolExecutor(len(callers)) as pool:
                answers = list(pool.map(lambda one: begin(one, instance_id), callers))
            made = admin.get(f"/api/v1/instances/{instance_id}/checks").json()["data"]["total"]
            let_in()
            wait_until(lambda: begin(admin, instance_id).status_code == 202, seconds=50, what="a free place")
            wait_until(lambda: _none_runs(admin, instance_id), seconds=50, what="the end of all")
        for client in clients:
            client.close()

        statuses = [answer.status_code for answer in answers]
        assert set(statuses) == {202, 429}
        assert statuses.count(202) == made <= 2 * CHECK_THREADS
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert refused.json()["message_code"] == "RATE_LIMIT_EXCEEDED"
        assert int(refused.headers["Retry-After"]) >= 1


def _none_runs(admin: HttpCaller, instance_id: int) -> bool:
    items = admin.get(f"/api/v1/instances/{instance_id}/checks?limit=100").json()["data"]["items"]
    return all(one["status"] == "finished" for one in items)


class TestAKilledWorker:
    def test_leaves_a_check_that_ends_as_interrupted(self, server: Server, admin: HttpCaller) -> None:
        with silent() as port, listening() as other:
            instance_id = registered(admin, port, connect_timeout_ms=60_000, deadline_ms=4_000)
            path = begin(admin, instance_id).headers["Location"]
            wait_until(lambda: len(_asked(server, admin, path)["steps"]) == 2, what="two steps")
            for pid in server.workers():
                os.kill(pid, signal.SIGKILL)
            at_first = _asked(server, admin, path)
            wait_until(lambda: _asked(server, admin, path)["status"] == "finished", seconds=20, what="the end")
            with server.caller() as anew:
                check = anew.get(path).json()["data"]["check"]
                begin(anew, registered(anew, other), query="")
                detail = f"/api/v1/instances/{instance_id}"
                wait_until(
                    lambda: anew.get(detail).json()["data"]["instance"]["last_cause"] == "check.interrupted",
                    what="the next writer to write it down",
                )

        assert at_first["status"] == "running"
        assert (check["outcome"], check["cause"], check["took_ms"]) == ("failed", "check.interrupted", None)
        assert [one["step"] for one in check["steps"]] == ["guard", "resolve"]


def _asked(server: Server, admin: HttpCaller, path: str) -> dict[str, Any]:
    """Ask until a worker answers: the killed ones are being replaced."""
    found: list[dict[str, Any]] = []

    def answers() -> bool:
        try:
            found.append(on_new_connections(server, admin, path, times=1)[0])
        except httpx.TransportError:
            return False
        return bool(found)

    wait_until(answers, seconds=30, what="an answer")
    return found[-1]


class TestTheEndOfAServer:
    def test_writes_down_what_it_interrupts(self, tmp_path: Any) -> None:
        folder = tmp_path / "data"
        with silent() as port, serving(folder, check_threads=2) as server, server.caller() as caller:
            instance_id = registered(caller, port, connect_timeout_ms=60_000, deadline_ms=60_000)
            path = begin(caller, instance_id).headers["Location"]
            wait_until(lambda: len(caller.get(path).json()["data"]["check"]["steps"]) == 2, what="two steps")
        database = open_store(folder)
        ends = stored(database, "SELECT status, outcome, cause FROM checks")
        database.close()

        assert ends == [("finished", "failed", "check.interrupted")]


@pytest.mark.slow
class TestManyAtOnce:
    def test_all_end_and_the_list_answers_meanwhile(self, tmp_path: Any) -> None:
        with listening() as port, serving(tmp_path / "data") as server, server.caller() as caller:
            ids = [registered(caller, port) for _ in range(20)]
            token = caller.token
            clients = [server.client(cookies=caller.client.cookies) for _ in range(8)]
            lists = []
            done = threading.Event()

            def look() -> None:
                with server.client(cookies=caller.client.cookies) as client:
                    while not done.is_set():
                        lists.append(client.get("/api/v1/instances").status_code)

            looking = threading.Thread(target=look)
            looking.start()
            with ThreadPoolExecutor(8) as pool:
                work = ((HttpCaller(clients[number % 8], token), one) for number, one in enumerate(ids * 3))
                answers = list(pool.map(lambda pair: begin(*pair, query=""), work))
            done.set()
            looking.join(20)
            for client in clients:
                client.close()

        assert {answer.status_code for answer in answers} <= {200, 202}
        assert set(lists) == {200}
        outcomes = {answer.json()["data"]["check"]["outcome"] for answer in answers if answer.status_code == 200}
        assert outcomes == {"reachable"}
