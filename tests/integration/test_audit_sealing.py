"""The audit trail of a running server seals itself, while many write, and its end survives a kill."""

from pathlib import Path

from tests.integration.test_concurrency import CALLERS, at_once
from tests.support.server import HttpCaller, run, serving, wait_until


def test_two_workers_seal_what_many_write_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder, workers=2, audit_seal_seconds=1) as server, server.caller() as admin:
        callers = [HttpCaller(server.client(cookies=admin.client.cookies), admin.token) for _ in range(CALLERS)]

        def write(number: int) -> None:
            for step in range(5):
                made = callers[number].post("/api/v1/tags", {"name": f"tag-{number}-{step}"})
                assert made.status_code == 201, made.text

        at_once(write)

        def chain() -> dict:
            return admin.get("/api/v1/audit-events/chain").json()["data"]["chain"]

        wait_until(lambda: chain()["sealed"] and not chain()["unsealed"], seconds=30, what="the last seal")
        noted = chain()["sealed"]["hash"]
        for caller in callers:
            caller.client.close()
        server.kill()

    verified = run("audit", "verify", "--expect", noted, folder=folder)

    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert verified.stdout.startswith("Sound.")
    assert noted in verified.stdout
