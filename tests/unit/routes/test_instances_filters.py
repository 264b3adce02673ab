"""`GET /api/v1/instances`: every field of an instance filters and sorts."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from sqlalchemy import update

from app.core import clock
from app.core.db import transaction
from app.domain.instances.filter import InstanceFilter
from app.domain.instances.listing import FieldName, SortKey
from app.domain.instances.repository.fields import ALL_FIELDS
from app.domain.instances.repository.matching import FILTERS
from app.domain.instances.repository.ordering import SORTS
from app.models import Instance
from tests.support import pem
from tests.support.api import faults

LIST = "/api/v1/instances"
RICH = {
    "name": "rich", "db_type": "oracle", "host": "Rich.example.com", "port": 1521, "database_name": "ORD",
    "service_name": "orders", "sid": "ORCL", "instance_name": "I1", "description": "the rich one", "owner": "ann",
    "contact": "team@example.com", "location": "B1", "criticality": 1, "lifecycle": "maintenance",
    "endpoint_kind": "writer", "platform": "aws_rds", "custom": {"rack": "B12", "a\"b.c": True, "n": 1.5, "u": "a:b"},
    "external_ids": {"cmdb": "CI-1"}, "muted_until": "2999-01-01T00:00:00Z", "tag_names": ["f-red", "f-blue"],
    "tls_mode": "verify-ca", "tls_ca": pem.authority(), "tls_client_cert": pem.client()[0],
    "tls_client_key": pem.client()[1], "tls_legacy": True, "connect_timeout_ms": 1000, "statement_timeout_ms": 2000,
    "deadline_ms": 4000,
}  # fmt: skip
COLLECTED = {
    "flavour": "RDS", "main_version": "19", "database_version": "19.3", "detailed_version": "19.3.0.0",
    "active_db_count": 3, "active_account_count": 7, "role": "primary", "last_network": "10.1.4.0/24",
    "tls_state": "current", "tls_not_after": datetime(2999, 1, 1, tzinfo=UTC),
    "outcome_since": datetime(2026, 1, 2, tzinfo=UTC),
}  # fmt: skip


@pytest.fixture
def seeded(house):
    """A rich instance, two poor ones, and one in the recycle bin; made once for the module."""
    if house.admin.get(f"{LIST}?name=rich").json["data"]["total"]:
        return house
    for name in ("f-red", "f-blue"):
        house.tag(name=name)
    house.environment(key="f-prod", is_production=True)
    cluster, credential = house.cluster(name="f-cluster"), house.credential(name="f-login")
    logins = {"credential_id": credential["id"], "admin_credential_id": house.credential(name="f-admin")["id"]}
    made = house.instance(**RICH, environment="f-prod", cluster_id=cluster["id"], **logins)
    house.instance(name="poor", host="poor.example.com", tag_names=["f-red"], lifecycle="planned")
    house.instance(name="数库", host="emile.example.com", owner="bob", criticality=3, environment="test")
    gone = house.instance(name="gone", owner="ann")
    assert house.admin.post(f"{LIST}/{gone['id']}/delete", {"reason": "old"}).status_code == 200
    with transaction() as session:
        now = clock.now()
        session.execute(
            update(Instance)
            .where(Instance.id == made["id"])
            .values(**COLLECTED, last_connected=now, last_sync_time=now)
        )
    return house


def ids_of(house, kind: str, name: str) -> int:
    return next(one["id"] for one in house.admin.get(f"/api/v1/{kind}?search={name}").json["data"]["items"])


RICH_ONLY = [
    "name=rich", "db_type=oracle", "db_type=oracle&db_type=redis", "host=RICH.example.com.", "port=1521",
    "database_name=ORD", "service_name=orders", "sid=ORCL", "instance_name=I1", "description=the+rich+one",
    "is_active=true&owner=ann", "environment=f-prod", "environment=f-prod&environment=staging", "is_production=true",
    "owner=ann", "contact=team@example.com", "location=B1", "criticality=1", "criticality=1&criticality=2",
    "criticality_max=2", "lifecycle=maintenance", "endpoint_kind=writer", "platform=aws_rds", "flavour=RDS",
    "cluster=f-cluster", "cluster_id={cluster}", "credential=f-login", "credential_id={credential}",
    "has_credential=true", "external_id=cmdb:CI-1", "external_id=cmdb:CI-1&external_id=cmdb:no", "custom=rack:B12",
    'custom=a"b.c:true', "custom=n:1.5", "custom=u:a:b", "custom=rack:B12&custom=n:1.5", "tags=f-blue&tags=f-red",
    "any_tags=f-blue&any_tags=nobody", "muted=true",
    "muted_until_since=2999-01-01T00:00:00Z", "muted_until_until=2999-01-01T00:00:01Z",
    "main_version=19", "database_version=19.3",
    "detailed_version=19.3.0.0", "active_db_count_min=3&active_db_count_max=3", "active_account_count_min=7",
    "active_account_count_max=7", "connected=true", "last_connected_since=2026-01-01T00:00:00Z", "synced=true",
    "last_sync_since=2026-01-01T00:00:00Z", "last_sync_until=2999-01-01T00:00:00Z",
    "last_connected_until=2999-01-01T00:00:00Z", "admin_credential=f-admin", "admin_credential_id={admin}",
    "has_admin_credential=true", "tls_mode=verify-ca", "tls_mode=verify-ca&tls_mode=disable", "has_tls_ca=true",
    "has_tls_client_cert=true", "tls_client_key_set=true", "tls_legacy=true", "connect_timeout_ms=1000",
    "statement_timeout_ms=2000", "deadline_ms=4000", "role=primary&role=standby", "network=10.1.4.0/24",
    "tls_state=current", "tls_not_after_since=2999-01-01T00:00:00Z", "tls_not_after_until=2999-01-01T00:00:01Z",
    "outcome_since_since=2026-01-02T00:00:00Z", "outcome_since_until=2026-01-02T00:00:01Z",
]  # fmt: skip


class TestEachFilter:
    @pytest.fixture
    def names(self, seeded):
        ids = {"cluster": ids_of(seeded, "clusters", "f-cluster")}
        ids |= {
            name: ids_of(seeded, "credentials", stem) for name, stem in (("credential", "f-log"), ("admin", "f-adm"))
        }

        def listed(query: str) -> set[str]:
            answer = seeded.as_role("viewer").get(f"{LIST}?{query.format(**ids)}&limit=100")
            assert answer.status_code == 200, answer.json
            return {item["name"] for item in answer.json["data"]["items"]}

        return listed

    @pytest.mark.parametrize("query", RICH_ONLY)
    def test_finds_what_has_the_value(self, names, query):
        assert names(query) == {"rich"}

    def test_takes_as_many_ids_as_the_document_says_beside_other_parameters(self, seeded, names):
        poor = seeded.admin.get(f"{LIST}?name=poor").json["data"]["items"][0]["id"]
        ids = [poor, *range(10_000, 10_999)]

        assert names("&".join(f"id={one}" for one in ids)) == {"poor"}
        exported = seeded.admin.get(f"{LIST}/export?format=json&" + "&".join(f"id={one}" for one in ids))
        assert exported.status_code == 200

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("owner=", {"poor"}),
            ("owner=&owner=bob", {"poor", "数库"}),
            ("criticality=", {"poor"}),
            ("environment=", {"poor"}),
            ("environment=&environment=test", {"poor", "数库"}),
            ("cluster=", {"poor", "数库"}),
            ("credential_id=", {"poor", "数库"}),
            ("has_credential=false", {"poor", "数库"}),
            ("admin_credential=&owner=bob", {"数库"}),
            ("has_admin_credential=false&tls_legacy=false", {"poor", "数库"}),
            ("tls_mode=", {"poor", "数库"}),
            ("tls_client_key_set=false&has_tls_ca=false&has_tls_client_cert=false", {"poor", "数库"}),
            ("connect_timeout_ms=3000&statement_timeout_ms=5000&deadline_ms=15000", {"poor", "数库"}),
            ("role=&network=&tls_state=", {"poor", "数库"}),
            ("role=standby&role=", {"poor", "数库"}),
            ("identity_pending=false&same_node=false&login_suspended=false", {"rich", "poor", "数库"}),
            ("role_changed_since=2026-01-01T00:00:00Z", set()),
            ("is_production=false", {"poor", "数库"}),
            ("external_id=cmdb:", {"poor", "数库"}),
            ("external_id=cmdb:CI-2", set()),
            ("custom=rack:", {"poor", "数库"}),
            ("custom=rack:b12", set()),
            ("any_tags=", {"数库"}),
            ("any_tags=&any_tags=f-blue", {"数库", "rich"}),
            ("not_tags=f-red", {"数库"}),
            ("muted=false", {"poor", "数库"}),
            ("connected=false", {"poor", "数库"}),
            ("synced=false", {"poor", "数库"}),
            ("created_since=2999-01-01T00:00:00Z", set()),
            ("created_until=2999-01-01T00:00:00%2B08:00", {"rich", "poor", "数库"}),
            ("updated_since=2026-01-01T00:00:00Z&updated_until=2999-01-01T00:00:00Z", {"rich", "poor", "数库"}),
            ("version=1", {"rich", "poor", "数库"}),
            ("include_deleted=true&deleted_since=2026-01-01T00:00:00Z", {"gone"}),
            ("status=deleted&deleted_until=2999-01-01T00:00:00Z&deleted_by=admin&delete_reason=old", {"gone"}),
            ("status=deleted&delete_reason=", set()),
            ("owner=ann&owner=bob&name=rich&lifecycle=active", set()),
            ("id=1&id=2&id=3&id=4", {"rich", "poor", "数库"}),
        ],
    )
    def test_reads_an_empty_value_as_none_and_several_as_any(self, names, query, found):
        assert names(query) == found

    def test_has_a_condition_of_its_own(self):
        assert set(FILTERS) == set(InstanceFilter.model_fields) - {"search", "status", "include_deleted"}


class TestAFilterInJson:
    @pytest.mark.parametrize(
        ("given", "meant"),
        [
            ({"owner": "ann"}, {"owner": ["ann"]}),
            ({"owner": None}, {"owner": [""]}),
            ({"owner": ["ann", None]}, {"owner": ["ann", ""]}),
            ({"criticality": [1, "2", None]}, {"criticality": [1, 2, ""]}),
            ({"is_active": False}, {"is_active": False}),
        ],
    )
    def test_takes_one_value_or_several(self, given, meant):
        assert InstanceFilter.parse(given).given() == meant

    @pytest.mark.parametrize("given", [{"id": []}, {"id": None}, {"is_active": None}, {"db_type": None}, {"muted": 1}])
    def test_refuses_what_would_match_more_than_was_meant(self, given):
        with pytest.raises(Exception, match="validation") as refused:
            InstanceFilter.parse(given)

        assert [fault.path for fault in refused.value.faults] == list(given)


class TestEachSort:
    @pytest.mark.parametrize("sort", get_args(SortKey))
    def test_turns_round_with_the_order_but_for_null_which_stays_last(self, seeded, sort):
        def values(order: str) -> list:
            answer = seeded.admin.get(f"{LIST}?include_deleted=true&sort={sort}&order={order}&fields={field}")
            assert answer.status_code == 200, answer.json
            found = [item[field] for item in answer.json["data"]["items"]]
            return [
                one["username" if sort == "deleted_by" else "name"] if isinstance(one, dict) else one for one in found
            ]

        field = sort
        rising, falling = values("asc"), values("desc")

        known = [value for value in rising if value is not None]
        assert rising == sorted(known) + [None] * (len(rising) - len(known))
        assert falling == sorted(known, reverse=True) + [None] * (len(rising) - len(known))

    def test_goes_by_code_point(self, seeded):
        items = seeded.admin.get(f"{LIST}?sort=name&include_deleted=true&fields=name").json["data"]["items"]

        assert [item["name"] for item in items] == ["gone", "poor", "rich", "数库"]

    def test_is_known_for_each_name(self):
        assert set(SORTS) == set(get_args(SortKey))


class TestFields:
    def test_are_all_that_an_item_holds_beside_the_id(self, seeded):
        data = seeded.admin.get(f"{LIST}?name=rich&fields=name,tags&fields=credential").json["data"]

        (item,) = data["items"]
        assert set(item) == {"id", "name", "tags", "credential"}
        assert [tag["name"] for tag in item["tags"]] == ["f-blue", "f-red"]
        assert item["credential"] == {"id": item["credential"]["id"], "name": "f-login", "username": "muster"}

    def test_can_be_each_field_of_the_detail(self, seeded):
        (item,) = seeded.admin.get(f"{LIST}?name=rich&fields={','.join(ALL_FIELDS)}").json["data"]["items"]

        detail = seeded.detail(item["id"])
        assert {name: item[name] for name in ALL_FIELDS} == {name: detail[name] for name in ALL_FIELDS}
        assert set(ALL_FIELDS) == set(detail) == set(get_args(FieldName))

    @pytest.mark.parametrize("fields", ["password", "name,,host", "", "name, host"])
    def test_that_are_unknown_are_refused_with_the_known_ones(self, house, fields):
        answer = house.admin.get(f"{LIST}?fields={fields}")

        assert faults(answer) == {"fields": "not_a_choice"}
        assert "name, db_type, host" in answer.json["extra"]["fields"][0]["message"]
