"""Many callers and many workers at once, over one store."""

import base64
import os
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.api import PASSWORD, an_instance
from tests.support.server import HttpCaller, Server, run, start

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


class TestTheSameWantedByManyAtOnce:
    """Whoever says what shall be gets it, whoever else said the same a moment before."""

    @pytest.mark.parametrize("name", ["wanted-1", "wanted-2", "wanted-3"])
    def test_is_registered_once_and_then_found_as_it_shall_be(
        self, server: Server, admin: HttpCaller, name: str
    ) -> None:
        clients = [server.client(cookies=admin.client.cookies) for _ in range(CALLERS)]
        path, body = f"/api/v1/instances/by-name/{name}", an_instance(name=name, host=f"{name}.example.com")

        answers = at_once(lambda number: HttpCaller(clients[number], admin.token).put(path, body))

        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: CALLERS - 1}
        assert {answer.json()["data"]["instance"]["version"] for answer in answers} == {1}
        for client in clients:
            client.close()

    def test_is_imported_once_and_then_found_unchanged(self, server: Server, admin: HttpCaller) -> None:
        clients = [server.client(cookies=admin.client.cookies) for _ in range(8)]
        rows = "".join(f"many-{number},mysql,many-{number}.example.com,3306\n" for number in range(300))
        file = {"file": ("same.csv", f"name,db_type,host,port\n{rows}".encode())}

        def take_in(number: int):
            headers = {"X-CSRFToken": admin.token}
            return clients[number].post("/api/v1/instances/import", files=file, headers=headers)

        answers = at_once(take_in, times=8)

        assert Counter(answer.status_code for answer in answers) == {200: 8}, answers[-1].text
        taken = [answer.json()["data"]["import"]["summary"] for answer in answers]
        assert Counter(summary["insert"] for summary in taken) == {300: 1, 0: 7}
        assert Counter(summary["unchanged"] for summary in taken) == {300: 7, 0: 1}
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


class TestTwoAdministrators:
    @pytest.mark.parametrize("body", [{"role": "viewer"}, None], ids=["demote", "disable"])
    def test_who_shut_each_other_out_at_once_leave_one(self, server: Server, admin: HttpCaller, body: dict) -> None:
        users = {one["username"]: one["id"] for one in admin.get("/api/v1/users").json()["data"]["items"]}
        if "second" not in users:
            second = {"username": "second", "password": PASSWORD, "role": "admin"}
            users["second"] = admin.post("/api/v1/users", second).json()["data"]["user"]["id"]
        names = ("admin", "second")
        callers = [with_token(server, name) for name in names]

        def shut_out(number: int):
            path = f"/api/v1/users/{users[names[1 - number]]}"
            return callers[number].put(path, body) if body else callers[number].post(f"{path}/disable")

        answers = at_once(shut_out, times=2)

        # The other one may be no administrator any more, or be dead, before the second call is looked at.
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(200) == 1, [answer.text for answer in answers]
        assert {200, 409, 403, 401} >= set(statuses)
        winner = callers[statuses.index(200)]
        listed = winner.get("/api/v1/users").json()["data"]["items"]
        assert [one["role"] for one in listed if one["role"] == "admin" and one["is_active"]] == ["admin"]
        loser = f"/api/v1/users/{users[names[1 - statuses.index(200)]]}"
        assert winner.put(loser, {"role": "admin"}).status_code == winner.post(f"{loser}/enable").status_code == 200
        for caller in callers:
            caller.client.close()


def with_token(server: Server, username: str) -> HttpCaller:
    """Return a caller who has a token and no cookie."""
    made = run("token", "create", f"ci-{os.urandom(4).hex()}", "--user", username, folder=server.folder)
    assert made.returncode == 0, made.stderr
    return HttpCaller(server.client(headers={"Authorization": f"Bearer {made.stdout.strip()}"}))
