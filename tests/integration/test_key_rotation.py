"""A server with two workers gets another key while credentials are written; the rotation is killed on its way."""

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.core.crypto import Sealed, parse_keys
from tests.support.server import Server, run, serving, start, wait_until

MUSTER = "from app.bootstrap import main; main()"
SECRET = "s3cret-of-the-database"
MANY = 800
NOT_BOUND = json.dumps({"hosts": [], "suffixes": [], "networks": [], "engines": []})


def command(folder: Path, *arguments: str, refused: bool = False) -> str:
    done = run("keys", *arguments, folder=folder)
    assert (done.returncode == 1) is refused, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr if refused else done.stdout.strip()


def rows(folder: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "muster.db", timeout=30)) as connection:
        return connection.execute(sql).fetchall()


def fill(folder: Path, number: int) -> None:
    """Store credentials as the server would, without a call for each."""
    ring = parse_keys((folder / "keys").read_text(encoding="utf-8"))
    values = []
    for position in range(number):
        seal_id = f"{position:032x}"
        sealed = ring.seal(SECRET, table="credentials", column="password", seal_id=seal_id)
        values.append((f"filled-{position}", seal_id, sealed.key_id, sealed.blob, NOT_BOUND))
    with closing(sqlite3.connect(folder / "muster.db", timeout=30)) as connection:
        connection.executemany(
            "INSERT INTO credentials (name, username, seal_id, password_key_id, password_blob, bindings, created_at,"
            " updated_at, version) VALUES (?, 'u', ?, ?, ?, ?, '2026-11-01', '2026-11-01', 1)",
            values,
        )
        connection.commit()


class Writer(threading.Thread):
    """Adds and changes credentials until it is told to end; remembers the last password of each."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.caller = server.caller()
        self.known: dict[str, str] = {}
        self.failed: list[str] = []
        self.ended = threading.Event()

    def run(self) -> None:
        for number in range(10_000):
            if self.ended.is_set():
                break
            name, password = f"written-{number}", f"password of {number}"
            made = self.caller.post("/api/v1/credentials", {"name": name, "username": "u", "password": password})
            changed = self.caller.put(
                "/api/v1/credentials/" + str(number % MANY + 1),
                {"name": f"filled-{number % MANY}", "username": "u", "password": f"changed {number}"},
            )
            if (made.status_code, changed.status_code) != (201, 200):
                self.failed.append(f"{made.text} {changed.text}")
            self.known.update({name: password, f"filled-{number % MANY}": f"changed {number}"})
        self.caller.client.close()


def both_report(folder: Path, ids: list[str]):
    def holds() -> bool:
        told = [json.loads(text) for (text,) in rows(folder, "SELECT key_ids FROM processes ORDER BY seen_at DESC")]
        return told[:2] == [ids] * 2

    return holds


def wake(server: Server) -> None:
    """Call until both workers have answered: each opens the store, and reports, with its first request."""

    def both() -> bool:
        with server.client() as client:
            client.get("/api/v1/auth/csrf-token")
        return rows(server.folder, "SELECT count(*) FROM processes") == [(2,)]

    wait_until(both, seconds=60, what="the report of two workers")


def test_a_key_is_replaced_under_load_and_kill_9(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder, workers=2, heartbeat_seconds=1) as server:
        wake(server)
        fill(folder, MANY)
        [(old,)] = rows(folder, "SELECT key_id FROM key_probes")
        old_cookie = server.caller()

        with stopped(server.workers()[0]):
            new = command(folder, "add")
            refusal = command(folder, "promote", new, refused=True)
        wait_until(both_report(folder, [old, new]), seconds=60, what="the report of the added key")
        command(folder, "promote", new)
        writer = Writer(server)
        writer.start()
        try:
            swapped_before_the_kill = kill_on_the_way(folder, old)
            command(folder, "rotate")
            wait_until(both_report(folder, [new, old]), seconds=60, what="the report of the promoted key")
        finally:
            writer.ended.set()
            writer.join(60)
        command(folder, "rotate")
        checked = json.loads(command(folder, "check", "--json"))
        assert old_cookie.get("/api/v1/auth/me").status_code == 200
        command(folder, "drop", old)
        wait_until(both_report(folder, [new]), seconds=60, what="the report of the dropped key")
        with server.caller() as caller:
            body = {"name": "afterwards", "username": "u", "password": "p"}
            assert caller.post("/api/v1/credentials", body).status_code == 201
        old_cookie.client.close()
    assert rows(folder, "SELECT count(*) FROM processes") == [(0,)], "who goes in order takes itself out"

    assert f"do not report the key {new}" in refusal
    assert 0 < swapped_before_the_kill < MANY
    assert writer.failed == []
    assert len(writer.known) > 2
    assert checked["faults"] == []
    assert [one["cells"] for one in checked["keys"]] == [
        {"credentials.password": len({*writer.known, *(f"filled-{n}" for n in range(MANY))}), "key_probes.blob": 1},
        {},
    ]
    opens_with_the_new_key_alone(folder, writer.known)
    nothing_of_the_rows_but_the_seal_has_changed(folder, set(writer.known))


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Let a process stand still; it lives, and cannot report what it has not taken up."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def kill_on_the_way(folder: Path, old: str) -> int:
    """Kill a rotation once it has begun to swap; returns how many cells it had done."""
    process = start(MUSTER, "keys", "rotate", folder=folder)
    untouched = f"SELECT count(*) FROM credentials WHERE name LIKE 'filled-%' AND password_key_id = '{old}'"
    try:
        wait_until(lambda: rows(folder, untouched)[0][0] < MANY - 100, seconds=60, what="the first batch")
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return MANY - rows(folder, untouched)[0][0]


def opens_with_the_new_key_alone(folder: Path, known: dict[str, str]) -> None:
    ring = parse_keys((folder / "keys").read_text(encoding="utf-8"))
    assert len(ring.ids) == 1
    cells = rows(folder, "SELECT name, seal_id, password_key_id, password_blob FROM credentials")
    found = {
        name: ring.open(Sealed(key_id, blob), table="credentials", column="password", seal_id=seal_id)
        for name, seal_id, key_id, blob in cells
    }
    assert found.pop("afterwards") == "p"
    assert found == {**dict.fromkeys((f"filled-{number}" for number in range(MANY)), SECRET), **known}


def nothing_of_the_rows_but_the_seal_has_changed(folder: Path, changed: set[str]) -> None:
    touched = rows(folder, "SELECT name FROM credentials WHERE name LIKE 'filled-%' AND version <> 1")
    assert {name for (name,) in touched} <= changed
    actions = [action for (action,) in rows(folder, "SELECT action FROM audit_events WHERE entity_type = 'keys'")]
    assert actions[:2] == ["keys.add", "keys.promote"]
    assert actions[-1] == "keys.drop"
    assert set(actions[2:-1]) == {"keys.rotate"}
