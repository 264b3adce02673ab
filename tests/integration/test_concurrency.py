"""Many callers and many workers at once, over one store."""

import base64
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.api import an_instance
from tests.support.server import HttpCaller, Server, start

CALLERS = 16
FIRST_REQUEST = """
from app import create_app
print(create_app().test_client().get("/api/v1/auth/csrf-token").status_code)
"""


def at_once(work, *, times: int = CALLERS) -> list:
    """Run `work(number)` in as many threads, all let go at the same moment."""
    gate = threading.Barrier(times, timeout=30)

    def wait_and_work(number: int):
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(wait_and_work, range(times)))


class TestANameRacedByManyClients:
    @pytest.mark.parametrize("name", ["raced-1", "raced-2", "竞争"])
    def test_is_won_by_exactly_one(self, server: Server, admin: HttpCaller, name: str) -> None:
        clients = [server.client(cookies=admin.client.cookies) for _ in range(CALLERS)]

        answers = at_once(
            lambda number: HttpCaller(clients[number], admin.token).post("/api/v1/instances", an_instance(name=name))
        )

        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CALLERS - 1}
        assert {answer.json()["message_code"] for answer in answers if answer.status_code == 409} == {
            "CONSTRAINT_VIOLATION"
        }
        winner = next(answer for answer in answers if answer.status_code == 201).json()["data"]["instance"]
        found = admin.get(f"/api/v1/instances?search={name}").json()["data"]["items"]
        assert [one["id"] for one in found] == [winner["id"]]
        history = admin.get(f"/api/v1/instances/{winner['id']}/history").json()["data"]
        assert history["total"] == 1
        for client in clients:
            client.close()


@pytest.mark.sqlite
class TestWorkersThatStartAtOnceOnANewFolder:
    def test_make_one_administrator_and_one_key(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"
        processes = [start(FIRST_REQUEST, folder=folder, admin_password=None) for _ in range(5)]

        spoken = [process.communicate(timeout=90) for process in processes]

        assert [out.strip() for out, _ in spoken] == ["200"] * 5, spoken
        keys = (folder / "keys").read_text(encoding="ascii").split()
        assert len(keys) == 1
        assert len(base64.b64decode(keys[0].partition(":")[2])) == 32
        assert (folder / "initial-admin-password").stat().st_mode & 0o777 == 0o600
        with sqlite3.connect(folder / "muster.db") as store:
            assert store.execute("SELECT username, role FROM users").fetchall() == [("admin", "admin")]
            assert store.execute("SELECT count(*) FROM key_probes").fetchone() == (1,)
        store.close()

    def test_tell_the_log_where_the_password_is_and_not_what_it_is(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"

        out, err = start(FIRST_REQUEST, folder=folder, admin_password=None).communicate(timeout=60)

        password = (folder / "initial-admin-password").read_text(encoding="ascii").strip()
        assert str(folder / "initial-admin-password") in err
        assert password not in out + err
