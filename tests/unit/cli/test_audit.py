"""`muster audit`: seal, verify and prune at the machine itself."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.support.store import make_settings


def test_a_trail_is_sealed_verified_and_recorded(run, settings):
    assert "Seals: 0." in run("audit", "verify").stdout

    sealed = run("audit", "seal")
    verdict = json.loads(run("audit", "verify", "--json", "--record").stdout)
    noted = verdict["newest"]["hash"]
    told = run("audit", "verify", "--expect", noted)
    in_capitals = run("audit", "verify", "--expect", f" {noted.upper()}")

    assert in_capitals.stdout == told.stdout
    assert sealed.stdout.startswith("Events sealed: ")
    assert (verdict["sound"], verdict["seals"], verdict["unsealed"], verdict["fault"]) == (True, 1, 0, None)
    assert told.exit_code == 0
    assert told.stdout.splitlines()[:2] == ["Sound.", f"Seals: 1. Events: {verdict['events']} sealed, 1 not yet."]
    assert f"Newest seal: 1 {noted}" in told.stdout


def test_the_first_finding_is_named_with_exit_code_1(run, settings):
    run("audit", "seal")
    assert run("audit", "verify", "--expect", "0" * 64).exit_code == 1
    with closing(sqlite3.connect(settings.database_path)) as connection:
        connection.execute("DROP TRIGGER audit_events_refuse_update")
        connection.execute("UPDATE audit_events SET actor_name = 'somebody else' WHERE id = 2")
        connection.commit()

    found = run("audit", "verify")
    broken = json.loads(run("audit", "verify", "--json").stdout)

    assert found.exit_code == 1
    assert found.stdout.splitlines()[0] == "Broken: event 2, sealed in batch 1, was altered."
    assert (broken["sound"], broken["fault"]) == (False, {"kind": "event_altered", "seal": 1, "event_id": 2})
    assert broken["newest"] is None


@pytest.mark.parametrize("text", ["abc", "", "0" * 63, "g" * 64])
def test_what_is_no_hash_is_no_finding(run, text):
    run("audit", "seal")

    result = run("audit", "verify", "--expect", text)

    assert (result.exit_code, result.stdout) == (64, "")
    assert "is no hash of a seal: 64 characters 0 to 9 and a to f" in " ".join(result.stderr.split())


def test_nothing_is_pruned_without_a_retention_or_before_its_time(run, refused, settings):
    assert "set MUSTER_AUDIT_RETENTION_DAYS" in refused("audit", "prune")
    run("audit", "seal")

    assert run("audit", "prune", "--days", "30").stdout == "Events removed: 0.\n"
    kept = make_settings(settings.data_dir, audit_retention_days=30)
    assert run("audit", "prune", on=kept).stdout == "Events removed: 0.\n"


def test_the_chain_stays_proven_when_the_key_that_sealed_it_is_dropped(run, settings):
    run("audit", "seal")
    [old] = [line.split(":")[0] for line in settings.keys_path.read_text().split()]
    new = run("keys", "add").stdout.strip()
    for command in (("promote", new), ("rotate",), ("drop", old)):
        assert run("keys", *command).exit_code == 0

    told = run("audit", "verify")

    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "Sound.")
    assert old not in settings.keys_path.read_text()
