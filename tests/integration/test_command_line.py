"""The commands against a real server, with a real token."""

import json
import subprocess

import pytest

from tests.support.server import run

INVENTORY = """\
tags:
  - name: remote
credentials:
  - {name: monitor, username: muster, password: {file: pw}, bindings: {suffixes: [.example.com]}}
instances:
  - {name: 远程-01, db_type: mysql, host: db1.example.com, port: 3306, tags: [remote], credential: monitor}
"""


@pytest.fixture(scope="module")
def muster(server, tmp_path_factory):
    """Run a command elsewhere, with the administrator's token in a file."""
    folder = tmp_path_factory.mktemp("client")
    token = run("token", "create", "ci", "--user", "admin", folder=server.folder)
    assert token.returncode == 0, token.stderr
    (folder / "token").write_text(token.stdout, encoding="utf-8")

    def command(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
        given = {"url": server.url, "token_file": folder / "token", "admin_password": None, **settings}
        done = run(*arguments, folder=folder / "no-store", **given)
        assert "Traceback" not in done.stderr
        return done

    return command


class TestAgainstAServer:
    def test_files_are_planned_applied_and_read_again(self, muster, admin, tmp_path):
        (tmp_path / "pw").write_text("a-planted-secret", encoding="utf-8")
        (tmp_path / "all.yaml").write_text(INVENTORY, encoding="utf-8")

        planned = muster("plan", str(tmp_path), "--json")
        applied = muster("apply", str(tmp_path), "--yes", "--reason", "远程", "--ticket", "CHG-7")
        again = muster("plan", str(tmp_path))
        exported = muster("export", str(tmp_path / "out"))

        assert (planned.returncode, json.loads(planned.stdout)["summary"]["create"]) == (2, 3), planned.stderr
        assert (applied.returncode, applied.stdout.splitlines()[-1]) == (0, "3 of 3 changes made."), applied.stderr
        assert (again.returncode, again.stdout) == (0, "No changes: the register is as the files say.\n")
        assert exported.returncode == 0
        assert (tmp_path / "out" / "instances" / "_none" / "远程-01.yaml").exists()
        (shown,) = admin.get("/api/v1/instances", params={"name": "远程-01"}).json()["data"]["items"]
        event = admin.get(f"/api/v1/instances/{shown['id']}/history").json()["data"]["items"][-1]
        assert (event["reason"], event["ticket"], event["source"]) == ("远程", "CHG-7", "api")

    def test_a_list_by_cursor_has_everything_once(self, muster, admin):
        for number in range(101):
            body = {"name": f"many-{number:03}", "db_type": "mysql", "host": "h", "port": 1 + number}
            assert admin.post("/api/v1/instances", body).status_code == 201

        names = muster("instances", "list", "--all", "--search", "many-", "-o", "name").stdout.split()

        assert sorted(names) == [f"many-{number:03}" for number in range(101)]

    def test_what_may_not_be_is_told_in_sentences(self, muster, server, tmp_path):
        viewer = run("user", "create", "looker", "--role", "viewer", folder=server.folder, stdin="a long password!")
        token = run("token", "create", "look", "--user", "looker", folder=server.folder)
        (tmp_path / "token").write_text(token.stdout, encoding="utf-8")
        (tmp_path / "wrong").write_text("muster_nonsense", encoding="utf-8")

        denied = muster(
            "instances",
            "create",
            "x",
            "--db-type",
            "mysql",
            "--host",
            "h",
            "--port",
            "1",
            token_file=tmp_path / "token",
        )
        unknown = muster("instances", "list", token_file=tmp_path / "wrong")
        nowhere = muster("instances", "list", url="http://127.0.0.1:9")

        assert viewer.returncode == 0
        assert [done.returncode for done in (denied, unknown, nowhere)] == [1, 1, 1]
        assert "create" in denied.stderr
        assert "(request " in denied.stderr
        assert "The token is unknown or has been revoked\n  Look at what MUSTER_TOKEN" in unknown.stderr
        assert "Cannot reach http://127.0.0.1:9: Connection refused." in nowhere.stderr
