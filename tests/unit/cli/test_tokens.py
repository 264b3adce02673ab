"""`muster token`: made, listed and revoked at the machine itself; standard output holds the result and nothing else."""

import getpass
import json

import pytest
from sqlalchemy import select

from app.core.db import snapshot
from app.domain.access import tokens
from app.domain.access.errors import TokenUnknown
from app.models import AuditEvent


def caller(secret: str):
    return tokens.find_caller(f"Bearer {secret.strip()}", address="10.0.0.1")


def last_event() -> AuditEvent:
    with snapshot() as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


class TestCreate:
    def test_prints_the_token_alone_so_that_a_shell_can_keep_it(self, run):
        result = run("token", "create", "ci", "--user", "dba", "--role", "operator", "--network", "10.0.0.0/8")

        assert result.exit_code == 0
        assert len(result.stdout.split()) == 1
        found = caller(result.stdout)
        assert (found.username, found.role, found.token.networks) == ("dba", "operator", ("10.0.0.0/8",))
        assert result.stdout.strip() not in result.stderr
        event = last_event()
        assert (event.action, event.entity_name, event.source) == ("token.create", "ci", "cli")
        assert event.actor_name == f"cli:{getpass.getuser()}"
        assert result.stdout.strip() not in str(event.changes)

    def test_prints_json_with_the_secret(self, run):
        made = json.loads(run("token", "create", "ci", "--user", "viewer", "--days", "1", "--json").stdout)

        assert caller(made["secret"]).username == "viewer"
        assert made["owner"]["username"] == "viewer"

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (("--user", "nobody"), "There is no user nobody"),
            (("--user", "dba", "--role", "admin"), "role: More than its owner or maker has (dba)"),
            (("--user", "dba", "--days", "366"), "--days is at most 365; MUSTER_TOKEN_MAX_DAYS says so."),
            (("--user", "dba", "--network", "x"), "networks.0: Must be a network"),
        ],
    )
    def test_that_cannot_be_done_says_so_in_one_sentence(self, refused, options, sentence):
        assert refused("token", "create", "ci", *options).startswith(sentence)


class TestListAndRevoke:
    @pytest.mark.parametrize("identifier", ["ci", "0", "1.5", "9" * 40])
    def test_take_an_id_alone_and_say_where_it_is_shown(self, run, identifier):
        result = run("token", "revoke", identifier)

        assert result.exit_code == 64
        assert f"'{identifier}' is no id of a token: `muster token list` shows them." in " ".join(result.stderr.split())

    def test_show_and_end_it_and_what_it_made(self, run, refused):
        secret = run("token", "create", "ci", "--user", "dba").stdout
        run("token", "create", "other", "--user", "viewer")

        rows = json.loads(run("token", "list", "--json").stdout)
        table = run("token", "list", "--user", "dba").stdout.splitlines()
        gone = run("token", "revoke", str(rows[1]["id"]))

        assert [(row["name"], row["owner"]["username"]) for row in rows] == [("other", "viewer"), ("ci", "dba")]
        assert [line.split()[:5] for line in table] == [
            ["Id", "Name", "Owner", "Role", "Status"],
            [str(rows[1]["id"]), "ci", "dba", "dba", "active"],
        ]
        assert secret.strip() not in json.dumps(rows) + "".join(table)
        assert (gone.stdout, gone.stderr) == ("", "Token ci of dba revoked.\n")
        assert refused("token", "revoke", str(rows[1]["id"])) == f"There is no token {rows[1]['id']}"
        with pytest.raises(TokenUnknown):
            caller(secret)


class TestDisabling:
    def test_a_user_ends_the_tokens_for_good(self, run, refused):
        secret = run("token", "create", "ci", "--user", "dba").stdout

        off = run("user", "disable", "dba")
        with pytest.raises(TokenUnknown):
            caller(secret)
        on = run("user", "enable", "dba")

        assert (off.stdout, on.stdout) == ("User dba is disabled.\n", "User dba is enabled.\n")
        with pytest.raises(TokenUnknown):
            caller(secret)
        assert json.loads(run("token", "list", "--json").stdout) == []
        assert caller(run("token", "create", "ci", "--user", "dba").stdout).username == "dba"
        assert "last administrator" in refused("user", "disable", "admin")
        listed = json.loads(run("user", "list", "--json").stdout)
        assert [(one["username"], one["is_active"]) for one in listed][:2] == [("admin", True), ("auditor", True)]
