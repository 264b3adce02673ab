"""What Prometheus is told: who is a target, at which address, under which labels."""

import re

import pytest

from app.domain.egress.endpoint import DB_TYPES
from app.domain.instances.discovery import _WATCHES, EXPORTERS, labels_of
from tests.support.api import faults

PATH = "/api/v1/discovery/prometheus"
BARE = {"tags": [], "external_ids": {}, "cluster": None, "custom": None}


@pytest.fixture
def targets(house):
    """Ask as a viewer and return address → labels without their prefix."""

    def ask(query: str = "") -> dict[str, dict[str, str]]:
        answer = house.as_role("viewer").get(f"{PATH}?{query}")
        assert answer.status_code == 200, answer.json
        assert answer.headers["Content-Type"] == "application/json"
        found = {}
        for group in answer.json:
            [address] = group["targets"]
            found[address] = {name.removeprefix("__meta_muster_"): text for name, text in group["labels"].items()}
            assert all(re.fullmatch(r"__meta_muster_[A-Za-z0-9_]+", name) for name in group["labels"])
        return found

    return ask


class TestATarget:
    def test_has_everything_known_as_labels_and_nothing_that_is_not(self, house, targets):
        tags = [house.tag(name=name)["name"] for name in ("pay-ments", "支付")]
        cluster, environment = house.cluster(), house.environment()
        made = house.instance(
            db_type="mysql", host="10.0.0.7", port=3306, environment=environment["key"], cluster_id=cluster["id"],
            criticality=1, owner="Ann", lifecycle="maintenance", tag_names=tags, database_name="shop",
            external_ids={"cmdb": "CI-1"}, custom={"rack": "B12", "backed-up": True, "units": 2, "none": None},
        )  # fmt: skip

        labels = targets(f"name={made['name']}")["10.0.0.7:3306"]

        assert labels == {
            "id": str(made["id"]), "name": made["name"], "engine": "mysql", "host": "10.0.0.7", "port": "3306",
            "database": "shop", "environment": environment["key"], "cluster": cluster["name"], "criticality": "1",
            "owner": "Ann", "lifecycle": "maintenance", "platform": "self_hosted", "endpoint_kind": "server",
            "tags": ",pay-ments,支付,", "tag_pay_ments": "true", "external_id_cmdb": "CI-1",
            "custom_rack": "B12", "custom_backed_up": "true", "custom_units": "2",
        }  # fmt: skip

    def test_stands_in_brackets_when_it_is_an_address_of_ipv6(self, house, targets):
        made = house.instance(host="2001:db8::7", port=5432)

        assert list(targets(f"name={made['name']}")) == ["[2001:db8::7]:5432"]

    def test_is_never_inactive_retired_or_in_the_recycle_bin(self, house, targets):
        tag = house.tag()["name"]
        live, idle, gone = (house.instance(tag_names=[tag], **more) for more in ({}, {"is_active": False}, {}))
        retired = house.instance(tag_names=[tag], lifecycle="retired", is_active=None)
        house.admin.post(f"/api/v1/instances/{gone['id']}/delete")
        assert retired["is_active"] is idle["is_active"] is False

        found = [one["name"] for one in targets(f"tags={tag}&include_deleted=true").values()]

        assert found == [live["name"]]
        for status in ("inactive", "deleted"):
            assert targets(f"tags={tag}&status={status}") == {}


class TestAnExporter:
    def test_takes_the_engines_that_it_watches_and_is_named(self, house, targets):
        tag = house.tag()["name"]
        for port, db_type in enumerate(("mysql", "mariadb", "postgresql"), 3000):
            house.instance(tag_names=[tag], db_type=db_type, host="db.example", port=port)

        mine = targets(f"tags={tag}&exporter=mysqld_exporter")

        assert list(mine) == ["db.example:3000", "db.example:3001"]
        assert {one["exporter"] for one in mine.values()} == {"mysqld_exporter"}
        assert len(targets(f"tags={tag}&exporter=blackbox_exporter")) == 3
        assert not any("exporter" in one for one in targets(f"tags={tag}").values())

    def test_that_nobody_knows_is_refused(self, house):
        assert faults(house.admin.get(f"{PATH}?exporter=nothing_exporter")) == {"exporter": "not_a_choice"}

    def test_watches_engines_that_there_are(self):
        assert set(_WATCHES) == set(EXPORTERS)
        assert all(set(engines) <= set(DB_TYPES) for engines in _WATCHES.values())


class TestTheFilter:
    def test_is_that_of_lists(self, house, targets):
        tag = house.tag()["name"]
        house.instance(tag_names=[tag], owner="Ann", host="ann.example")
        house.instance(tag_names=[tag], host="nobody.example")

        assert list(targets(f"tags={tag}&owner=")) == ["nobody.example:5432"]

    def test_takes_no_page_and_refuses_what_it_does_not_know(self, house):
        assert faults(house.admin.get(f"{PATH}?page=2&owners=Ann")) == {
            "page": "unknown_parameter",
            "owners": "unknown_parameter",
        }


class TestNamesThatPeopleChose:
    def test_never_overwrite_each_other_by_chance(self):
        row = {**BARE, "custom": {"a-b": 1, "a_b": 2, "a.b": 3, "é": 4, "_": 5}}

        first = labels_of({**dict.fromkeys(_columns()), **row}, {})
        second = labels_of({**dict.fromkeys(_columns()), **BARE, "custom": {"a.b": 3, "a-b": 1}}, {})

        assert first == {"__meta_muster_custom_a_b": "2"}
        assert second == {"__meta_muster_custom_a_b": "1"}


def _columns():
    from app.domain.instances.discovery import _PLAIN

    return _PLAIN.values()


class TestAFailure:
    def test_is_told_in_the_envelope(self, house):
        answer = house.anonymous.get(PATH)

        assert (answer.status_code, answer.json["message_code"]) == (401, "AUTHENTICATION_REQUIRED")
