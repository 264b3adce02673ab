"""Tags, environments and clusters: what instances refer to."""

import pytest

from tests.support.api import faults

KINDS = ("tags", "environments", "clusters")
ONE = {"tags": "tag", "environments": "environment", "clusters": "cluster", "credentials": "credential"}
TITLE = {"tags": "name", "environments": "key", "clusters": "name"}
FULL = {
    "tags": {"color": "#1677FF", "description": "who pays"},
    "environments": {"name": "生产", "is_production": True, "position": 7},
    "clusters": {"external_id": "cl-1", "description": "two nodes"},
}
DEFAULTS = {"is_production": False}
FIELD = {"environments": "environment", "clusters": "cluster_id", "tags": "tag_names"}
OPTIONAL = [(kind, field) for kind, fields in FULL.items() for field in fields]


@pytest.fixture
def body(house):
    """Return the least body of a kind, under a name of its own."""

    def least(kind: str, **more):
        required = {"kind": "patroni"} if kind == "clusters" else {}
        return {TITLE[kind]: house.new_name(ONE[kind]), **required, **more}

    return least


def reference(kind, row):
    """Return the field by which an instance refers to the row."""
    value = {"tags": [row.get("name")], "environments": row.get("key"), "clusters": row["id"]}[kind]
    return {FIELD[kind]: value}


@pytest.mark.parametrize("kind", KINDS)
class TestAReference:
    def test_is_made_shown_listed_and_deleted(self, house, body, kind):
        said = body(kind, **FULL[kind])

        made = house.admin.post(f"/api/v1/{kind}", said)
        row = made.json["data"][ONE[kind]]
        path = f"/api/v1/{kind}/{row['id']}"

        assert (made.status_code, made.headers["Location"]) == (201, path)
        assert {field: row[field] for field in said} == said
        assert (row["usage_count"], row["version"]) == (0, 1)
        assert house.as_role("viewer").get(path).json["data"][ONE[kind]] == row
        listed = house.as_role("viewer").get(f"/api/v1/{kind}?limit=100&search={said[TITLE[kind]]}").json["data"]
        assert row in listed["items"]
        deleted = house.admin.delete(path)
        assert (deleted.status_code, deleted.json["data"]) == (200, None)
        assert house.admin.get(path).status_code == 404
        assert house.admin.delete(path).status_code == 404

    def test_has_a_name_of_its_own(self, house, body, kind):
        row, other = house.made(kind, body(kind)), house.made(kind, body(kind))
        same = body(kind, **{TITLE[kind]: row[TITLE[kind]]})

        answers = [house.admin.post(f"/api/v1/{kind}", same), house.admin.put(f"/api/v1/{kind}/{other['id']}", same)]

        for answer in answers:
            assert (answer.status_code, answer.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
            assert answer.json["extra"]["holder"] == {"id": row["id"]}
        assert house.admin.put(f"/api/v1/{kind}/{row['id']}", same).status_code == 200

    def test_in_use_cannot_be_deleted_and_the_answer_names_the_users(self, house, body, kind):
        row = house.made(kind, body(kind))
        live, binned = house.instance(**reference(kind, row)), house.instance(**reference(kind, row))
        house.admin.post(f"/api/v1/instances/{binned['id']}/delete")
        path, rows = f"/api/v1/{kind}/{row['id']}", house.rows()

        answer = house.admin.delete(path)

        assert (answer.status_code, answer.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
        named = {one["id"]: (one["name"], one["in_bin"]) for one in answer.json["extra"]["instances"]}
        assert named == {live["id"]: (live["name"], False), binned["id"]: (binned["name"], True)}
        assert answer.json["extra"]["used_by_count"] == 2
        assert house.admin.get(path).json["data"][ONE[kind]]["usage_count"] == 2
        assert house.rows() == rows

    def test_in_use_by_many_names_the_first_hundred_and_counts_all(self, house, body, kind):
        row = house.made(kind, body(kind))
        operations = [{"op": "create", "data": house.body(**reference(kind, row))} for _ in range(103)]
        assert house.admin.post("/api/v1/instances/batch", {"operations": operations}).status_code == 200

        extra = house.admin.delete(f"/api/v1/{kind}/{row['id']}").json["extra"]

        assert (len(extra["instances"]), extra["used_by_count"]) == (100, 103)

    def test_used_in_the_bin_alone_cannot_be_deleted_so_that_restore_works(self, house, body, kind):
        row = house.made(kind, body(kind))
        instance = house.instance(**reference(kind, row))
        house.admin.post(f"/api/v1/instances/{instance['id']}/delete")

        assert house.admin.delete(f"/api/v1/{kind}/{row['id']}").status_code == 409
        assert house.admin.post(f"/api/v1/instances/{instance['id']}/restore").status_code == 200

    def test_written_as_it_is_writes_nothing(self, house, body, kind):
        said = body(kind, **FULL[kind])
        row = house.made(kind, said)
        rows = house.rows()

        same = house.admin.put(f"/api/v1/{kind}/{row['id']}", said).json["data"][ONE[kind]]

        assert (same, house.rows()) == (row, rows)

    def test_is_404_where_there_is_none(self, house, body, kind):
        path = f"/api/v1/{kind}/999999"

        answers = [house.admin.get(path), house.admin.put(path, body(kind)), house.admin.delete(path)]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert house.admin.get(f"/api/v1/{kind}/{2**63}").status_code == 404

    def test_is_refused_with_all_its_faults(self, house, kind):
        found = faults(house.admin.post(f"/api/v1/{kind}", {"colour": 1, "version": 2}))

        assert {"colour": "unknown", "version": "unknown", TITLE[kind]: "required"}.items() <= found.items()

    def test_comes_as_a_form_too(self, house, body, kind):
        answer = house.admin.post(f"/api/v1/{kind}", data=body(kind))

        assert answer.status_code == 201

    @pytest.mark.parametrize(
        ("query", "field"), [("page=0", "page"), ("limit=101", "limit"), ("sort=id", "sort"), ("search=%00", "search")]
    )
    def test_is_listed_by_known_parameters_only(self, house, kind, query, field):
        assert set(faults(house.admin.get(f"/api/v1/{kind}?{query}"))) == {field}

    def test_is_listed_in_pages(self, house, body, kind):
        for _ in range(3):
            house.made(kind, body(kind))

        pages = [house.admin.get(f"/api/v1/{kind}?limit=2&page={page}").json["data"] for page in (1, 2, 10**9)]

        assert [page["limit"] for page in pages] == [2, 2, 2]
        assert {row["id"] for row in pages[0]["items"]}.isdisjoint(row["id"] for row in pages[1]["items"])
        assert pages[0]["pages"] == -(-pages[0]["total"] // 2)
        assert pages[2]["items"] == []


@pytest.mark.parametrize(("kind", "field"), OPTIONAL)
class TestAnOptionalField:
    def test_absent_keeps_its_value(self, house, body, kind, field):
        said = body(kind)
        row = house.made(kind, {**said, **FULL[kind]})

        kept = house.admin.put(f"/api/v1/{kind}/{row['id']}", said).json["data"][ONE[kind]]

        assert kept[field] == FULL[kind][field]

    def test_null_is_cleared_or_gets_its_default(self, house, body, kind, field):
        said = body(kind)
        row = house.made(kind, {**said, **FULL[kind]})

        changed = house.admin.put(f"/api/v1/{kind}/{row['id']}", {**said, field: None}).json["data"][ONE[kind]]

        stays = field == "position"  # which has no default: there is always a place
        assert changed[field] == (FULL[kind][field] if stays else DEFAULTS.get(field))
        assert changed["version"] == (1 if stays else 2)


class TestAnEnvironmentWithoutAPosition:
    @pytest.mark.parametrize("said", [{}, {"position": None}])
    def test_comes_behind_all_others(self, house, said):
        last = max(one["position"] for one in house.admin.get("/api/v1/environments?limit=100").json["data"]["items"])

        assert house.environment(**said)["position"] == last + 1


class TestLimits:
    @pytest.mark.parametrize(
        ("kind", "fields", "found"),
        [
            ("tags", {"name": ""}, {"name": "too_short"}),
            ("tags", {"name": "x" * 51}, {"name": "too_long"}),
            ("tags", {"name": " a"}, {"name": "outer_space"}),
            ("tags", {"name": "a\nb"}, {"name": "control_characters"}),
            ("tags", {"name": 5}, {"name": "wrong_type"}),
            ("tags", {"color": "red"}, {"color": "invalid_format"}),
            ("tags", {"color": "#12345g"}, {"color": "invalid_format"}),
            ("tags", {"color": "#123456\n"}, {"color": "invalid_format"}),
            ("tags", {"description": "x" * 501}, {"description": "too_long"}),
            ("environments", {"key": "Prod"}, {"key": "invalid_format"}),
            ("environments", {"key": "x" * 51}, {"key": "invalid_format"}),
            ("environments", {"key": "生产"}, {"key": "invalid_format"}),
            ("environments", {"is_production": 1}, {"is_production": "wrong_type"}),
            ("environments", {"position": -1}, {"position": "out_of_range"}),
            ("environments", {"position": 1001}, {"position": "out_of_range"}),
            ("environments", {"position": 1.5}, {"position": "wrong_type"}),
            ("environments", {"name": "x" * 101}, {"name": "too_long"}),
            ("clusters", {"kind": "swarm"}, {"kind": "not_a_choice"}),
            ("clusters", {"kind": None}, {"kind": "not_a_choice"}),
            ("clusters", {"name": "x" * 101}, {"name": "too_long"}),
            ("clusters", {"external_id": "x" * 201}, {"external_id": "too_long"}),
            ("clusters", {"external_id": ""}, {"external_id": "too_short"}),
        ],
    )
    def test_are_told_by_field(self, house, body, kind, fields, found):
        assert faults(house.admin.post(f"/api/v1/{kind}", {**body(kind), **fields})) == found


class TestEnvironments:
    def test_are_there_from_the_start_in_their_order(self, house):
        items = house.admin.get("/api/v1/environments?limit=100").json["data"]["items"]

        keys = [item["key"] for item in items]
        assert {"production", "staging", "test", "development", "disaster_recovery"} <= set(keys)
        assert [(item["position"], item["key"]) for item in items] == sorted(
            (item["position"], item["key"]) for item in items
        )
        assert {item["key"] for item in items if item["is_production"]} >= {"production"}
