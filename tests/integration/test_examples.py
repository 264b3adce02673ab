"""The examples do on a real server what the documents say."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.api import PASSWORD
from tests.support.examples import ROOT, SHOWN_URL, block, blocks
from tests.support.server import HttpCaller, Server, serving

SCRIPT = ROOT / "examples" / "register-inventory.sh"
INVENTORY = [line.split(",") for line in SCRIPT.with_name("inventory.csv").read_text(encoding="utf-8").splitlines()[1:]]
TOOLS = ("dash", "curl", "grep", "sed")
OPEN_PASSWORD, LICENSED_PASSWORD = 'open "quoted" \\ back', "licensed secret"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all: the example may run again and again, so each test can begin with what others left."""
    with serving(tmp_path_factory.mktemp("examples") / "data") as server:
        yield server


@pytest.fixture
def caller(server: Server) -> Iterator[HttpCaller]:
    caller = server.caller()
    yield caller
    caller.client.close()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the programs which the script may use, and no other."""
    folder = tmp_path_factory.mktemp("bin")
    for tool in TOOLS:
        found = shutil.which(tool)
        if found is None:
            pytest.skip(f"{tool} is not installed")
        (folder / tool).symlink_to(found)
    return folder


def register(server: Server, tools: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": str(tools),
        "REGISTER_URL": server.url,
        "REGISTER_PASSWORD": PASSWORD,
        "REGISTER_OPEN_PASSWORD": OPEN_PASSWORD,
        "REGISTER_LICENSED_PASSWORD": LICENSED_PASSWORD,
        **changes,
    }
    return subprocess.run(
        [tools / "dash", SCRIPT], env=environment, capture_output=True, text=True, timeout=120, check=False, input=""
    )


@pytest.fixture(scope="module")
def first(server: Server, tools: Path) -> subprocess.CompletedProcess[str]:
    """The first run on a register that was empty."""
    return register(server, tools)


def listed(caller: HttpCaller, **query: str) -> list[dict]:
    answer = caller.get("/api/v1/instances", params={"limit": 100, "tags": "inventory-csv", **query})
    return answer.json()["data"]["items"]


def events(caller: HttpCaller, name: str) -> list[dict]:
    found = next(one for one in listed(caller, search=name, include_deleted="true") if one["name"] == name)
    return caller.get(f"/api/v1/instances/{found['id']}/history").json()["data"]["items"]


class TestRegisterInventory:
    def test_takes_the_whole_inventory_through_its_life(self, first, caller):
        assert (first.returncode, first.stderr) == (0, "")
        assert "Instances: 30 registered, 0 updated" in first.stdout
        assert first.stdout.endswith("All 30 instances of inventory.csv are in the register.\n")
        in_bin = {"shop-archive-2019", "geo-legacy"}
        assert {one["name"]: (one["db_type"], one["host"], str(one["port"])) for one in listed(caller)} == {
            name: (engine, host, port) for name, engine, host, port, *_ in INVENTORY if name not in in_bin
        }
        assert {one["name"] for one in listed(caller, status="deleted")} == in_bin
        assert {one["lifecycle"] for one in listed(caller, search="erp-core-0")} == {"maintenance"}

    def test_makes_ten_tags_and_two_credentials_that_are_in_use(self, first, caller):
        tags = caller.get("/api/v1/tags").json()["data"]["items"]
        credentials = caller.get("/api/v1/credentials").json()["data"]["items"]

        assert len([tag for tag in tags if tag["usage_count"]]) == len(tags) == 10
        assert {one["name"]: one["usage_count"] for one in credentials} == {"monitor-open": 16, "monitor-licensed": 14}

    def test_tells_the_history_of_what_came_back(self, first, caller):
        *_, restored, deleted, created = events(caller, "crm-old")

        assert (restored["action"], restored["reason"]) == ("instance.restore", "The audit needs it until 2027")
        assert (deleted["action"], deleted["reason"]) == ("instance.delete", "Switched off, ticket DBA-2041")
        assert (created["action"], created["actor"]["username"]) == ("instance.create", "admin")

    def test_may_run_again_and_leaves_the_same_register(self, first, server, caller, tools):
        ids = {one["name"]: one["id"] for one in listed(caller, include_deleted="true")}
        untouched = events(caller, "bank-ledger-01")

        again = register(server, tools)

        assert (again.returncode, again.stderr) == (0, "")
        assert "Instances: 0 registered, 30 updated" in again.stdout
        after = listed(caller, include_deleted="true")
        assert {one["name"]: one["id"] for one in after} == ids
        assert Counter(one["status"] for one in after) == {"active": 28, "deleted": 2}
        assert events(caller, "bank-ledger-01") == untouched

    def test_fails_when_the_register_holds_something_else(self, first, server, caller, tools):
        stray = {"name": "stray", "db_type": "oracle", "host": "db9.example.com", "port": 1521}
        made = caller.post("/api/v1/instances", {**stray, "tag_names": ["inventory-csv"]}).json()["data"]["instance"]

        done = register(server, tools)

        caller.put(f"/api/v1/instances/{made['id']}", {**stray, "tag_names": []})
        assert done.returncode == 1
        assert done.stderr == "register-inventory: instances on the pages: expected 30, found 31\n"

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"REGISTER_PASSWORD": "wrong"}, "logging in as admin: expected 200, got 401 INVALID_CREDENTIALS"),
            ({"REGISTER_PASSWORD": ""}, "Password of admin is not known"),
            ({"REGISTER_URL": "http://127.0.0.1:9"}, "is Muster running there?"),
        ],
    )
    def test_says_in_one_sentence_why_it_cannot_begin(self, server, tools, changes, sentence):
        done = register(server, tools, **changes)

        assert done.returncode == 1
        assert sentence in done.stderr.splitlines()[-1]

    def test_shows_no_password(self, first, server):
        shown = first.stdout + first.stderr + server.log

        assert not any(secret in shown for secret in (PASSWORD, OPEN_PASSWORD, LICENSED_PASSWORD))

    def test_is_sound_posix_shell(self):
        checker = shutil.which("shellcheck")
        if checker is None:
            pytest.skip("shellcheck is not installed")

        done = subprocess.run([checker, "-s", "sh", SCRIPT], capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout) == (0, "")


def run_program(
    program: str, command: list[str], folder: Path, server: Server, password: str = PASSWORD
) -> subprocess.CompletedProcess[str]:
    """Run a program of the documents against the server, with the password on standard input."""
    path = folder / "program"
    path.write_text(program.replace(SHOWN_URL, server.url), encoding="utf-8")
    return subprocess.run(
        [*command, path],
        input=f"{password}\n",
        env={"PATH": os.environ["PATH"], "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,  # no terminal: getpass reads standard input
    )


class TestAuthenticationPage:
    @pytest.mark.parametrize(
        ("language", "command", "name"),
        [("sh", ["sh", "-eu"], "orders-curl"), ("python", [sys.executable], "orders-python")],
    )
    def test_shows_a_program_that_works(self, server, caller, tmp_path, language, command, name):
        done = run_program(block("docs/reference/authentication.md", language), command, tmp_path, server)

        assert done.returncode == 0, done.stderr
        found = caller.get("/api/v1/instances", params={"search": name}).json()["data"]["items"]
        assert [one["name"] for one in found] == [name]
        assert PASSWORD not in done.stdout
        assert list(tmp_path.glob("tmp.*")) == []


def five_minutes() -> str:
    """The blocks of the README's first five minutes, in the order in which they are pasted."""
    return "".join(found for found in blocks("README.md", "sh") if re.search(r"^ *(api|log_in)\b", found, re.MULTILINE))


class TestReadme:
    def test_shows_five_minutes_that_work(self, tmp_path):
        with serving(tmp_path / "data") as server:
            stranger = server.caller()
            other = {"name": "shop-orders-01", "db_type": "mysql", "host": "db8.example.com", "port": 3306}
            stranger.post("/api/v1/instances", {**other, "owner": "orders-01"})
            done = run_program(five_minutes(), ["sh", "-eu"], tmp_path, server)
            untouched = stranger.get("/api/v1/instances/by-name/shop-orders-01").json()["data"]["instance"]
            stranger.client.close()

        assert done.returncode == 0, done.stderr
        assert untouched["version"] == 1
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [answer["message"] for answer in answers] == [
            "Tag created",
            "Instance created",
            "Instances listed",
            "Instance updated",
            "Instance moved to the recycle bin",
            "Instances listed",
            "Instance restored",
            "History of the instance listed",
            "Logged out",
        ]
        assert [event["action"].partition(".")[2] for event in answers[7]["data"]["items"]] == [
            "restore",
            "delete",
            "update",
            "create",
        ]
        assert list(tmp_path.glob("tmp.*")) == []

    def test_asks_for_the_password_at_the_end_of_a_block_so_that_it_swallows_no_pasted_line(self):
        first, *_ = [found for found in blocks("README.md", "sh") if "api()" in found]

        assert first.splitlines()[-1] == "log_in"

    def test_shows_why_a_login_failed_and_goes_no_further(self, server, tmp_path):
        done = run_program(five_minutes(), ["sh", "-eu"], tmp_path, server, "not the password")

        assert done.returncode == 1
        (answer,) = [json.loads(line) for line in done.stdout.splitlines()]
        assert answer["message_code"] == "INVALID_CREDENTIALS"
