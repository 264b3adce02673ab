"""Rows as Oracle documents them, and the facts that they become; no real server has been asked.

Each folder of `identify` is a server: `rows.json` what it answers, `facts.json` what is kept of it.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.engines.oracle.normalize import Seen, server_fact

CASES = sorted(Path(__file__).parent.joinpath("identify").iterdir())


def seen_of(folder: Path) -> Seen:
    rows = json.loads((folder / "rows.json").read_text())
    if rows.get("instance"):
        rows["instance"]["started_utc"] = datetime.fromisoformat(rows["instance"]["started_utc"])
    return Seen(**rows)


def facts_of(seen: Seen) -> dict:
    return json.loads(json.dumps(asdict(server_fact(seen)), default=lambda moment: moment.isoformat()))


def case(name: str) -> dict:
    return facts_of(seen_of(Path(__file__).parent / "identify" / name))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_rows_become_facts(folder):
    assert facts_of(seen_of(folder)) == json.loads((folder / "facts.json").read_text())


class TestAnIdentity:
    def test_of_a_primary_and_its_standby_has_one_lineage_and_two_nodes(self):
        primary = case("12.1-non-cdb")["identity"]
        standby = case("19c-standby-read-only-with-apply")["identity"]

        assert primary["lineage"] == standby["lineage"]
        assert primary["node"] != standby["node"]

    def test_of_two_instances_of_a_cluster_has_two_nodes(self):
        assert case("12.1-non-cdb")["identity"]["node"] != case("19c-rac-second-instance")["identity"]["node"]

    def test_of_a_pluggable_database_is_not_that_of_its_root(self):
        root, pluggable = case("19c-root")["identity"], case("19c-pdb")["identity"]

        assert root["lineage"] != pluggable["lineage"]
        assert root["node"] != pluggable["node"]

    @pytest.mark.parametrize("name", ["19c-without-grants", "19c-pdb-without-grants", "19c-pdb-without-containers"])
    def test_without_its_number_is_weak_and_claims_no_lineage(self, name):
        identity = case(name)["identity"]

        assert (identity["lineage"], identity["strength"]) == (None, "weak")
        assert identity["node"]

    def test_takes_a_start_to_the_whole_second(self):
        seen = seen_of(Path(__file__).parent / "identify" / "12.1-non-cdb")
        early, late = (
            Seen(
                context=seen.context,
                instance={**seen.instance, "started_utc": datetime(2026, 1, 2, 3, 4, s, us, tzinfo=UTC)},
            )
            for s, us in ((4, 999_998), (5, 2))
        )

        assert server_fact(early).identity.started_at == server_fact(late).identity.started_at
