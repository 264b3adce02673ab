"""How the server ends: running requests finish, nobody is left behind, the log tells it in one format."""

import json
import os
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.api import an_instance
from tests.support.server import Server, serving, wait_until


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def accepts_connections(server: Server) -> bool:
    try:
        server.connect().close()
    except OSError:
        return False
    return True


def lines(server: Server, event: str) -> list[dict]:
    return [line for line in map(json.loads, server.log.splitlines()) if line["event"] == event]


class TestSigterm:
    def test_lets_a_write_finish_that_waits_for_the_store(self, tmp_path: Path) -> None:
        answers = []
        with serving(tmp_path / "data", workers=2, log_format="json") as server:
            admin = server.caller()
            with closing(sqlite3.connect(tmp_path / "data" / "muster.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                write = threading.Thread(
                    target=lambda: answers.append(admin.post("/api/v1/instances", an_instance(name="last-one")))
                )
                write.start()
                wait_until(lambda: not write.is_alive() or waits_for_the_store(server), what="the write")
                server.ask_to_end()
                wait_until(lambda: not accepts_connections(server), what="the end of listening")
                assert not answers, "the write must still be running"
                other.execute("ROLLBACK")
            write.join(30)
            admin.client.close()

            assert [answer.status_code for answer in answers] == [201]
            assert server.stop() == 0
        [line] = [line for line in lines(server, "request") if line["action"] == "instance.create"]
        assert (line["status"], line["user"], line["route"]) == (201, "admin", "/api/v1/instances")

    def test_leaves_counted_refusals_and_no_open_end_in_the_trail(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"
        with serving(folder, workers=2, audit_seal_seconds=3600) as server, server.caller(None) as stranger:
            stranger.token = stranger.get("/api/v1/auth/csrf-token").json()["data"]["csrf_token"]
            for _ in range(3):
                wrong = {"username": "admin", "password": "no password of hers"}
                assert stranger.post("/api/v1/auth/login", wrong).status_code == 401

        with closing(sqlite3.connect(folder / "muster.db")) as store:
            told = store.execute("SELECT changes FROM audit_events WHERE action = 'session.refused'").fetchall()
            [(newest,)] = store.execute("SELECT max(id) FROM audit_events").fetchall()
            [(sealed,)] = store.execute("SELECT max(last_id) FROM audit_seals").fetchall()
        counts = [change["after"] for [text] in told for change in json.loads(text) if change["field"] == "count"]
        assert (sum(counts), sealed) == (3, newest)


def waits_for_the_store(server: Server) -> bool:
    """Tell whether a worker polls for the lock: SQLite sleeps between its tries in a system call of its own."""
    for pid in server.workers():
        for task in Path(f"/proc/{pid}/task").iterdir():
            if "nanosleep" in (task / "wchan").read_text(encoding="ascii"):
                return True
    return False


class TestAKilledSupervisor:
    def test_takes_its_workers_along(self, tmp_path: Path) -> None:
        server = Server(tmp_path / "data", workers=2).wait()
        workers = server.workers()
        assert len(workers) == 2
        try:
            os.kill(server.process.pid, signal.SIGKILL)

            wait_until(lambda: not any(map(lives, workers)), seconds=30, what="the end of the workers")
            assert not accepts_connections(server)
        finally:
            server.kill()


class TestTheServersOwnLines:
    @pytest.mark.parametrize("log_format", ["json", "console"])
    def test_have_the_format_of_all_others(self, tmp_path: Path, log_format: str) -> None:
        with serving(tmp_path / "data", log_format=log_format) as server:
            [worker] = server.workers()
            os.kill(worker, signal.SIGKILL)
            wait_until(lambda: server.workers() not in ([], [worker]), seconds=30, what="a new worker")
            server.wait()

            [line] = [line for line in server.log.splitlines() if "Unexpected exit from worker" in line]
        if log_format == "json":
            assert json.loads(line)["logger"] == "_granian"
            assert all(json.loads(line) for line in server.log.splitlines())
        else:
            assert "[error    ]" in line


class TestHealth:
    def test_is_told_by_a_server_that_cannot_use_its_store(self, tmp_path: Path) -> None:
        with serving(tmp_path / "data") as server, server.client() as client:
            assert [client.get(f"/health/{kind}").status_code for kind in ("live", "ready")] == [200, 200]

            with closing(sqlite3.connect(tmp_path / "data" / "muster.db")) as store:
                store.execute("UPDATE alembic_version SET version_num = '0999'")
                store.commit()

            live, ready = client.get("/health/live"), client.get("/health/ready")
            assert (live.status_code, ready.status_code) == (200, 503)
            assert ready.json()["extra"]["part"] == "schema"
