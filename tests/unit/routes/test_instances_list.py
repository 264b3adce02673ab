"""`GET /api/v1/instances`: each parameter, one by one."""

import pytest
from sqlalchemy import text

from tests.support.api import faults

LIST = "/api/v1/instances"
SEEDED = (
    {"name": "alpha", "db_type": "mysql", "host": "c.example.com", "description": "100% of orders", "tag_names": ["a"]},
    {"name": "beta", "db_type": "oracle", "host": "b.example.com", "description": "order_items", "is_active": False},
    {
        "name": "订单库",
        "db_type": "mysql",
        "host": "a.example.com",
        "description": "订单 / 主库",
        "tag_names": ["a", "b"],
    },
    {
        "name": "delta",
        "db_type": "redis",
        "host": "10.0.0.4",
        "description": "Orders 100x ÉTÉ",
        "tag_names": ["b", "c"],
    },
    {"name": "gone", "db_type": "mysql", "host": "d.example.com", "description": None, "tag_names": ["a"]},
)
IN_BIN = "gone"


@pytest.fixture
def seeded(house):
    """Five instances, the last of them in the recycle bin; made once for the module."""
    if house.admin.get(LIST).json["data"]["total"] == 0:
        for name in "abc":
            house.tag(name=name, color="#aabbcc")
        for fields in SEEDED:
            made = house.instance(**fields)
        assert house.admin.post(f"{LIST}/{made['id']}/delete").status_code == 200
        with house.database.engine.begin() as connection:  # all in the same moment: only ids tell them apart
            connection.execute(text("UPDATE instances SET created_at = '2026-01-01', updated_at = '2026-01-01'"))
    return house


@pytest.fixture
def names(seeded):
    """Return the names that a query finds, in order."""

    def listed(query: str) -> list[str]:
        answer = seeded.as_role("viewer").get(f"{LIST}?{query}")
        assert answer.status_code == 200, answer.json
        return [item["name"] for item in answer.json["data"]["items"]]

    return listed


class TestPages:
    def test_tell_their_place_in_the_whole(self, seeded):
        data = seeded.admin.get(f"{LIST}?page=2&limit=3").json["data"]

        assert {key: data[key] for key in data if key != "items"} == {"total": 4, "page": 2, "pages": 2, "limit": 3}
        assert [item["name"] for item in data["items"]] == ["alpha"]

    def test_hold_twenty_unless_said_otherwise(self, seeded):
        data = seeded.admin.get(LIST).json["data"]

        assert (data["page"], data["limit"]) == (1, 20)

    @pytest.mark.parametrize("page", ["3", "1000000", str(2**63 - 1)])
    def test_past_the_end_are_empty(self, seeded, page):
        answer = seeded.admin.get(f"{LIST}?limit=2&page={page}")

        assert answer.status_code == 200
        assert answer.json["data"]["items"] == []
        assert answer.json["data"]["total"] == 4

    def test_spare_the_total_on_request(self, seeded):
        data = seeded.admin.get(f"{LIST}?count=false").json["data"]

        assert (data["total"], data["pages"]) == (None, None)
        assert len(data["items"]) == 4

    def test_of_nothing_are_none(self, seeded):
        data = seeded.admin.get(f"{LIST}?search=nowhere").json["data"]

        assert (data["items"], data["total"], data["pages"]) == ([], 0, 0)


class TestOrder:
    def test_is_newest_first_and_ties_are_told_apart_by_id(self, names):
        assert names("") == ["delta", "订单库", "beta", "alpha"]

    @pytest.mark.parametrize(
        ("sort", "ascending"),
        [
            ("id", ["alpha", "beta", "订单库", "delta"]),
            ("name", ["alpha", "beta", "delta", "订单库"]),
            ("db_type", ["alpha", "订单库", "beta", "delta"]),
            ("host", ["delta", "订单库", "beta", "alpha"]),
            ("status", ["alpha", "订单库", "delta", "beta"]),
            ("created_at", ["alpha", "beta", "订单库", "delta"]),
            ("updated_at", ["alpha", "beta", "订单库", "delta"]),
        ],
    )
    def test_goes_by_the_key(self, names, sort, ascending):
        assert names(f"sort={sort}&order=asc") == ascending
        assert names(f"sort={sort}&order=desc") == ascending[::-1]

    def test_is_the_same_over_pages(self, names):
        pages = [names(f"sort=db_type&order=asc&limit=1&page={page}") for page in range(1, 5)]

        assert [name for page in pages for name in page] == names("sort=db_type&order=asc")

    def test_sorts_the_bin_among_the_statuses(self, names):
        assert names("sort=status&order=desc&include_deleted=true") == ["beta", "gone", "delta", "订单库", "alpha"]


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("lph", {"alpha"}),
            ("b.example", {"beta"}),
            ("ORDERS", {"alpha", "delta"}),
            ("été", {"delta"}),
            ("Été", {"delta"}),
            ("ete", set()),
            ("100%25", {"alpha"}),
            ("%25", {"alpha"}),
            ("_", {"beta"}),
            ("/", {"订单库"}),
            ("%5C", set()),
            ("订单", {"订单库"}),
            ("单", {"订单库"}),
            ("", {"alpha", "beta", "订单库", "delta"}),
            ("'; DROP TABLE instances", set()),
        ],
    )
    def test_finds_a_part_of_name_host_or_description_literally(self, names, words, found):
        assert set(names(f"search={words}")) == found


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("db_type=mysql", {"alpha", "订单库"}),
            ("status=active", {"alpha", "订单库", "delta"}),
            ("status=inactive", {"beta"}),
            ("status=deleted", {"gone"}),
            ("status=deleted&include_deleted=false", {"gone"}),
            ("status=active&include_deleted=true", {"alpha", "订单库", "delta"}),
            ("include_deleted=true", {"alpha", "beta", "订单库", "delta", "gone"}),
            ("include_deleted=1&db_type=mysql", {"alpha", "订单库", "gone"}),
            ("tags=a", {"alpha", "订单库"}),
            ("tags=a&tags=b", {"订单库"}),
            ("tags=a&tags=c", set()),
            ("tags=a&tags=a", {"alpha", "订单库"}),
            ("tags=nobody", set()),
            ("tags=b&db_type=redis&search=100x&status=active", {"delta"}),
        ],
    )
    def test_narrow_the_list(self, names, query, found):
        assert set(names(query)) == found

    def test_count_what_they_leave(self, seeded):
        assert seeded.admin.get(f"{LIST}?tags=a&include_deleted=true&limit=1").json["data"]["total"] == 3


class TestItems:
    def test_hold_what_was_said_and_null_for_what_nobody_collected(self, seeded):
        item = seeded.admin.get(f"{LIST}?search=alpha").json["data"]["items"][0]

        assert set(item) == {
            "id", "name", "db_type", "host", "port", "description", "is_active", "deleted_at", "status", "main_version",
            "active_db_count", "active_account_count", "last_sync_time", "tags", "environment", "owner", "criticality",
            "lifecycle", "flavour", "last_outcome", "last_cause", "last_attempt_at", "last_success_at", "last_error_at",
        }  # fmt: skip
        assert [item["tags"][0][key] for key in ("name", "color")] == ["a", "#aabbcc"]
        collected = ("main_version", "active_db_count", "active_account_count", "last_sync_time", "flavour")
        assert [item[key] for key in collected] == [None] * 5

    def test_carry_all_their_tags_whatever_was_asked_for(self, seeded):
        item = seeded.admin.get(f"{LIST}?tags=c").json["data"]["items"][0]

        assert [tag["name"] for tag in item["tags"]] == ["b", "c"]

    @pytest.mark.parametrize(("name", "status"), [("alpha", "active"), ("beta", "inactive"), (IN_BIN, "deleted")])
    def test_tell_their_status(self, seeded, name, status):
        items = seeded.admin.get(f"{LIST}?include_deleted=true").json["data"]["items"]

        item = next(item for item in items if item["name"] == name)
        assert item["status"] == status
        assert (item["deleted_at"] is not None) == (status == "deleted")


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=x", "page"),
            ("page=1.0", "page"),
            ("page=", "page"),
            (f"page={2**63}", "page"),
            ("page=1&page=2", "page"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=true", "limit"),
            ("sort=colour", "sort"),
            ("sort=", "sort"),
            ("order=up", "order"),
            ("order=ASC", "order"),
            ("order=", "order"),
            ("db_type=db2", "db_type"),
            ("db_type=", "db_type"),
            ("db_type=mysql&db_type=db2", "db_type"),
            ("status=gone", "status"),
            ("status=", "status"),
            ("tags=", "tags.0"),
            ("include_deleted=maybe", "include_deleted"),
            ("include_deleted=", "include_deleted"),
            ("count=2", "count"),
            ("search=a%00b", "search"),
            (f"search={'x' * 201}", "search"),
            ("colour=red", "colour"),
            ("ownr=me", "ownr"),
            ("criticality=5", "criticality"),
            ("criticality_max=", "criticality_max"),
            ("custom=rack", "custom"),
            ("external_id=:1", "external_id"),
            ("lifecycle=", "lifecycle"),
            ("created_since=2026-01-01", "created_since"),
            ("is_active=maybe", "is_active"),
            ("csrf_token=x", "csrf_token"),
            ("Page=1", "Page"),
        ],
    )
    def test_name_the_parameter(self, house, query, field):
        assert set(faults(house.admin.get(f"{LIST}?{query}"))) == {field}

    def test_come_all_together(self, house):
        found = faults(house.admin.get(f"{LIST}?page=0&limit=1&limit=2&sort=x&colour=red"))

        assert found == {
            "page": "out_of_range", "limit": "repeated", "sort": "not_a_choice", "colour": "unknown_parameter"
        }  # fmt: skip

    def test_concern_calls_that_take_no_parameter_too(self, house):
        assert faults(house.admin.get("/api/v1/auth/me?verbose=1")) == {"verbose": "unknown_parameter"}
