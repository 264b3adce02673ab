"""Safe writes under load and across a crash, against the real server."""

import socket
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.integration.test_concurrency import CALLERS, at_once
from tests.support.api import an_instance
from tests.support.server import HttpCaller, Server, serving, start

INSTANCES = "/api/v1/instances"

# A process that dies right after a COMMIT, as soon as the file is there: the change is made, nobody hears of it.
DIES_AFTER_COMMIT = """
import os, sys
from pathlib import Path
from werkzeug.serving import make_server
from app.bootstrap import create_app
from app.core.db import session
port, trap, commit = int(sys.argv[1]), Path(sys.argv[2]), session.Database._commit
def commit_and_die(*arguments):
    commit(*arguments)
    if trap.exists():
        os._exit(9)
session.Database._commit = commit_and_die
make_server("127.0.0.1", port, create_app(), threaded=True).serve_forever()
"""


def many(server: Server, admin: HttpCaller) -> list[HttpCaller]:
    return [HttpCaller(server.client(cookies=admin.client.cookies), admin.token) for _ in range(CALLERS)]


class TestWritersWithOneVersion:
    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    def test_sixteen_at_once_are_one_success(self, server: Server, admin: HttpCaller, method: str) -> None:
        body = an_instance(name=f"etag-{method.lower()}")
        row = admin.post(INSTANCES, body).json()["data"]["instance"]
        callers = many(server, admin)

        answers = at_once(
            lambda number: callers[number].call(
                method, f"{INSTANCES}/{row['id']}", {**body, "port": 6000 + number}, headers={"If-Match": '"1"'}
            )
        )

        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: CALLERS - 1}
        lost = [answer.json() for answer in answers if answer.status_code == 412]
        assert {(one["message_code"], one["extra"]["current_version"]) for one in lost} == {("PRECONDITION_FAILED", 2)}
        won = next(answer for answer in answers if answer.status_code == 200).json()["data"]["instance"]
        now = admin.get(f"{INSTANCES}/{row['id']}").json()["data"]["instance"]
        assert (now["version"], now["port"]) == (2, won["port"])
        for caller in callers:
            caller.client.close()


class TestTheNoteOfAChange:
    def test_is_refused_rather_than_lost(self, server: Server, admin: HttpCaller) -> None:
        """The server hands a header with bytes beyond ASCII over as an empty one."""
        raw = admin.patch(f"{INSTANCES}/1", {}, headers={"X-Change-Reason": "搬迁".encode()})
        row = admin.post(INSTANCES, an_instance(name="noted"), headers={"X-Change-Reason": "UTF-8''%E6%90%AC"}).json()

        assert raw.status_code == 400
        assert [(one["field"], one["code"]) for one in raw.json()["extra"]["fields"]] == [
            ("X-Change-Reason", "header_empty")
        ]
        history = admin.get(f"{INSTANCES}/{row['data']['instance']['id']}/history").json()["data"]["items"]
        assert [event["reason"] for event in history] == ["搬"]


class TestOneKeyFromManyCallers:
    def test_makes_one_instance(self, server: Server, admin: HttpCaller) -> None:
        body, headers = an_instance(name="once"), {"Idempotency-Key": "retry-storm"}
        callers = many(server, admin)

        answers = at_once(lambda number: callers[number].post(INSTANCES, body, headers=headers))

        counted = Counter(answer.status_code for answer in answers)
        assert set(counted) <= {201, 409}
        assert counted[201] >= 1
        refused = {answer.json()["extra"]["reason"] for answer in answers if answer.status_code == 409}
        assert refused <= {"error.still_running"}
        assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
        assert admin.get(f"{INSTANCES}?search=once").json()["data"]["total"] == 1
        assert admin.post(INSTANCES, body, headers=headers).status_code == 201
        for caller in callers:
            caller.client.close()


class TestACrashBetweenWriteAndAnswer:
    def test_and_the_retry_make_one_instance(self, tmp_path: Path) -> None:
        folder, trap = tmp_path / "data", tmp_path / "trap"
        body, headers = an_instance(name="survivor"), {"Idempotency-Key": "crash-1"}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = start(DIES_AFTER_COMMIT, str(port), str(trap), folder=folder)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            _wait_for(client)
            caller = HttpCaller(client).log_in("admin")
            trap.touch()

            with pytest.raises(httpx.TransportError):
                caller.post(INSTANCES, body, headers=headers)

        assert process.wait(30) == 9
        process.communicate(timeout=30)
        with serving(folder, workers=2) as server, server.caller() as again:
            answer = again.post(INSTANCES, body, headers=headers)
            found = again.get(f"{INSTANCES}?search=survivor").json()["data"]["items"]

        assert (answer.status_code, answer.headers["Idempotency-Replayed"]) == (201, "true")
        assert [one["id"] for one in found] == [answer.json()["data"]["instance"]["id"]]


def _wait_for(client: httpx.Client) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            client.get("/api/v1/auth/csrf-token")
        except httpx.TransportError:
            assert time.monotonic() < end, "the process did not answer"
            time.sleep(0.05)
        else:
            return
