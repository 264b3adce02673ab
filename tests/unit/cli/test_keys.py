"""`muster keys`: the way of a key from its making to its end; what is told where the ring stands in the settings."""

import json

import pytest

from app.core.crypto import parse_keys
from app.core.db import transaction
from app.domain.credentials import processes
from app.domain.credentials.processes import Identity
from app.models import KeyProbe
from tests.support.store import make_settings


@pytest.fixture
def ring(settings):
    return lambda: parse_keys(settings.keys_path.read_text(encoding="utf-8"))


class TestTheWayOfAKey:
    def test_is_add_promote_rotate_check_drop(self, run, refused, ring):
        old = ring().active_id

        new = run("keys", "add").stdout.strip()
        early = refused("keys", "drop", old)
        run("keys", "promote", new)
        loaded = refused("keys", "drop", old)
        rotated = run("keys", "rotate")
        checked = json.loads(run("keys", "check", "--json").stdout)
        table = run("keys", "check").stdout.splitlines()
        dropped = run("keys", "drop", old)

        assert early == f"The key {old} still seals, in: muster keys. Promote another one first"
        assert loaded == f"1 secrets lie under the key {old}. Run `muster keys rotate` first"
        assert rotated.stderr == f"1 secrets sealed anew with {new}, 0 left.\n"
        assert checked == {
            "keys": [
                {"key": new, "state": "seals", "cells": {"key_probes.blob": 1}, "processes": []},
                {"key": old, "state": "opens", "cells": {}, "processes": []},
            ],
            "faults": [],
        }
        assert [line.split()[:2] for line in table] == [["Key", "State"], [new, "seals"], [old, "opens"]]
        assert dropped.exit_code == 0
        assert ring().ids == [new]

    def test_waits_for_the_processes_that_live(self, run, refused, ring):
        new = run("keys", "add").stdout.strip()
        who = Identity()
        with transaction():
            processes.report(who, ring().ids[:1])

        assert refused("keys", "promote", new).startswith(
            f"These processes do not report the key {new}: {who.pid}@{who.host}."
        )
        assert refused("keys", "promote", "k0").startswith("The ring holds no key k0; it holds: ")

    def test_shows_no_key(self, run, ring):
        results = [run("keys", one) for one in ("add", "check", "rotate")]
        said = "".join(result.stdout + result.stderr for result in results)

        assert not any(entry.partition(":")[2] in said for entry in ring().text().split())


class TestARingInTheSettings:
    def test_is_not_written_but_said(self, run, settings, ring):
        inside = make_settings(settings.data_dir, keys=ring().text().strip())
        before = settings.keys_path.read_bytes()

        entry = run("keys", "add", on=inside).stdout.strip()
        both = make_settings(settings.data_dir, keys=f"{ring().text().strip()},{entry}")
        new = parse_keys(entry).active_id
        promoted = run("keys", "promote", new, on=both)

        assert "Put its entry first in MUSTER_KEYS (or the file of MUSTER_KEYS_FILE)" in promoted.stderr
        assert promoted.stdout == ""
        assert settings.keys_path.read_bytes() == before


class TestCheck:
    def test_fails_where_a_secret_does_not_open(self, run, ring, settings):
        new = run("keys", "add").stdout.strip()
        with transaction() as session:
            probe = session.query(KeyProbe).one()
            seal_id = probe.seal_id
            session.add(KeyProbe(seal_id=f"{seal_id[1:]}x", key_id=new, blob=probe.blob))

        result = run("keys", "check")

        assert result.exit_code == 1
        assert "Secrets that do not open:\nrow 2: key_probes.blob does not open with the key" in result.stderr
