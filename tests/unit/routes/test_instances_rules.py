"""What a field of an instance may hold, as `POST /api/v1/instances` sees it."""

import pytest

from app.domain.egress.endpoint import DB_TYPES
from tests.support.api import faults

LABEL = "a" * 63
LONG_HOST = ".".join([LABEL, LABEL, LABEL, "b" * 60 + ".x"])  # 254 characters


@pytest.fixture
def create(house):
    return lambda **fields: house.admin.post("/api/v1/instances", house.body(**fields))


class TestAName:
    @pytest.mark.parametrize("name", ["A", "x" * 100, "订" * 100, "a_B.c-9", "一龿鿿", "-", ".", "007"])
    def test_may_be(self, create, name):
        answer = create(name=name)

        assert answer.status_code == 201
        assert answer.json["data"]["instance"]["name"] == name

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("", "too_short"),
            ("x" * 101, "too_long"),
            ("a b", "invalid_format"),
            (" a", "invalid_format"),
            ("a\n", "invalid_format"),
            ("a\x00", "invalid_format"),
            ("a/b", "invalid_format"),
            ("é", "invalid_format"),
            ("ａ", "invalid_format"),
            ("㐀", "invalid_format"),
            ("订单。", "invalid_format"),
            ("<b>", "invalid_format"),
            (5, "wrong_type"),
            (["a"], "wrong_type"),
            (True, "wrong_type"),
        ],
    )
    def test_may_not_be(self, create, name, code):
        assert faults(create(name=name)) == {"name": code}

    def test_is_taken_by_one_instance_only(self, house, create):
        holder = house.instance()

        answer = create(name=holder["name"])

        assert (answer.status_code, answer.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
        assert answer.json["extra"]["holder"] == {"id": holder["id"], "in_bin": False}

    def test_stays_taken_in_the_bin_and_the_answer_says_so(self, house, create):
        holder, other = house.instance(), house.instance()
        house.admin.post(f"/api/v1/instances/{holder['id']}/delete")

        created = create(name=holder["name"])
        renamed = house.admin.put(f"/api/v1/instances/{other['id']}", house.body(name=holder["name"]))

        for answer in (created, renamed):
            assert answer.status_code == 409
            assert answer.json["extra"]["holder"] == {"id": holder["id"], "in_bin": True}
            assert "recycle bin" in answer.json["message"]
            assert str(holder["id"]) in answer.json["message"]

    def test_is_told_apart_by_case(self, house, create):
        name = house.instance(name=house.new_name("case"))["name"]

        assert create(name=name.upper()).status_code == 201

    def test_is_free_again_after_a_renaming(self, house, create):
        instance = house.instance()
        house.admin.put(f"/api/v1/instances/{instance['id']}", house.body())

        assert create(name=instance["name"]).status_code == 201


class TestAHost:
    @pytest.mark.parametrize(
        "host",
        [
            "db1.example.com", "db1.example.com.", "localhost", "DB-1", "a", "1a", "1.2.3.4a", "xn--fiq228c.example",
            "_tcp.example.com", "my_host", "10.0.0.1", "255.255.255.255", "0x7fg.example", "3com.example", "::", "::1",
            "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "::ffff:10.0.0.1", "fe80::1", LABEL, LONG_HOST, LONG_HOST + ".",
        ],
    )  # fmt: skip
    def test_may_be(self, create, host):
        answer = create(host=host)

        assert answer.status_code == 201, answer.json
        assert answer.json["data"]["instance"]["host"] == host

    @pytest.mark.parametrize(
        "host",
        [
            "127.1", "127.0.1", "0x7f.1", "0x7f000001", "0X7F000001", "2130706433", "1", "0177.0.0.1", "10.0.0.01",
            "1.2.3.4.5", "1.2.3.256", "10.0.0.1.", "a.1", "a.0x1", "a.0x", "example.0xcafe", "a.1.",
            "fe80::1%eth0", "fe80::1%25eth0", "10.0.0.1%eth0", "[::1]", "[::1]:5432", "::1]", "2001:db8::1::2", ":::",
            "12345::", "::ffff:127.1", "1.2.3.4:5432", "db:5432", "http://db", "db/orders", "db\\orders", "db,db2",
            "a=b", "user@db", "a b", " db", "db ", "db\n", "db\t", "db\x00", "a..b", ".db", ".", "..", "db..", "-db",
            "db-", "a.-b", "a-.b", "a" * 64, "a" * 64 + ".com", "数据库.example.com", "db．example",
            "db。com", "１０.0.0.1", "é.example.com", "db'; --", "${HOST}", "%2e", "*.example.com", "db#1",
            "db?x", "<db>", "127.0.0.١",
        ],
    )  # fmt: skip
    def test_may_not_be(self, create, host):
        assert faults(create(host=host)) == {"host": "invalid_host"}

    def test_has_255_characters_at_most(self, create):
        assert len(LONG_HOST + ".") == 255
        assert faults(create(host="b" + LONG_HOST + ".")) == {"host": "too_long"}
        assert faults(create(host="")) == {"host": "too_short"}

    @pytest.mark.parametrize("host", [167772161, None, ["a"], {"name": "a"}, False])
    def test_is_text(self, create, host):
        assert faults(create(host=host)) == {"host": "wrong_type"}


class TestADbType:
    @pytest.mark.parametrize("db_type", DB_TYPES)
    def test_is_one_of_the_list(self, create, db_type):
        assert create(db_type=db_type).status_code == 201

    @pytest.mark.parametrize("db_type", ["MySQL", "db2", "", "mysql ", 1, None])
    def test_is_nothing_else(self, create, db_type):
        assert faults(create(db_type=db_type)) == {"db_type": "not_a_choice"}


class TestAnInteger:
    @pytest.mark.parametrize(("port", "kept"), [(1, 1), (65535, 65535), ("1521", 1521), ("0080", 80)])
    def test_may_come_as_digits(self, create, port, kept):
        assert create(port=port).json["data"]["instance"]["port"] == kept

    @pytest.mark.parametrize("port", [0, -1, 65536, 2**63, 10**100, "0", "65536", "9" * 19])
    def test_stays_within_its_bounds(self, create, port):
        assert faults(create(port=port)) == {"port": "out_of_range"}

    @pytest.mark.parametrize("field", ["port", "criticality", "credential_id", "cluster_id"])
    @pytest.mark.parametrize(
        "value", [True, False, 2.0, 2.5, "2.0", "1e3", " 2", "2\n", "+2", "", "0x2", "٢", "two", [2], {}, "9" * 20]
    )
    def test_is_no_boolean_no_float_and_no_other_text(self, create, field, value):
        assert faults(create(**{field: value})) == {field: "wrong_type"}

    @pytest.mark.parametrize("field", ["credential_id", "cluster_id"])
    @pytest.mark.parametrize(
        ("value", "code"), [(0, "out_of_range"), (2**63, "out_of_range"), (999999, "unknown_reference")]
    )
    def test_that_refers_to_something_refers_to_what_exists(self, create, field, value, code):
        assert faults(create(**{field: value})) == {field: code}


class TestABoolean:
    @pytest.mark.parametrize("value", [0, 1, "true", "false", "on", "", [], 1.0])
    def test_is_no_number_and_no_text_in_json(self, create, value):
        assert faults(create(is_active=value)) == {"is_active": "wrong_type"}


class TestALifecycle:
    def test_retired_makes_inactive(self, create):
        instance = create(lifecycle="retired").json["data"]["instance"]

        assert (instance["is_active"], instance["status"]) == (False, "inactive")

    @pytest.mark.parametrize("is_active", [False, None])
    def test_retired_goes_with_anything_but_active(self, create, is_active):
        assert create(lifecycle="retired", is_active=is_active).json["data"]["instance"]["is_active"] is False

    def test_retired_does_not_go_with_active(self, create):
        assert faults(create(lifecycle="retired", is_active=True)) == {"is_active": "retired_is_inactive"}

    def test_left_does_not_reactivate(self, house):
        body = house.body()
        path = f"/api/v1/instances/{house.made('instances', {**body, 'lifecycle': 'retired'})['id']}"

        still = faults(house.admin.put(path, {**body, "is_active": True}))
        left = house.admin.put(path, {**body, "lifecycle": "active"}).json["data"]["instance"]
        active = house.admin.put(path, {**body, "is_active": True}).json["data"]["instance"]

        assert still == {"is_active": "retired_is_inactive"}
        assert (left["lifecycle"], left["is_active"]) == ("active", False)
        assert active["is_active"] is True

    def test_entered_makes_inactive(self, house):
        body = house.body()
        path = f"/api/v1/instances/{house.made('instances', body)['id']}"

        instance = house.admin.put(path, {**body, "lifecycle": "retired"}).json["data"]["instance"]

        assert (instance["lifecycle"], instance["is_active"]) == ("retired", False)
        assert house.admin.put(path, {**body, "lifecycle": "retired", "is_active": None}).status_code == 200


class TestAWarning:
    def test_tells_of_an_endpoint_that_a_credential_was_allowed_for(self, house):
        credential = house.credential(bindings={"hosts": ["db1.example.com"]})
        body = house.body(credential_id=credential["id"])

        first = house.as_role("dba").post("/api/v1/instances", body)
        again = house.as_role("dba").put(first.headers["Location"], {**body, "description": "moved nothing"})

        assert [one["code"] for one in first.json["meta"]["warnings"]] == ["credential.newly_bound"]
        assert credential["name"] in first.json["meta"]["warnings"][0]["message"]
        assert "meta" not in again.json


class TestAReadOnlyField:
    def test_is_named_as_one(self, house):
        detail = house.detail(house.instance()["id"])

        found = faults(house.admin.put(f"/api/v1/instances/{detail['id']}", {**detail, "nmae": "x"}))

        assert found.pop("nmae") == "unknown"
        assert set(found.values()) == {"read_only"}
        assert {"id", "version", "status", "tags", "credential", "created_at"} <= set(found)


class TestAnExternalIdOfAnother:
    def test_is_refused_with_the_holder(self, house):
        name = house.new_name("ci")
        holder = house.instance(external_ids={"erp": name})
        house.admin.post(f"/api/v1/instances/{holder['id']}/delete")

        answer = house.admin.post("/api/v1/instances", house.body(external_ids={"cmdb": name, "erp": name}))

        assert (answer.status_code, answer.json["extra"]["holder"]) == (409, {"id": holder["id"], "in_bin": True})
        assert f"erp={name}" in answer.json["message"]
