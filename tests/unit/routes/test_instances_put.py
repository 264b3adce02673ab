"""`PUT /api/v1/instances/<id>`: absent keeps, null clears or sets the default, nothing new writes nothing."""

import pytest

from app.domain.instances.commands import DEFAULTS, UpdateInstance
from tests.support import pem

REQUIRED = {name for name, info in UpdateInstance.model_fields.items() if info.is_required()}
OPTIONAL = sorted(UpdateInstance.model_fields.keys() - REQUIRED)
EMPTY = {**DEFAULTS, "tag_names": [], "external_ids": {}, "tls_client_key": False}
OTHER = {
    "database_name": "orders",
    "service_name": "ORCL.example",
    "sid": "ORCL",
    "instance_name": "SQL$1",
    "description": "two\nlines",
    "is_active": False,
    "owner": "team a",
    "contact": "a@example.com",
    "location": "room 1",
    "criticality": 2,
    "lifecycle": "planned",
    "endpoint_kind": "reader",
    "platform": "aws_rds",
    "external_ids": {"cmdb": "CI-1", "cloud": "i-1"},
    "custom": {"rack": "B12", "slots": 3, "ratio": 0.5, "spare": False, "note": None},
    "muted_until": "2027-01-31T00:00:00+00:00",
    "tls_mode": "verify-ca",
    "tls_ca": pem.authority(),
    "tls_client_cert": pem.client()[0],
    "tls_client_key": pem.client()[1],
    "tls_legacy": True,
    "connect_timeout_ms": 100,
    "statement_timeout_ms": 60_000,
    "deadline_ms": 60_000,
}


@pytest.fixture
def value_of(house):
    """Return a value that is no default, for any optional field."""

    def value(field):
        if field in {"credential_id", "admin_credential_id"}:
            return house.credential()["id"]
        if field == "cluster_id":
            return house.cluster()["id"]
        if field == "environment":
            return house.environment()["key"]
        if field == "tag_names":
            return sorted([house.tag()["name"], house.tag()["name"]])
        if field == "external_ids":
            return {"cmdb": house.new_name(), "cloud": house.new_name()}
        return OTHER[field]

    return value


def shown(instance, field):
    if field == "tls_client_key":
        return instance["tls_client_key_set"] and OTHER[field]  # that it is there is all that an answer tells
    return [tag["name"] for tag in instance["tags"]] if field == "tag_names" else instance[field]


def put(house, instance, body, role="admin"):
    answer = house.as_role(role).put(f"/api/v1/instances/{instance['id']}", body)
    assert answer.status_code == 200, answer.json
    return answer.json["data"]["instance"]


@pytest.mark.parametrize("field", OPTIONAL)
class TestAnOptionalField:
    def test_is_set_on_creation_and_kept_when_absent(self, house, value_of, field):
        value, body = value_of(field), house.body()

        created = house.made("instances", {**body, field: value})
        changed = put(house, created, {**body, "port": 1})

        assert shown(created, field) == value
        assert shown(changed, field) == value
        assert changed["version"] == 2

    def test_is_cleared_by_null_or_goes_back_to_its_default(self, house, value_of, field):
        body = house.body()
        created = house.made("instances", {**body, field: value_of(field)})

        changed = put(house, created, {**body, field: None})

        assert shown(changed, field) == EMPTY.get(field)
        assert shown(house.detail(created["id"]), field) == EMPTY.get(field)

    def test_is_set_later_and_told_in_the_history(self, house, value_of, field):
        value, body = value_of(field), house.body()
        created = house.made("instances", body)

        changed = put(house, created, {**body, field: value})

        assert shown(changed, field) == value
        told = field.removesuffix("_id")
        assert [change["field"] for change in house.history(created["id"])[0]["changes"]] == [told]

    def test_written_as_it_is_writes_nothing(self, house, value_of, field):
        body = {**house.body(), field: value_of(field)}
        created = house.made("instances", body)
        rows = house.rows()

        changed = put(house, created, body)

        assert changed == created
        assert house.rows() == rows

    def test_that_is_null_already_writes_nothing(self, house, value_of, field):
        body = house.body()
        created = house.made("instances", body)
        rows = house.rows()

        changed = put(house, created, {**body, field: None})

        assert (changed, house.rows()) == (created, rows)


@pytest.mark.parametrize("field", sorted(REQUIRED))
class TestARequiredField:
    @pytest.mark.parametrize("method", ["POST", "PUT"])
    @pytest.mark.parametrize("how", ["absent", "null"])
    def test_cannot_be_left_out(self, house, field, method, how):
        path = "/api/v1/instances" if method == "POST" else f"/api/v1/instances/{house.instance()['id']}"
        body = house.body()
        del body[field]

        answer = house.admin.call(method, path, body if how == "absent" else {**body, field: None})

        assert answer.status_code == 400
        assert [fault["field"] for fault in answer.json["extra"]["fields"]] == [field]


class TestWritingNothingNew:
    @pytest.mark.parametrize(
        ("before", "same"),
        [
            ({"port": 5432}, {"port": "5432"}),
            ({"criticality": 3}, {"criticality": "3"}),
            ({"muted_until": "2027-01-31T00:00:00Z"}, {"muted_until": "2027-01-31T08:00:00+08:00"}),
            ({"custom": {"a": 1, "b": 2}}, {"custom": {"b": 2, "a": 1}}),
            ({"external_ids": None}, {"external_ids": {}}),
            ({"tag_names": None}, {"tag_names": []}),
            ({}, {"is_active": True, "lifecycle": "active"}),
        ],
    )
    def test_is_seen_through_other_spellings(self, house, before, same):
        body = house.body()
        created = house.made("instances", {**body, **before})
        rows = house.rows()

        changed = put(house, created, {**body, **same})

        assert (changed, house.rows()) == (created, rows)

    def test_is_seen_through_the_order_of_tags_and_their_repetition(self, house):
        names, body = [house.tag()["name"], house.tag()["name"]], house.body()
        created = house.made("instances", {**body, "tag_names": names})

        changed = put(house, created, {**body, "tag_names": [*reversed(names), names[0]]})

        assert changed == created

    @pytest.mark.parametrize(
        ("before", "after"), [({"a": 1}, {"a": True}), ({"a": 0}, {"a": False}), ({"a": 1}, {"a": 1.5})]
    )
    def test_does_not_take_a_boolean_for_the_number(self, house, before, after):
        body = house.body()
        created = house.made("instances", {**body, "custom": before})

        changed = put(house, created, {**body, "custom": after})

        assert changed["version"] == 2
        assert repr(house.detail(created["id"])["custom"]) == repr(after)


class TestReplacing:
    def test_tags_replaces_all_of_them(self, house):
        old, new = house.tag()["name"], house.tag()["name"]
        body = house.body()
        created = house.made("instances", {**body, "tag_names": [old]})

        assert shown(put(house, created, {**body, "tag_names": [new]}), "tag_names") == [new]

    def test_external_ids_replaces_all_of_them(self, house):
        body, first = house.body(), house.new_name()
        created = house.made("instances", {**body, "external_ids": {"a": first, "b": house.new_name()}})

        changed = put(house, created, {**body, "external_ids": {"b": first, "c": "C1"}})

        assert changed["external_ids"] == {"b": first, "c": "C1"}

    def test_an_external_id_of_another_is_a_conflict(self, house):
        taken = house.new_name()
        house.instance(external_ids={"cmdb": taken})
        body = house.body()
        created = house.made("instances", body)

        answer = house.admin.put(f"/api/v1/instances/{created['id']}", {**body, "external_ids": {"cmdb": taken}})

        assert (answer.status_code, answer.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
        assert house.detail(created["id"]) == created
        assert put(house, created, {**body, "external_ids": {"other": taken}})["version"] == 2
