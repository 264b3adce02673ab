"""The limits of the optional fields, and how faults are told."""

import pytest

from tests.support.api import faults


@pytest.fixture
def create(house):
    return lambda **fields: house.admin.post("/api/v1/instances", house.body(**fields))


class TestLimits:
    @pytest.mark.parametrize(
        ("field", "longest"),
        [
            ("database_name", 64),
            ("service_name", 128),
            ("sid", 128),
            ("instance_name", 128),
            ("description", 500),
            ("owner", 100),
            ("contact", 100),
            ("location", 100),
        ],
    )
    def test_count_characters(self, create, field, longest):
        letter = "x" if field in {"service_name", "sid", "instance_name"} else "库"

        assert create(**{field: letter * longest}).json["data"]["instance"][field] == letter * longest
        assert faults(create(**{field: letter * (longest + 1)})) == {field: "too_long"}

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("database_name", "a\x00b", "control_characters"),
            ("database_name", "a\nb", "control_characters"),
            ("database_name", "a\x7f", "control_characters"),
            ("database_name", "a\u2028", "control_characters"),
            ("database_name", "", "too_short"),
            ("description", "a\x00b", "control_characters"),
            ("description", "a\x1b[0m", "control_characters"),
            ("description", {"text": "x"}, "wrong_type"),
            ("owner", "a\rb", "control_characters"),
            ("owner", 7, "wrong_type"),
            ("service_name", "a b", "invalid_format"),
            ("sid", "a\n", "invalid_format"),
            ("instance_name", "", "too_short"),
            ("criticality", 0, "out_of_range"),
            ("criticality", 5, "out_of_range"),
            ("lifecycle", "dead", "not_a_choice"),
            ("endpoint_kind", "master", "not_a_choice"),
            ("platform", "heroku", "not_a_choice"),
            ("environment", "nowhere", "unknown_reference"),
            ("environment", "Production", "invalid_format"),
            ("environment", 1, "wrong_type"),
            ("muted_until", "2027-01-31T08:00:00", "time_without_offset"),
            ("muted_until", "tomorrow", "invalid_time"),
            ("muted_until", "2027-02-30T00:00:00Z", "invalid_time"),
            ("muted_until", "0001-01-01T00:00:00+10:00", "invalid_time"),
            ("muted_until", 1800000000, "wrong_type"),
            ("tag_names", "web", "wrong_type"),
            ("tag_names", {"web": 1}, "wrong_type"),
            ("tag_names", [f"t{number}" for number in range(51)], "too_many"),
            ("external_ids", ["a"], "wrong_type"),
            ("external_ids", {f"s{number}": "x" for number in range(17)}, "too_many"),
            ("custom", "rack=1", "wrong_type"),
            ("custom", {"rack": {"row": 1}}, "not_flat"),
            ("custom", {"rack": [1]}, "not_flat"),
            ("custom", {f"k{number}": 1 for number in range(33)}, "too_many"),
        ],
    )
    def test_are_told_with_a_code(self, create, field, value, code):
        assert faults(create(**{field: value})) == {field: code}

    @pytest.mark.parametrize(
        ("fields", "path", "code"),
        [
            ({"tag_names": [5]}, "tag_names.0", "wrong_type"),
            ({"tag_names": [""]}, "tag_names.0", "too_short"),
            ({"tag_names": ["x" * 51]}, "tag_names.0", "too_long"),
            ({"tag_names": ["nobody"]}, "tag_names.0", "unknown_reference"),
            ({"external_ids": {"cmdb": 5}}, "external_ids.cmdb", "wrong_type"),
            ({"external_ids": {"cmdb": ""}}, "external_ids.cmdb", "too_short"),
            ({"external_ids": {"cmdb": "x" * 201}}, "external_ids.cmdb", "too_long"),
            ({"external_ids": {"": "x"}}, "external_ids.", "too_short"),
            ({"custom": {"rack": "x" * 501}}, "custom.rack", "too_long"),
            ({"custom": {"rack": "a\x00"}}, "custom.rack", "control_characters"),
            ({"custom": {"rack": 2**63}}, "custom.rack", "out_of_range"),
            ({"custom": {"x" * 65: 1}}, "custom." + "x" * 65, "too_long"),
            ({"custom": {"a\x00b": 1}}, "custom.a\x00b", "control_characters"),
        ],
    )
    def test_of_parts_are_told_by_their_path(self, create, fields, path, code):
        assert faults(create(**fields)) == {path: code}

    def test_allow_as_much_as_they_say(self, create):
        custom = {f"k{number}": "x" * 500 for number in range(32)}

        instance = create(custom=custom).json["data"]["instance"]

        assert instance["custom"] == custom


class TestFaults:
    def test_come_all_together_unknown_references_included(self, house):
        tag = house.tag()["name"]
        body = house.body(
            name="a b",
            port=0,
            is_active="yes",
            tag_names=["nobody", tag, "nothing"],
            credential_id=999999,
            environment="nowhere",
            cluster_id=999999,
            colour="red",
        )
        del body["host"]
        rows = house.rows()

        answer = house.admin.post("/api/v1/instances", body)

        assert faults(answer) == {
            "name": "invalid_format",
            "host": "required",
            "port": "out_of_range",
            "is_active": "wrong_type",
            "tag_names.0": "unknown_reference",
            "tag_names.2": "unknown_reference",
            "credential_id": "unknown_reference",
            "environment": "unknown_reference",
            "cluster_id": "unknown_reference",
            "colour": "unknown",
        }
        assert all(fault["message"] for fault in answer.json["extra"]["fields"])
        assert house.rows() == rows

    def test_come_all_together_in_a_change_too(self, house):
        path = f"/api/v1/instances/{house.instance()['id']}"

        answer = house.admin.put(path, house.body(port="x", tag_names=["nobody"], credential_id=999999))

        assert set(faults(answer)) == {"port", "tag_names.0", "credential_id"}

    def test_include_the_retired_instance_that_would_be_active(self, create):
        found = faults(create(port=0, lifecycle="retired", is_active=True, tag_names=["nobody"]))

        assert set(found) == {"port", "is_active", "tag_names.0"}

    def test_name_unknown_fields_even_when_they_are_fields_of_the_answer(self, create):
        unknown = ("id", "version", "deleted_at", "status", "main_version", "created_at", "host_key", "Name", "")

        answer = create(**dict.fromkeys(unknown, 1))

        assert set(faults(answer)) == {*unknown[:-1], "body"}

    def test_repeat_at_most_a_hundred_characters_of_a_name(self, create):
        found = faults(create(**{"x" * 5000: 1}))

        assert found == {"x" * 100 + "…": "unknown"}

    def test_keep_the_values_to_themselves(self, create):
        answer = create(port="hunter2hunter2", owner=["hunter2hunter2"])

        assert "hunter2" not in answer.get_data(as_text=True)


class TestTheSameEndpoint:
    def test_is_a_warning_that_names_the_others(self, house, create):
        first = house.instance(host="Same.Example.com", port=1)
        house.admin.post(f"/api/v1/instances/{house.instance(host='same.example.com', port=1)['id']}/delete")

        answer = create(host="same.example.com.", port=1)

        assert answer.status_code == 201
        (warning,) = answer.json["meta"]["warnings"]
        assert warning["instances"] == [{"id": first["id"], "name": first["name"]}]
        assert warning["code"] == "instance.same_endpoint"
        assert first["name"] in warning["message"]

    @pytest.mark.parametrize(
        "other", [{"port": 3}, {"db_type": "mysql"}, {"sid": "B"}, {"service_name": "s"}, {"instance_name": "i"}]
    )
    def test_is_another_one_when_a_part_of_it_differs(self, house, create, other):
        host = house.instance(port=2, sid="A")["host"]

        assert "meta" not in create(**{"host": host, "port": 2, "sid": "A", **other}).json
        assert "meta" in create(host=host, port=2, sid="A").json

    def test_is_not_told_apart_by_the_database(self, house, create):
        host = house.instance(database_name="a")["host"]

        assert "meta" in create(host=host, database_name="b").json

    def test_is_a_warning_in_a_change_and_never_about_itself(self, house):
        other, body = house.instance(), house.body()
        path = f"/api/v1/instances/{house.made('instances', body)['id']}"

        moved = house.admin.put(path, {**body, "host": other["host"]})
        back = house.admin.put(path, body)

        assert [one["id"] for one in moved.json["meta"]["warnings"][0]["instances"]] == [other["id"]]
        assert "meta" not in back.json

    @pytest.mark.parametrize(("one", "same"), [("2001:db8::9", "2001:DB8:0::9"), ("10.9.9.9", "10.9.9.9")])
    def test_is_seen_through_the_spelling_of_addresses(self, house, create, one, same):
        house.instance(host=one)

        assert "meta" in create(host=same).json
