"""`muster instances accept-fingerprint` on the store of the machine."""

import itertools
import json

import pytest

from app.cli.client.api import Api
from app.engines.facts import IdentityFact
from tests.support.engines import STARTED, server

_NUMBERS = itertools.count(1)
ACCEPT = ("instances", "accept-fingerprint")


def answering(node):
    """Return a script that logs in, with a credential or not, to the server of this name."""

    def climb(spec, ladder):
        for step in ("connect", "greeting", "tls", "login"):
            with ladder.step(step):
                pass
        with ladder.step("identify"):
            named = IdentityFact(lineage=node, node=f"{node}/a", strength="strong", started_at=STARTED)
            ladder.found.server = server(identity=named)

    return climb


@pytest.fixture
def check(desk, engine):
    """Check an instance while a server of this name answers."""

    def checked(name, node):
        engine.script = answering(node)
        [line] = desk.run("check", name, "--json").stdout.splitlines()
        return json.loads(line)["check"]

    return checked


@pytest.fixture
def swapped(desk, check):
    """Register an instance whose server is another one by now."""
    name = f"swapped-{next(_NUMBERS)}"
    desk.run("instances", "create", name, "--db-type", "postgresql", "--host", "192.0.2.1", "--port", "5432")
    check(name, f"{name}-old")
    assert check(name, f"{name}-new")["cause"] == "identity.changed"
    return name


class TestACheckOfAnotherServer:
    def test_says_by_which_call_and_which_command_it_is_accepted(self, check, swapped):
        found = check(swapped, f"{swapped}-new")

        assert f"POST /api/v1/instances/{found['instance_id']}/fingerprint/accept" in found["remedy"]
        assert f"muster instances accept-fingerprint id:{found['instance_id']}" in found["remedy"]


class TestAcceptFingerprint:
    def test_shows_both_servers_and_accepts_the_one_that_was_shown(self, desk, check, swapped):
        told = desk.run(*ACCEPT, swapped, "--yes", "--reason", "new hardware").stdout

        assert f"{swapped}-old/a" in told
        assert f"{swapped}-new/a" in told
        assert told.endswith(f"The server of {swapped} was accepted.\n")
        assert check(swapped, f"{swapped}-new")["cause"] is None
        event = json.loads(desk.run("instances", "history", swapped, "-o", "json").stdout)["items"][0]
        assert (event["action"], event["reason"]) == ("instance.accept_identity", "new hardware")

    def test_rehearses_and_accepts_nothing(self, desk, check, swapped):
        told = desk.run(*ACCEPT, swapped, "--dry-run")

        assert f"{swapped}-new/a" in told.stdout
        assert "Nothing was accepted" in told.stderr
        assert check(swapped, f"{swapped}-new")["cause"] == "identity.changed"

    def test_asks_where_somebody_can_answer(self, desk, check, swapped):
        assert "--yes" in desk.run(*ACCEPT, swapped, exits=1).stderr
        assert check(swapped, f"{swapped}-new")["cause"] == "identity.changed"

    def test_refuses_a_third_server_that_came_meanwhile(self, desk, check, swapped, monkeypatch):
        write = Api.write

        def late(api, *rest, **options):
            check(swapped, f"{swapped}-third")
            return write(api, *rest, **options)

        monkeypatch.setattr(Api, "write", late)

        refused = desk.run(*ACCEPT, swapped, "--yes", exits=1)

        assert "Another server than the one that was named" in refused.stderr

    def test_as_json_is_the_fingerprint_alone(self, desk, swapped):
        shown = json.loads(desk.run(*ACCEPT, swapped, "--yes", "-o", "json").stdout)["fingerprint"]

        assert (shown["node"], shown["pending"]) == (f"{swapped}-new/a", None)

    @pytest.mark.parametrize("output", ["table", "json"])
    def test_changes_nothing_where_none_is_pending(self, desk, swapped, output):
        desk.run(*ACCEPT, swapped, "--yes")

        again = desk.run(*ACCEPT, swapped, "--yes", "-o", output)

        assert f"Nothing to accept: no other server answers at {swapped}." in again.output
        if output == "json":
            assert json.loads(again.stdout)["fingerprint"]["node"] == f"{swapped}-new/a"
