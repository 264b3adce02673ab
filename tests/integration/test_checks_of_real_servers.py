"""From the register to a real server and back: what a person, a script and the command line see of a check."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases.mariadb_server import MariaDb, mariadb
from tests.support.databases.postgresql_server import PASSWORD as POSTGRESQL_PASSWORD
from tests.support.databases.postgresql_server import PostgresqlServer, running, with_accounts
from tests.support.planted import find
from tests.support.server import HttpCaller, Server, serving
from tests.support.store import make_settings, stored_bytes
from tests.support.tokens import new_token

SECRET = "Pl4nted-secret-of-the-monitor"
STALE = "St4le-secret-of-the-monitor"


@pytest.fixture(scope="module")
def guarded() -> Iterator[MariaDb]:
    """A server that shuts out whoever fails too often."""
    limits = ("--max-connect-errors=3", "--max-password-errors=3", "--performance-schema=ON")
    with mariadb(*limits) as server:
        server.run(
            f"CREATE USER monitor@'%' IDENTIFIED BY '{SECRET}'", f"CREATE USER other@'%' IDENTIFIED BY '{SECRET}'"
        )
        yield server


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlServer]:
    folder = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path_factory.getbasetemp()
    made = PostgresqlServer(folder / f"muster-checked-{os.getpid()}").create()
    try:
        with running([made]):
            with_accounts(made)
            yield made
    finally:
        subprocess.run(["rm", "-rf", made.folder], check=True)


@pytest.fixture(scope="module")
def muster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("checks") / "data", workers=2, log_level="debug") as server:
        yield server


@pytest.fixture
def admin(muster: Server) -> Iterator[HttpCaller]:
    with muster.caller() as caller:
        yield caller


def add(caller: HttpCaller, name: str, db_type: str, port: int, *, password: str, username: str = "monitor") -> int:
    """Register an instance with a credential of its own; returns its id."""
    login = {"name": f"login-of-{name}", "username": username, "password": password}
    credential = caller.post("/api/v1/credentials", login)
    assert credential.status_code == 201, credential.text
    body = {"name": name, "db_type": db_type, "host": "127.0.0.1", "port": port, "tls_mode": "disable"}
    made = caller.post("/api/v1/instances", {**body, "credential_id": credential.json()["data"]["credential"]["id"]})
    assert made.status_code == 201, made.text
    return int(made.json()["data"]["instance"]["id"])


def check(caller: HttpCaller, instance_id: int, **body: object) -> dict:
    answer = caller.post(f"/api/v1/instances/{instance_id}/check", body, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["check"]


class TestAPersonWhoPressesCheck:
    def test_learns_which_postgresql_it_is(self, admin: HttpCaller, cluster: PostgresqlServer) -> None:
        number = add(admin, "pg-real", "postgresql", cluster.port, password=POSTGRESQL_PASSWORD)

        found = check(admin, number)

        assert (found["outcome"], found["cause"]) == ("ok", None)
        assert (found["server"]["engine"], found["server"]["role"]) == ("postgresql", "standalone")
        shown = admin.get(f"/api/v1/instances/{number}").json()["data"]["instance"]
        assert shown["main_version"]
        assert shown["detailed_version"].startswith("PostgreSQL ")
        assert (shown["version"], shown["last_outcome"]) == (1, "ok")
        assert shown["last_connected"] is not None

    def test_learns_that_the_server_was_registered_twice(self, admin: HttpCaller, cluster: PostgresqlServer) -> None:
        numbers = [
            add(admin, f"pg-twice-{one}", "postgresql", cluster.port, password=POSTGRESQL_PASSWORD) for one in (1, 2)
        ]
        for number in numbers:
            check(admin, number)

        found = admin.get(f"/api/v1/instances/{numbers[0]}/fingerprint").json()["data"]["fingerprint"]

        assert "pg-twice-2" in {one["name"] for one in found["same_node"]}

    def test_learns_which_step_failed_and_how_it_is_mended(self, admin: HttpCaller, cluster: PostgresqlServer) -> None:
        number = add(admin, "pg-stale", "postgresql", cluster.port, password=STALE)

        found = check(admin, number)

        assert (found["outcome"], found["cause"]) == ("failed", "login.refused")
        assert "monitor" in found["message"]
        assert found["remedy"]
        shown = admin.get(f"/api/v1/instances/{number}").json()["data"]["instance"]
        assert (shown["last_connected"], shown["last_cause"]) == (None, "login.refused")
        listed = admin.get("/api/v1/instances?cause=login.refused&outcome=failed").json()["data"]["items"]
        assert "pg-stale" in {one["name"] for one in listed}


class TestUnattendedChecksWithAStalePassword:
    def test_lock_nobody_out(self, admin: HttpCaller, muster: Server, guarded: MariaDb) -> None:
        number = add(admin, "maria-stale", "mariadb", guarded.port, password=STALE)
        token = new_token(admin, "nightly", role="dba")

        causes = [check(admin, number, unattended=True)["cause"] for _ in range(8)]
        with muster.client(headers={"Authorization": f"Bearer {token}"}) as client:
            script = HttpCaller(client)
            causes += [check(script, number)["cause"] for _ in range(8)]
        for _ in range(4):
            done = command_line("check", "--all", "--json", url=muster.url, token=token)
            found = [json.loads(line) for line in done.stdout.splitlines()]
            [mine] = [one["check"] for one in found if one["instance"]["name"] == "maria-stale"]
            causes.append(mine["cause"])

        assert causes == ["login.refused"] * 2 + ["login.suspended"] * 18
        for user in ("monitor", "other"):  # neither the account nor the host is shut out
            guarded.connect(user, SECRET).close()

    def test_go_on_by_themselves_once_a_person_has_mended_it(self, admin: HttpCaller, guarded: MariaDb) -> None:
        number = add(admin, "maria-mended", "mariadb", guarded.port, password=STALE)
        for _ in range(3):
            check(admin, number, unattended=True)
        shown = admin.get(f"/api/v1/instances/{number}").json()["data"]["instance"]
        login = {"name": "login-of-maria-mended", "username": "monitor", "password": SECRET}

        mended = admin.put(f"/api/v1/credentials/{shown['credential_id']}", login)

        assert mended.status_code == 200
        found = check(admin, number, unattended=True)
        assert found["outcome"] == "degraded"
        assert found["server"]["engine"] == "mariadb"


class TestTheCommandLine:
    def test_checks_on_the_store_of_this_machine(self, tmp_path: Path, cluster: PostgresqlServer) -> None:
        folder = tmp_path / "data"
        with serving(folder) as server, server.caller() as caller:
            add(caller, "pg-local", "postgresql", cluster.port, password=POSTGRESQL_PASSWORD)

        done = command_line("check", "pg-local", "nosuch", folder=folder)
        _, missing, found = done.stdout.splitlines()  # after a line of titles
        assert done.returncode == 1
        assert missing.startswith("✗  nosuch")
        assert found.startswith("✓  pg-local")
        done = command_line("check", "pg-local", folder=folder)

        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("✓  pg-local")
        assert "postgresql 15" in done.stdout
        assert done.stderr.strip() == "1 checked: 1 ok."


class TestNothingShowsASecret:
    def test_in_the_log_or_in_any_page_of_the_store(
        self, admin: HttpCaller, muster: Server, cluster: PostgresqlServer
    ) -> None:
        number = add(admin, "pg-secrets", "postgresql", cluster.port, password=STALE)
        good = add(admin, "pg-secrets-good", "postgresql", cluster.port, password=POSTGRESQL_PASSWORD)
        check(admin, number)
        check(admin, good)
        endpoint = {"db_type": "postgresql", "host": "127.0.0.1", "port": cluster.port, "tls_mode": "disable"}
        typed = admin.post("/api/v1/checks", {**endpoint, "username": "monitor", "password": SECRET})
        assert typed.status_code == 200, typed.text
        everything = [typed.text, admin.get(f"/api/v1/instances/{number}/checks").text, muster.log]
        everything += [admin.get("/api/v1/audit-events?limit=100").text]
        pages = stored_bytes(make_settings(muster.folder)) + "".join(everything).encode()

        for secret in (STALE, SECRET, POSTGRESQL_PASSWORD):
            assert find(secret, pages) == []


def command_line(
    *words: str, folder: Path | None = None, url: str | None = None, token: str | None = None
) -> subprocess.CompletedProcess[str]:
    own = {"MUSTER_DATA_DIR": str(folder)} if folder else {}
    far = {"MUSTER_URL": url, "MUSTER_TOKEN": token} if url and token else {}
    command = [sys.executable, "-c", "from app.bootstrap import main; main()", *words]
    env = {**{name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}, **own, **far}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
